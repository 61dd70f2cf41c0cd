"""Bar codes beside a SKU's own: cartons of it, and the item number a scale prints."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SkuPack(models.Model):
    """A larger unit of a SKU, such as a carton of 24; its bar code counts as that many pieces."""

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="packs", verbose_name=_("SKU"))
    name = models.CharField(_("unit"), max_length=6, default="箱")
    pieces = models.PositiveIntegerField(_("pieces in it"))
    barcode = models.CharField(_("barcode"), max_length=40, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        ordering = ["sku_id", "-pieces"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "name"], name="pack_name_once"),
            models.CheckConstraint(name="pack_of_several", condition=Q(pieces__gte=2)),
        ]

    def __str__(self) -> str:
        return f"1 {self.name} = {self.pieces}"


class ScaleCode(models.Model):
    """The item number (PLU) under which the shop's scales know a weighed SKU."""

    sku = models.OneToOneField(
        "catalog.Sku", models.CASCADE, related_name="scale_code", verbose_name=_("SKU")
    )
    item = models.CharField(_("item number on the scale"), max_length=6, unique=True)

    class Meta:
        verbose_name = _("scale number")
        verbose_name_plural = _("scale numbers")
        ordering = ["item"]
        constraints = [
            models.CheckConstraint(name="scale_item_digits", condition=Q(item__regex=r"^\d{4,6}$"))
        ]

    def __str__(self) -> str:
        return self.item
