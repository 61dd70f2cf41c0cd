"""Purchase limit 限购: how many pieces one member may buy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PurchaseLimit(models.Model):
    """At most `per_member` pieces of a product or one SKU, ever or within the last `period_days` days."""

    product = models.ForeignKey(
        "catalog.Product",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
        help_text=_("All its SKUs count together. Choose a product or a SKU."),
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("SKU")
    )
    per_member = models.PositiveIntegerField(_("pieces per member"))
    period_days = models.PositiveIntegerField(
        _("within days"), null=True, blank=True, help_text=_("Leave empty for all time.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("purchase limit")
        verbose_name_plural = _("purchase limits")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="limit_one_target",
                condition=models.Q(product=None, sku__isnull=False)
                | models.Q(product__isnull=False, sku=None),
            ),
            models.CheckConstraint(
                name="limit_positive",
                condition=models.Q(per_member__gte=1)
                & (models.Q(period_days=None) | models.Q(period_days__gte=1)),
            ),
            models.UniqueConstraint(
                fields=["product", "period_days"],
                name="limit_once_per_product",
                condition=models.Q(product__isnull=False),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["sku", "period_days"],
                name="limit_once_per_sku",
                condition=models.Q(sku__isnull=False),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product or self.sku}: {self.per_member}"

    @property
    def rule(self) -> str:
        return f"limit:{self.pk}"


class LimitTally(models.Model):
    """The row two orders of one member meet at, so that the second sees what the first took."""

    limit = models.ForeignKey(PurchaseLimit, models.CASCADE, related_name="+")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("limit tally")
        verbose_name_plural = _("limit tallies")
        constraints = [models.UniqueConstraint(fields=["limit", "member"], name="limit_tally_once")]

    def __str__(self) -> str:
        return f"{self.limit_id}/{self.member_id}"
