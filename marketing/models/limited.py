"""Limited-time discount 限时折扣: a lower price of chosen SKUs, for a while and for so many pieces."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketing import terms
from marketing.models.base import Offer
from shop.core.fields import MoneyField


class LimitedDiscount(Offer):
    """Its end is always known; what each SKU costs meanwhile stands in its prices."""

    kind = terms.OfferKind.LIMITED

    per_member = models.PositiveIntegerField(
        _("pieces per member"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many pieces of each SKU one member may have at this price. Empty: no limit."),
    )
    is_stackable = models.BooleanField(
        _("stacks with member and tier prices"),
        default=True,
        help_text=_(
            "On: they are multiplied. Off: the shopper gets the lowest of them. Full reductions, coupons and "
            "points count in any case."
        ),
    )

    class Meta(Offer.Meta):
        verbose_name = _("limited-time discount")
        verbose_name_plural = _("limited-time discounts")
        constraints = [
            *Offer.Meta.constraints,
            models.CheckConstraint(name="limited_discount_ends", condition=Q(ends_at__isnull=False)),
            models.CheckConstraint(
                name="limited_per_member", condition=Q(per_member=None) | Q(per_member__gte=1)
            ),
        ]


class LimitedPrice(models.Model):
    """What one SKU costs in a discount. `taken_count` are the pieces live orders hold of the quota."""

    discount = models.ForeignKey(LimitedDiscount, models.CASCADE, related_name="prices")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    price = MoneyField(_("price"))
    quota = models.PositiveIntegerField(
        _("pieces at this price"),
        null=True,
        blank=True,
        help_text=_("When they are gone, the normal price counts again. Empty: as long as stock lasts."),
    )
    taken_count = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("price of a SKU")
        verbose_name_plural = _("prices of SKUs")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["discount", "sku"], name="limited_price_once"),
            models.CheckConstraint(name="limited_price_positive", condition=Q(price__gt=0)),
            models.CheckConstraint(
                name="limited_taken_within_quota", condition=Q(quota=None) | Q(taken_count__lte=F("quota"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.price}"

    @property
    def use_rule(self) -> str:
        """The name its uses go by: one for each SKU of an order."""
        return f"{terms.OfferKind.LIMITED}:{self.discount_id}:{self.sku_id}"
