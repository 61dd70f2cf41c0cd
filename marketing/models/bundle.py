"""Bundle price 搭配价: goods that cost less when bought together."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketing import terms
from marketing.models.base import Offer
from shop.core.fields import MoneyField


class BundlePrice(Offer):
    """One set of all parts costs `price`, as many sets as the basket holds."""

    kind = terms.OfferKind.BUNDLE

    price = MoneyField(_("price of one set"))

    class Meta(Offer.Meta):
        verbose_name = _("bundle price")
        verbose_name_plural = _("bundle prices")
        constraints = [
            *Offer.Meta.constraints,
            models.CheckConstraint(name="bundle_price_positive", condition=models.Q(price__gt=0)),
        ]


class BundlePart(models.Model):
    """So many pieces of a SKU belong to one set."""

    bundle = models.ForeignKey(BundlePrice, models.CASCADE, related_name="parts")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    quantity = models.PositiveIntegerField(_("pieces"), default=1, validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "sku"], name="bundle_part_once"),
            models.CheckConstraint(name="bundle_part_quantity", condition=models.Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"
