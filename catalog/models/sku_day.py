"""Sales of a SKU by day, pushed down by orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core.fields import MoneyField


class SkuDay(models.Model):
    """What one SKU sold on one business day, and its lowest deal price."""

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="days")
    on_date = models.DateField(_("day"))
    sold_count = models.IntegerField(_("sold"), default=0)
    lowest_deal_price = MoneyField(_("lowest deal price"), null=True)

    class Meta:
        verbose_name = _("day of a SKU")
        verbose_name_plural = _("days of SKUs")
        constraints = [models.UniqueConstraint(fields=["sku", "on_date"], name="sku_day_once")]
        indexes = [models.Index(fields=["on_date"], name="sku_day_by_date")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.on_date}"
