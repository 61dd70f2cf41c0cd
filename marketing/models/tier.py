"""Tier price 阶梯价: from so many pieces on, each costs less."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketing import terms
from marketing.models.base import Offer, Scoped


class TierPrice(Offer, Scoped):
    """Quantity breakpoints for one line, or for all lines in scope together when mixed."""

    kind = terms.OfferKind.TIER

    is_mixed = models.BooleanField(
        _("count all goods together"),
        default=False,
        help_text=_("On: different goods in scope count together. Off: each SKU counts alone."),
    )
    is_stackable = models.BooleanField(
        _("stacks with the member price"),
        default=True,
        help_text=_("On: both are multiplied. Off: the shopper gets the lower of the two."),
    )

    class Meta(Offer.Meta):
        verbose_name = _("tier price")
        verbose_name_plural = _("tier prices")


class TierStep(models.Model):
    """From `min_quantity` pieces on the unit price is multiplied by `rate`."""

    tier = models.ForeignKey(TierPrice, models.CASCADE, related_name="steps")
    min_quantity = models.PositiveIntegerField(_("from pieces"))
    rate = models.DecimalField(
        _("price factor"), max_digits=4, decimal_places=3, help_text=_("0.9 means 90% of the price.")
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["min_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "min_quantity"], name="tier_step_once"),
            models.CheckConstraint(
                name="tier_step_sane",
                condition=models.Q(min_quantity__gte=1, rate__gte=terms.LOWEST_RATE, rate__lt=1),
                violation_error_message=_("A price factor lies between 0.1 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.min_quantity}: ×{self.rate.normalize():f}"
