"""What a store sells, and for how much, where it differs from the shop."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core.fields import MoneyField


class PlaceGoods(models.Model):
    """A SKU in one store. Without a row the store sells it, at the shop's price."""

    place = models.ForeignKey("catalog.Place", models.CASCADE, related_name="goods", verbose_name=_("store"))
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="place_goods", verbose_name=_("SKU"))
    is_sold = models.BooleanField(_("sold here"), default=True)
    price = MoneyField(_("price here"), null=True, blank=True, help_text=_("Empty: the same as in the shop."))

    class Meta:
        verbose_name = _("goods of a store")
        verbose_name_plural = _("goods of stores")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "sku"], name="place_goods_once"),
            models.CheckConstraint(name="place_goods_price", condition=Q(price=None) | Q(price__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.sku_id}"
