"""Goods nobody buys, and how often goods were looked at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.shelf import IdleAnswer, IdleCause


class IdleWarning(models.Model):
    """A product sold nothing for a while. `facts` are what the cause was read from; answered once."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="idle_warnings", verbose_name=_("product")
    )
    cause = models.CharField(_("likely cause"), max_length=14, choices=IdleCause.choices)
    facts = models.JSONField(_("facts"), default=dict)
    raised_at = models.DateTimeField(_("noticed"))
    answer = models.CharField(
        _("answer"), max_length=8, choices=IdleAnswer.choices, blank=True, editable=False
    )
    ignore_until = models.DateField(_("leave it until"), null=True, editable=False)
    detail = models.JSONField(_("what was done"), default=dict, editable=False)
    answered_by = models.CharField(_("by"), max_length=64, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta:
        verbose_name = _("no-sale warning")
        verbose_name_plural = _("no-sale warnings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["product"], name="idle_warning_one_open", condition=Q(answer=""))
        ]
        indexes = [models.Index(fields=["answer", "-id"], name="idle_warning_open")]

    def __str__(self) -> str:
        return str(self.product)


class ProductDay(models.Model):
    """How often a product's page was opened on a business day; nobody's name is kept."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="view_days")
    on_date = models.DateField(_("day"))
    view_count = models.PositiveIntegerField(_("page views"), default=0)

    class Meta:
        verbose_name = _("day of a product")
        verbose_name_plural = _("days of products")
        constraints = [models.UniqueConstraint(fields=["product", "on_date"], name="product_day_once")]
        indexes = [models.Index(fields=["on_date"], name="product_day_by_date")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.on_date}"
