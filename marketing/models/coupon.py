"""Coupon 优惠券 (the template) and CouponGrant (a member's copy)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketing import states, terms
from marketing.models.base import Scoped
from shop.core.fields import MoneyField
from shop.core.states import TransitionRow


class Coupon(Scoped):
    """What members may get: `off` yuan, `rate` of the price (at most `cap` yuan off) or free shipping."""

    name = models.CharField(_("name"), max_length=30)
    kind = models.CharField(
        _("kind"), max_length=14, choices=terms.CouponKind.choices, default=terms.CouponKind.FIXED
    )
    threshold = MoneyField(
        _("from yuan"), default=0, help_text=_("Counted over the goods in scope, after full reductions.")
    )
    off = MoneyField(_("yuan off"), null=True, blank=True)
    rate = models.DecimalField(
        _("price factor"),
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("0.9 means 90% of the price."),
    )
    cap = MoneyField(_("at most yuan off"), null=True, blank=True)
    total_count = models.PositiveIntegerField(
        _("copies"), null=True, blank=True, help_text=_("Leave empty for as many as are wanted.")
    )
    issued_count = models.PositiveIntegerField(_("handed out"), default=0, editable=False)
    per_member = models.PositiveIntegerField(_("copies per member"), default=1)
    is_claimable = models.BooleanField(
        _("members may claim it"),
        default=True,
        db_default=True,
        help_text=_("On: it is shown in the coupon centre and beside its goods. Off: only you give it."),
    )
    claim_from = models.DateTimeField(_("handed out from"), null=True, blank=True)
    claim_until = models.DateTimeField(_("handed out until"), null=True, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    valid_days = models.PositiveIntegerField(
        _("valid for days"),
        null=True,
        blank=True,
        help_text=_("Counted from the moment a member gets it; instead of a fixed end."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="coupon_value",
                condition=models.Q(
                    kind=terms.CouponKind.FIXED, off__isnull=False, off__gt=0, rate=None, cap=None
                )
                | models.Q(
                    kind=terms.CouponKind.PERCENT,
                    off=None,
                    rate__isnull=False,
                    rate__gte=terms.LOWEST_RATE,
                    rate__lt=1,
                )
                | models.Q(kind=terms.CouponKind.FREE_SHIPPING, off=None, rate=None, cap=None),
            ),
            models.CheckConstraint(
                name="coupon_amounts",
                condition=models.Q(threshold__gte=0) & (models.Q(cap=None) | models.Q(cap__gt=0)),
            ),
            models.CheckConstraint(
                name="coupon_issued_within_total",
                condition=models.Q(total_count=None) | models.Q(issued_count__lte=models.F("total_count")),
            ),
            models.CheckConstraint(name="coupon_per_member", condition=models.Q(per_member__gte=1)),
            models.CheckConstraint(
                name="coupon_ends",
                condition=models.Q(valid_until__isnull=False, valid_days=None)
                | models.Q(valid_until=None, valid_days__isnull=False, valid_days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CouponGrant(models.Model):
    """One member's copy; `number` counts the copies of that member, 1 upwards."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="grants", verbose_name=_("coupon"))
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="coupons", verbose_name=_("member")
    )
    number = models.PositiveIntegerField(_("copy"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=terms.GrantStatus.choices,
        default=terms.GrantStatus.AVAILABLE,
        editable=False,
    )
    reference = models.CharField(_("reference"), max_length=64, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=64, blank=True)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    created_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("coupon of a member")
        verbose_name_plural = _("coupons of members")
        ordering = ["-id"]
        constraints = [
            states.GRANT.constraint("marketing.CouponGrant"),
            models.UniqueConstraint(fields=["coupon", "member", "number"], name="grant_number_once"),
            models.CheckConstraint(
                name="grant_window", condition=models.Q(valid_until__gt=models.F("valid_from"))
            ),
            models.CheckConstraint(
                name="grant_reference_when_taken",
                condition=models.Q(
                    status__in=[terms.GrantStatus.HELD, terms.GrantStatus.USED], reference__gt=""
                )
                | models.Q(
                    status__in=[
                        terms.GrantStatus.AVAILABLE,
                        terms.GrantStatus.EXPIRED,
                        terms.GrantStatus.REVOKED,
                    ],
                    reference="",
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["member", "status", "valid_until"], name="grant_by_member"),
            models.Index(
                fields=["valid_until"],
                name="grant_to_expire",
                condition=models.Q(status=terms.GrantStatus.AVAILABLE),
            ),
            models.Index(fields=["reference"], name="grant_by_reference", condition=~models.Q(reference="")),
        ]

    def __str__(self) -> str:
        return f"{self.coupon} #{self.number}"

    @property
    def rule(self) -> str:
        return f"coupon:{self.pk}"


class CouponGrantTransition(TransitionRow):
    """Every change of a grant's status."""

    grant = models.ForeignKey(CouponGrant, models.CASCADE, related_name="transitions")

    class Meta(TransitionRow.Meta):
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
