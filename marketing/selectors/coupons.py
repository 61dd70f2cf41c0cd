"""Coupons of members: which copy may be used, and what it is for."""

from dataclasses import dataclass
from datetime import datetime

from marketing.errors import CouponExpired, CouponGone, CouponNotYetValid, CouponSpent
from marketing.models import Coupon, CouponGrant
from marketing.pricing import facts
from marketing.selectors import running
from marketing.terms import GrantStatus
from shop.core.errors import NotFound

CONSIDERED = 30


@dataclass(frozen=True, slots=True)
class Held:
    """A copy that may be used now, as a fact for the pipeline."""

    grant_id: int
    valid_until: datetime
    fact: facts.Coupon


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
    return _fact(grant, grant.scope_ids)  # type: ignore[arg-type, union-attr]


def held_by(member_id: int, now: datetime) -> list[Held]:
    """The copies a member may use now, those that end first foremost, at most so many; one query."""
    rows = CouponGrant.objects.filter(
        member=member_id, status=GrantStatus.AVAILABLE, valid_from__lte=now, valid_until__gt=now
    )
    rows = rows.select_related("coupon").annotate(scope_ids=_ids_of_coupon())
    found = rows.order_by("valid_until", "pk")[:CONSIDERED]
    return [Held(grant.pk, grant.valid_until, _fact(grant, grant.scope_ids)) for grant in found]


def _fact(grant: CouponGrant, scope_ids: list[int]) -> facts.Coupon:
    coupon = grant.coupon
    return facts.Coupon(
        rule=grant.rule,
        name=coupon.name,
        kind=coupon.kind,  # type: ignore[arg-type]
        threshold=coupon.threshold,
        scope=running.scope(coupon.scope_kind, scope_ids),
        off=coupon.off,
        rate=coupon.rate,
        cap=coupon.cap,
    )


def _ids_of_coupon():  # type: ignore[no-untyped-def]
    return running.scope_ids(Coupon, outer="coupon_id", prefix="coupon__")
