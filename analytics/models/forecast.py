"""What will be sold, and how well that was foretold until now."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SkuForecast(models.Model):
    """What one SKU is expected to leave one place with in each day of the week, and how every method did on
    it: `errors` maps a method to [WAPE, MASE, bias], `weights` a part to its share. The newest run only.
    """

    place = models.ForeignKey("catalog.Place", models.CASCADE, related_name="+", verbose_name=_("place"))
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name=_("SKU"))
    made_on = models.DateField(_("day"))
    week = ArrayField(models.FloatField(), size=7, verbose_name=_("pieces by weekday"))
    daily_sigma = models.FloatField(_("spread a day"))
    sold_28 = models.PositiveIntegerField(_("sold in 28 days"))
    weights = models.JSONField(_("parts"), default=dict)
    errors = models.JSONField(_("errors by method"), default=dict)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [models.UniqueConstraint(fields=["sku", "place"], name="forecast_once")]
        indexes = [models.Index(fields=["-sold_28", "id"], name="forecast_by_sales")]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.place_id} {self.daily_mean:.2f}"

    @property
    def daily_mean(self) -> float:
        """Pieces a day, on average over the week."""
        return sum(self.week) / len(self.week)


class ForecastRun(models.Model):
    """One night's forecast of everything, and how every method did over all of it.

    `scores` maps a method to its errors, of those that lost too.
    """

    made_on = models.DateField(_("day"), unique=True)
    series_count = models.PositiveIntegerField(_("SKUs by place"))
    seconds = models.FloatField(_("took seconds"))
    scores = models.JSONField(_("errors by method"), default=dict)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("forecast run")
        verbose_name_plural = _("forecast runs")
        constraints = [models.CheckConstraint(name="forecast_took_time", condition=Q(seconds__gte=0))]

    def __str__(self) -> str:
        return str(self.made_on)
