"""What analytics tells the catalog about demand, and the warnings that follow from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.demand import AlertTier


class SkuDemand(models.Model):
    """What one SKU is expected to leave one place with, a day; written by analytics only.

    `daily_sigma` is the spread of the forecast's own error, `error` its WAPE over weeks in the back-test
    (1.0 = as far off as what was sold); empty when there was too little to test on.
    """

    place = models.ForeignKey("catalog.Place", models.CASCADE, related_name="demand")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="demand")
    daily_mean = models.FloatField(_("pieces a day"))
    daily_sigma = models.FloatField(_("spread a day"))
    method = models.CharField(_("method"), max_length=20)
    error = models.FloatField(_("error in the back-test"), null=True)
    is_best_seller = models.BooleanField(_("best seller"), default=False, db_default=False)
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("demand of a SKU")
        verbose_name_plural = _("demand of SKUs")
        constraints = [
            models.UniqueConstraint(fields=["sku", "place"], name="demand_once"),
            models.CheckConstraint(
                name="demand_not_negative", condition=Q(daily_mean__gte=0) & Q(daily_sigma__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.place_id} {self.daily_mean:.2f}"


class StockAlert(models.Model):
    """A level that runs short, from the moment it was seen until it is well again; one open row a level."""

    level = models.ForeignKey(
        "catalog.StockLevel", models.CASCADE, related_name="alerts", verbose_name=_("stock level")
    )
    tier = models.CharField(_("state"), max_length=10, choices=AlertTier.choices)
    free_count = models.IntegerField(_("free stock"))
    mark = models.PositiveIntegerField(_("warned at"))
    cover_days = models.FloatField(_("lasts for days"), null=True)
    raised_at = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(_("last told"))
    told_count = models.PositiveIntegerField(_("times told"), default=1)
    closed_at = models.DateTimeField(_("well again"), null=True)

    class Meta:
        verbose_name = _("stock warning")
        verbose_name_plural = _("stock warnings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["level"], condition=Q(closed_at=None), name="alert_open_once"),
            models.CheckConstraint(
                name="alert_closes_later", condition=Q(closed_at=None) | Q(closed_at__gte=F("raised_at"))
            ),
        ]
        indexes = [models.Index(fields=["closed_at"], name="alert_by_end", condition=~Q(closed_at=None))]

    def __str__(self) -> str:
        return f"{self.level_id} {self.tier}"
