"""What should be bought, and what became of the suggestion."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from analytics.terms import ReorderStatus
from shop.core.fields import MoneyField


class ReorderSuggestion(models.Model):
    """So many pieces of a SKU for a place, with everything the number was made of, so that it can be said in
    words. One open row a place and SKU; `reference` is the purchase order it became.
    """

    place = models.ForeignKey("catalog.Place", models.CASCADE, related_name="+", verbose_name=_("place"))
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    supplier = models.ForeignKey(
        "catalog.Supplier", models.SET_NULL, null=True, related_name="+", verbose_name=_("supplier")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    price = MoneyField(_("unit price"), null=True)
    daily_mean = models.FloatField(_("pieces a day"))
    daily_sigma = models.FloatField(_("spread a day"))
    free = models.IntegerField(_("free stock"))
    incoming = models.PositiveIntegerField(_("on order"), default=0)
    lead_days = models.PositiveSmallIntegerField(_("lead days"))
    review_days = models.PositiveSmallIntegerField(_("review days"))
    reorder_point = models.PositiveIntegerField(_("reorder point"))
    target = models.PositiveIntegerField(_("fill up to"))
    minimum = models.PositiveIntegerField(_("minimum order"), default=1)
    pack_size = models.PositiveIntegerField(_("pieces a pack"), default=1)
    reference = models.CharField(_("became"), max_length=80, blank=True)
    ended_by = models.CharField(_("by"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("reorder suggestion")
        verbose_name_plural = _("reorder suggestions")
        permissions = [("order_goods", "Can turn suggestions into purchase orders")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "sku"], condition=Q(ended_at=None), name="reorder_open_once"
            ),
            models.CheckConstraint(name="reorder_some", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="reorder_target", condition=Q(target__gte=F("reorder_point"))),
        ]
        indexes = [
            models.Index(fields=["supplier"], name="reorder_by_supplier", condition=Q(ended_at=None)),
            models.Index(fields=["ended_at"], name="reorder_by_end", condition=~Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.place_id} ×{self.quantity}"

    @property
    def status(self) -> ReorderStatus:
        """Open until it ended: as an order, or as nothing."""
        if self.ended_at is None:
            return ReorderStatus.OPEN
        return ReorderStatus.ORDERED if self.reference else ReorderStatus.DISMISSED

    @property
    def days_left(self) -> float | None:
        """Days the free stock lasts at the expected pace; None when nothing is expected to leave."""
        return max(self.free, 0) / self.daily_mean if self.daily_mean > 0 else None
