"""Purchase limits: what one member may still buy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q, Sum

from catalog.models import Sku
from marketing.models import PromotionUse, PurchaseLimit
from shop.core import clock

CACHE_KEY = "marketing:limits:1"
CACHE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Announced:
    """A limit as pages say it before the basket; `sku_id` is None when it counts the whole product."""

    product_id: int | None
    sku_id: int | None
    per_member: int
    period_days: int | None


@dataclass(frozen=True, slots=True)
class LimitState:
    """A limit with the SKUs it counts and the pieces of it that are left, never below 0."""

    limit: PurchaseLimit
    sku_ids: frozenset[int]
    left: int


def announced(product_id: int, sku_ids: Collection[int]) -> list[Announced]:
    """The limits that concern a product or its SKUs, at most 30 s old; what is left is said at placing."""
    limits: list[Announced] | None = cache.get(CACHE_KEY)
    if limits is None:
        rows = PurchaseLimit.objects.filter(is_active=True).order_by("pk")
        limits = [
            Announced(*row) for row in rows.values_list("product_id", "sku_id", "per_member", "period_days")
        ]
        cache.set(CACHE_KEY, limits, CACHE_SECONDS)
    return [one for one in limits if one.product_id == product_id or one.sku_id in sku_ids]


def of_skus(
    sku_ids: Collection[int],
    member_id: int | None,
    now: datetime,
    products: Mapping[int, int] | None = None,
) -> list[LimitState]:
    """The limits that concern these SKUs, in key order; two queries (one with `products`, SKU id → product
    id), one more when there are any. For guests nothing is used up yet."""
    if products is None:
        products = dict(Sku.objects.filter(pk__in=sku_ids).values_list("pk", "product_id"))
    concerned = Q(sku__in=sku_ids) | Q(product__in=set(products.values()))
    limits = list(PurchaseLimit.objects.filter(concerned, is_active=True).order_by("pk"))
    used = used_by(limits, member_id, now) if member_id is not None else {}
    return [
        LimitState(
            limit=limit,
            sku_ids=frozenset(
                sku_id
                for sku_id, product_id in products.items()
                if sku_id == limit.sku_id or product_id == limit.product_id
            ),
            left=max(0, limit.per_member - used.get(limit.pk, 0)),
        )
        for limit in limits
    ]


def used_by(limits: Collection[PurchaseLimit], member_id: int, now: datetime) -> dict[int, int]:
    """Pieces that count against each limit. n days are today and the n − 1 business days before."""
    if not limits:
        return {}
    mine = Q()
    for limit in limits:
        counts = Q(rule=limit.rule)
        if limit.period_days:
            counts &= Q(created_at__gte=_start(limit.period_days, now))
        mine |= counts
    live = PromotionUse.objects.filter(mine, member=member_id, released_at=None)
    sums = dict(live.order_by().values_list("rule").annotate(pieces=Sum("quantity")))
    return {limit.pk: sums.get(limit.rule, 0) for limit in limits}


def _start(days: int, now: datetime) -> datetime:
    return clock.day_bounds(clock.business_day(now) - timedelta(days=days - 1))[0]
