from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecallCase(models.Model):
    """One order that got goods of a recalled batch: how many, whether its money is on the way back."""

    recall = models.ForeignKey(
        "catalog.Recall", models.PROTECT, related_name="cases", verbose_name=_("recall")
    )
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="recall_cases", verbose_name=_("order")
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    refund = models.ForeignKey(
        "orders.Refund", models.PROTECT, null=True, related_name="recall_cases", verbose_name=_("refund")
    )
    trouble = models.CharField(_("why not refunded"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("recalled order")
        verbose_name_plural = _("recalled orders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["recall", "order"], name="recall_case_once"),
            models.CheckConstraint(name="recall_case_pieces", condition=Q(pieces__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.recall} · {self.order}"
