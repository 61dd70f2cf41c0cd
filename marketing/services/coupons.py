"""Coupons: handed out, held by an order, spent or given back; each at most once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Max

from marketing import locks, states
from marketing.errors import CouponGone, CouponTaken
from marketing.events import CouponGranted
from marketing.models import Coupon, CouponGrant, PromotionUse
from marketing.selectors import coupons as coupon_facts
from marketing.terms import GrantStatus
from shop.core import clock, refs
from shop.core.errors import NotFound
from shop.core.events import publish
from shop.core.money import ZERO
from shop.core.transactions import unit


@dataclass(frozen=True, slots=True)
class Given:
    """How many members got a copy, had as many as allowed, or came too late."""

    count: int
    had_count: int
    gone_count: int


LIVE = (GrantStatus.HELD, GrantStatus.USED)


@unit
def claim(*, coupon_id: int, member_id: int) -> CouponGrant:
    """The member takes a copy of a coupon on offer. Raises NotFound, CouponGone, CouponTaken."""
    coupon, now = _coupon(coupon_id), clock.now()
    too_early = coupon.claim_from is not None and now < coupon.claim_from
    too_late = coupon.claim_until is not None and now >= coupon.claim_until
    if too_early or too_late or not coupon.is_claimable:
        raise CouponGone(coupon_id=coupon_id)
    return _hand_out(coupon, member_id, now, "claim")


@unit
def give(*, coupon_id: int, member_id: int, source: str) -> CouponGrant:
    """Staff or the shop itself give a copy, whether it is being handed out or not. Raises as `claim`."""
    return _hand_out(_coupon(coupon_id), member_id, clock.now(), source)


def give_all(*, coupon_id: int, member_ids: Sequence[int], source: str) -> Given:
    """`give` for each member by itself: who has as many copies as allowed is passed over."""
    count = had = gone = 0
    for member_id in member_ids:
        try:
            with transaction.atomic():
                give(coupon_id=coupon_id, member_id=member_id, source=source)
            count += 1
        except CouponTaken:
            had += 1
        except CouponGone:
            gone += 1
    return Given(count, had, gone)


@unit
def hold(
    *,
    grant_id: int,
    member_id: int,
    reference: str,
    amount: Decimal = ZERO,
    at: datetime | None = None,
) -> None:
    """An order takes the coupon; `amount` is what it takes off, `at` the instant it has read. Raises what
    `selectors.coupons.check` raises.

    Of two orders at once one gets it; a unique index on live uses stands behind the lock. Nothing happens the
    second time for the same reference.
    """
    grant = locks.grant(grant_id)
    if grant is not None and grant.reference == reference and grant.member_id == member_id:
        return
    now = at or clock.now()
    grant = coupon_facts.check(grant, member_id, now)
    states.GRANT.move(grant, GrantStatus.HELD, actor=refs.SYSTEM, reason=reference, reference=reference)
    PromotionUse.objects.create(
        rule=grant.rule,
        member_id=member_id,
        reference=reference,
        grant=grant,
        quantity=1,
        amount=amount,
        created_at=now,
    )


@unit
def release(*, reference: str) -> None:
    """The order is closed: its coupon, held or spent, can be used again. Harmless when repeated."""
    mine = CouponGrant.objects.filter(reference=reference, status__in=LIVE)
    states.GRANT.move_many(
        mine, GrantStatus.AVAILABLE, actor=refs.SYSTEM, reason=f"released by {reference}", reference=""
    )
    live = PromotionUse.objects.filter(reference=reference, grant__isnull=False, released_at=None)
    live.update(released_at=clock.now())


@unit
def spend(*, reference: str) -> None:
    """The order is paid: its coupon is used. Harmless when repeated."""
    held = CouponGrant.objects.filter(reference=reference, status=GrantStatus.HELD)
    states.GRANT.move_many(held, GrantStatus.USED, actor=refs.SYSTEM, reason=reference)


@unit
def revoke(*, grant_id: int, actor: str, reason: str) -> None:
    """Staff take back a copy that no order holds. Raises NotFound, IllegalMove."""
    grant = locks.grant(grant_id)
    if grant is None:
        raise NotFound()
    states.GRANT.move(grant, GrantStatus.REVOKED, actor=actor, reason=reason)


@unit
def expire_due(limit: int = 500) -> int:
    """Ends copies whose last moment is over; returns how many. Those an order holds wait until it lets go."""
    due = CouponGrant.objects.filter(status=GrantStatus.AVAILABLE, valid_until__lte=clock.now())
    first = CouponGrant.objects.filter(
        pk__in=list(due.order_by("valid_until").values_list("pk", flat=True)[:limit])
    )
    waiting = first.filter(status=GrantStatus.AVAILABLE)
    return len(states.GRANT.move_many(waiting, GrantStatus.EXPIRED, actor=refs.SYSTEM, reason="expired"))


def _coupon(coupon_id: int) -> Coupon:
    coupon = locks.coupon(coupon_id)
    if coupon is None:
        raise NotFound()
    return coupon


def _hand_out(coupon: Coupon, member_id: int, now: datetime, source: str) -> CouponGrant:
    start = max(now, coupon.valid_from) if coupon.valid_from else now
    end = coupon.valid_until or start + timedelta(days=coupon.valid_days or 0)
    if not coupon.is_active or end <= start:
        raise CouponGone(coupon_id=coupon.pk)
    mine = CouponGrant.objects.filter(coupon=coupon, member=member_id).aggregate(
        count=Count("pk"), last=Max("number")
    )
    if mine["count"] >= coupon.per_member:
        raise CouponTaken(coupon_id=coupon.pk, per_member=coupon.per_member)
    if not locks.take_copy(coupon.pk):
        raise CouponGone(coupon_id=coupon.pk)
    grant = CouponGrant.objects.create(
        coupon=coupon,
        member_id=member_id,
        number=(mine["last"] or 0) + 1,
        source=source,
        valid_from=start,
        valid_until=end,
        created_at=now,
    )
    publish(CouponGranted(grant_id=grant.pk))
    return grant
