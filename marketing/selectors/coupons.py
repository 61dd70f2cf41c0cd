"""Coupons of members: which copy may be used, and what it is for."""

from datetime import datetime

from marketing.errors import CouponExpired, CouponGone, CouponNotYetValid, CouponSpent
from marketing.models import Coupon, CouponGrant
from marketing.pricing import facts
from marketing.selectors import running
from marketing.terms import GrantStatus
from shop.core.errors import NotFound


def check(grant: CouponGrant | None, member_id: int, now: datetime) -> CouponGrant:
    """The grant itself when its member may use it now.

    Raises NotFound (also for a stranger's), CouponSpent, CouponExpired, CouponNotYetValid, CouponGone.
    """
    if grant is None or grant.member_id != member_id:
        raise NotFound()
    if grant.status in (GrantStatus.HELD, GrantStatus.USED):
        raise CouponSpent(grant_id=grant.pk)
    if grant.status == GrantStatus.REVOKED:
        raise CouponGone(coupon_id=grant.coupon_id)
    if grant.status == GrantStatus.EXPIRED or grant.valid_until <= now:
        raise CouponExpired(grant_id=grant.pk)
    if grant.valid_from > now:
        raise CouponNotYetValid(grant_id=grant.pk)
    return grant


def fact(grant_id: int, member_id: int, now: datetime) -> facts.Coupon:
    """What the pipeline needs to know of a member's coupon; one query. Raises as `check` does."""
    found = CouponGrant.objects.filter(pk=grant_id).select_related("coupon")
    grant = found.annotate(scope_ids=_ids_of_coupon()).first()
    check(grant, member_id, now)
    coupon: Coupon = grant.coupon  # type: ignore[union-attr]
    return facts.Coupon(
        rule=f"coupon:{grant_id}",
        name=coupon.name,
        kind=coupon.kind,  # type: ignore[arg-type]
        threshold=coupon.threshold,
        scope=running.scope(coupon.scope_kind, grant.scope_ids),  # type: ignore[union-attr]
        off=coupon.off,
        rate=coupon.rate,
        cap=coupon.cap,
    )


def _ids_of_coupon():  # type: ignore[no-untyped-def]
    return running.scope_ids(Coupon, outer="coupon_id", prefix="coupon__")
