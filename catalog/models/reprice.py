"""What the repricer proposed, why, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.prices import Verdict
from shop.core.fields import MoneyField


class RepriceRun(models.Model):
    """One look at the market. Nothing changes before `applied_at`; undone or dropped it is over."""

    actor = models.CharField(_("by"), max_length=64)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    below_rate = models.DecimalField(_("below the market by"), max_digits=4, decimal_places=3)
    minimum_margin = models.DecimalField(_("minimum margin"), max_digits=4, decimal_places=3)
    created_at = models.DateTimeField(_("calculated"))
    applied_at = models.DateTimeField(_("applied"), null=True)
    applied_by = models.CharField(_("applied by"), max_length=64, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("repricing")
        verbose_name_plural = _("repricings")
        ordering = ["-id"]
        permissions = [("run_repricer", "Can run the repricer and apply what it proposes")]
        constraints = [
            models.CheckConstraint(
                name="reprice_applied_or_dropped", condition=Q(applied_at=None) | Q(dropped_at=None)
            ),
            models.CheckConstraint(
                name="reprice_undone_after_applied", condition=Q(undone_at=None) | Q(applied_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class RepriceLine(models.Model):
    """One SKU of a run. `code` and `parameters` are the explanation; words are made when shown."""

    run = models.ForeignKey(RepriceRun, models.CASCADE, related_name="lines", verbose_name=_("repricing"))
    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="reprice_lines", verbose_name=_("SKU")
    )
    old_price = MoneyField(_("price"))
    market_price = MoneyField(_("market"), null=True)
    observation_count = models.PositiveIntegerField(_("competitors"), default=0)
    new_price = MoneyField(_("proposal"), null=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    code = models.CharField(_("reason"), max_length=30)
    parameters = models.JSONField(_("figures"), default=dict)
    applied_at = models.DateTimeField(_("applied"), null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    refused = models.CharField(_("not applied because"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("line of a repricing")
        verbose_name_plural = _("lines of repricings")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "sku"], name="reprice_sku_once"),
            models.CheckConstraint(
                name="reprice_change_has_price", condition=Q(verdict=Verdict.KEEP) | Q(new_price__gt=0)
            ),
            models.CheckConstraint(
                name="reprice_line_undone", condition=Q(undone_at=None) | Q(applied_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.old_price} → {self.new_price}"
