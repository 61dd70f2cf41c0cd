"""The rows marketing waits for, all of one rank; within it tables follow their names."""

from collections.abc import Collection
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from marketing.models import Coupon, CouponGrant, LimitedPrice, LimitTally
from marketing.models.base import Offer
from shop.core import locks
from shop.core.locks import Rank

AnyOffer = TypeVar("AnyOffer", bound=Offer)


def grant(grant_id: int) -> CouponGrant | None:
    """A member's coupon, locked."""
    return next(iter(locks.take(CouponGrant.objects.filter(pk=grant_id), Rank.MARKETING)), None)


def coupon(coupon_id: int) -> Coupon | None:
    """The coupon, locked: one copy is handed out at a time."""
    return next(iter(locks.take(Coupon.objects.filter(pk=coupon_id), Rank.MARKETING)), None)


def take_copy(coupon_id: int) -> bool:
    """Counts one more copy handed out; False, and nothing changed, when none is left."""
    locks.declare(Rank.MARKETING, Coupon._meta.db_table, [coupon_id])
    left = Q(total_count=None) | Q(issued_count__lt=F("total_count"))
    return bool(Coupon.objects.filter(left, pk=coupon_id).update(issued_count=F("issued_count") + 1))


def take_pieces(price_id: int, count: int) -> bool:
    """Counts so many more pieces against the quota of a limited-time price; False, and nothing changed, when
    fewer are left. The row stays locked, so that what its member had can be counted."""
    locks.declare(Rank.MARKETING, LimitedPrice._meta.db_table, [price_id])
    has_room = Q(quota=None) | Q(taken_count__lte=F("quota") - count)
    prices = LimitedPrice.objects.filter(has_room, pk=price_id)
    return bool(prices.update(taken_count=F("taken_count") + count))


def limited_prices(discount_ids: Collection[int], sku_ids: Collection[int]) -> list[LimitedPrice]:
    """The limited-time prices of these SKUs in these discounts, locked."""
    wanted = LimitedPrice.objects.filter(discount__in=discount_ids, sku__in=sku_ids)
    return locks.take(wanted, Rank.MARKETING)


def tallies(limit_ids: Collection[int], member_id: int) -> None:
    """Waits until no other order of this member counts against these limits."""
    LimitTally.objects.bulk_create(
        [LimitTally(limit_id=pk, member_id=member_id) for pk in sorted(limit_ids)], ignore_conflicts=True
    )
    locks.take(LimitTally.objects.filter(limit__in=limit_ids, member=member_id), Rank.MARKETING)


def offers(due: QuerySet[AnyOffer]) -> list[AnyOffer]:
    """These offers, locked, in key order."""
    return locks.take(due, Rank.MARKETING)
