"""Goods on the shelf that were picked at random to be looked at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.shelf import CheckOutcome


class SpotCheck(models.Model):
    """One look at one product. `found` holds yes or no by the code of the item; the outcome is given once."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="spot_checks", verbose_name=_("product")
    )
    picked_at = models.DateTimeField(_("picked"))
    due_on = models.DateField(_("due"))
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=CheckOutcome.choices, blank=True, editable=False
    )
    found = models.JSONField(_("checklist"), default=dict, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True, editable=False)
    checked_by = models.CharField(_("by"), max_length=64, blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)

    class Meta:
        verbose_name = _("spot check")
        verbose_name_plural = _("spot checks")
        ordering = ["-id"]
        permissions = [("run_spotcheck", "Can do spot checks")]
        constraints = [
            models.UniqueConstraint(fields=["product"], name="spot_check_one_open", condition=Q(outcome="")),
            models.CheckConstraint(
                name="spot_check_ended", condition=Q(outcome="") | Q(checked_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["outcome", "due_on"], name="spot_check_due")]

    def __str__(self) -> str:
        return str(self.product)
