"""Goods taken down at once, and what followed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.shelf import TakeDownCause


class TakeDown(models.Model):
    """While it isn't settled, the product can't come back to the shelf."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="take_downs", verbose_name=_("product")
    )
    cause = models.CharField(_("cause"), max_length=14, choices=TakeDownCause.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    was_on_shelf = models.BooleanField(_("was on the shelf"), default=True)
    stopped = models.JSONField(_("promotions stopped"), default=list, editable=False)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("taken down"))
    settlement = models.CharField(_("what came of it"), max_length=200, blank=True, editable=False)
    may_return = models.BooleanField(_("may be offered again"), null=True, editable=False)
    settled_by = models.CharField(_("settled by"), max_length=64, blank=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)

    class Meta:
        verbose_name = _("take-down")
        verbose_name_plural = _("take-downs")
        ordering = ["-id"]
        permissions = [("take_down_product", "Can take products down at once")]
        constraints = [
            models.UniqueConstraint(
                fields=["product"], name="take_down_one_open", condition=Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.product)
