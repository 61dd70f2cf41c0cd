"""Refusals of marketing."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class LimitExceeded(Refusal):
    """More pieces than one member may buy. extra: sku_id, limit, left."""

    code = "limit_exceeded"
    message = _("Limited to {limit} per person, you can still buy {left}.")


class CouponSpent(Refusal):
    """The coupon is held by another order or was used. extra: grant_id."""

    code = "coupon_spent"
    message = _("This coupon has been used already.")


class CouponExpired(Refusal):
    """Its last day is over. extra: grant_id."""

    code = "coupon_expired"
    message = _("This coupon has expired.")


class CouponNotYetValid(Refusal):
    """Its first day is still to come. extra: grant_id."""

    code = "coupon_not_yet_valid"
    message = _("This coupon cannot be used yet.")


class CouponGone(Refusal):
    """No copies are left, or the coupon is not handed out now. extra: coupon_id."""

    code = "coupon_gone"
    message = _("This coupon is no longer available.")


class CouponTaken(Refusal):
    """The member has as many copies as allowed. extra: coupon_id, per_member."""

    code = "coupon_taken"
    message = _("You already have this coupon.")


class LimitedGone(Refusal):
    """Fewer pieces are left at a limited-time price than the order takes. extra: sku_id."""

    code = "limited_gone"
    message = _("Somebody was faster: not enough pieces are left at the limited-time price.")


class LimitedUsed(Refusal):
    """The member would have more pieces at a limited-time price than one may. extra: sku_id, left."""

    code = "limited_used"
    message = _("At the limited-time price you can have {left} more.")


class RuleUnsound(Refusal):
    """A merchant's rule would not work. extra: field, detail (a sentence for the merchant)."""

    code = "rule_unsound"
    status = 400
    message = _("{detail}")
