"""How far the price of a SKU may move, on what it ends, and who may move it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.prices import Protection, Tail
from shop.core.fields import MoneyField


class PriceRule(models.Model):
    """One SKU's own rule; a SKU without a row has no ceiling, the shop's tail and isn't repriced."""

    sku = models.OneToOneField(
        "catalog.Sku", models.CASCADE, related_name="price_rule", verbose_name=_("SKU")
    )
    ceiling_price = MoneyField(
        _("ceiling price"), null=True, blank=True, help_text=_("Nobody may set a price above it.")
    )
    tail = models.CharField(
        _("price ends on"),
        max_length=10,
        choices=Tail.choices,
        blank=True,
        help_text=_("Empty: as the shop's settings say."),
    )
    is_traffic_driver = models.BooleanField(
        _("traffic driver"),
        default=False,
        help_text=_("Goods that bring people in. Only their prices follow the market."),
    )
    protection = models.CharField(
        _("protection"), max_length=8, choices=Protection.choices, default=Protection.NONE
    )
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="price_rule_ceiling", condition=Q(ceiling_price=None) | Q(ceiling_price__gt=0)
            )
        ]

    def __str__(self) -> str:
        return str(self.sku_id)
