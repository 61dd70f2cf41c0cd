"""The movement ledger by day: what left each place, and what lay there when the day ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StockDay(models.Model):
    """One SKU in one place on one business day on which its stock moved.

    Days without a row moved nothing: `on_hand` and `free` of the last row before still hold. `free` counts
    what shoppers could buy (spot, not reserved); `sold_count` is what orders took away, from any pool.
    """

    place = models.ForeignKey("catalog.Place", models.CASCADE, related_name="+")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+")
    on_date = models.DateField(_("day"))
    sold_count = models.PositiveIntegerField(_("sold"), default=0)
    received_count = models.PositiveIntegerField(_("received"), default=0)
    on_hand = models.IntegerField(_("on hand at close"))
    free = models.IntegerField(_("free at close"))
    is_promoted = models.BooleanField(_("sold below its usual price"), default=False)

    class Meta:
        verbose_name = _("stock of a day")
        verbose_name_plural = _("stock by day")
        constraints = [models.UniqueConstraint(fields=["place", "sku", "on_date"], name="stock_day_once")]
        indexes = [
            models.Index(fields=["on_date"], name="stock_day_by_date"),
            models.Index(fields=["sku", "on_date"], name="stock_day_by_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.place_id} {self.on_date}"
