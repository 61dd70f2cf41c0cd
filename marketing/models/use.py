"""Promotion use: what a rule gave to a member through a thing above, such as an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core.fields import MoneyField


class PromotionUse(models.Model):
    """One rule counted for one reference; live until `released_at` is set."""

    rule = models.CharField(_("rule"), max_length=40)
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="promotion_uses", verbose_name=_("member")
    )
    reference = models.CharField(_("reference"), max_length=64)
    grant = models.ForeignKey(
        "marketing.CouponGrant",
        models.PROTECT,
        null=True,
        related_name="uses",
        verbose_name=_("coupon of the member"),
    )
    quantity = models.PositiveIntegerField(_("pieces"), default=0)
    amount = MoneyField(_("amount"), default=0)
    created_at = models.DateTimeField(_("at"))
    released_at = models.DateTimeField(_("released"), null=True)

    class Meta:
        verbose_name = _("promotion use")
        verbose_name_plural = _("promotion uses")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "reference"],
                name="use_once_per_reference",
                condition=models.Q(released_at=None),
            ),
            models.UniqueConstraint(
                fields=["grant"],
                name="coupon_one_live_redemption",
                condition=models.Q(released_at=None, grant__isnull=False),
            ),
            models.CheckConstraint(name="use_sane", condition=models.Q(quantity__gte=0, amount__gte=0)),
        ]
        indexes = [
            models.Index(fields=["member", "rule", "created_at"], name="use_by_member_rule"),
            models.Index(fields=["reference"], name="use_by_reference"),
            models.Index(
                fields=["released_at"],
                name="use_released",
                condition=models.Q(released_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.reference}"
