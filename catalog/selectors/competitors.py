"""The market as it was seen: the newest price of each competitor, and how old it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery

from catalog.models import CompetitorGoods, PriceObservation
from catalog.policies.prices import OBSERVATION_DAYS
from catalog.pricing import repricing
from shop.core import clock


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest price of one competitor for one SKU."""

    goods_id: int
    sku_id: int
    competitor: str
    name: str
    url: str
    price: Decimal
    promotion_text: str
    rating: Decimal | None
    review_count: int | None
    observed_at: datetime
    is_stale: bool


def newest(sku_ids: Collection[int]) -> dict[int, list[Seen]]:
    """By SKU, the newest price of each active competitor, cheapest first; one query."""
    stale_before = clock.page_now() - timedelta(days=OBSERVATION_DAYS.get())
    last = (
        PriceObservation.objects.filter(goods=OuterRef("goods"))
        .order_by("-observed_at", "-pk")
        .values("pk")[:1]
    )
    rows = PriceObservation.objects.filter(
        goods__sku__in=sku_ids, goods__is_active=True, goods__competitor__is_active=True, pk=Subquery(last)
    ).order_by("goods__sku", "price", "pk")
    found: dict[int, list[Seen]] = {}
    for row in rows.values(
        "goods_id",
        "price",
        "promotion_text",
        "rating",
        "review_count",
        "observed_at",
        sku_id=F("goods__sku_id"),
        competitor=F("goods__competitor__name"),
        name=F("goods__name"),
        url=F("goods__url"),
    ):
        seen = Seen(**row, is_stale=row["observed_at"] < stale_before)
        found.setdefault(seen.sku_id, []).append(seen)
    return found


def market(sku_ids: Collection[int]) -> dict[int, list[Decimal]]:
    """By SKU the fresh prices there are to compare with; one query."""
    return {
        sku_id: [one.price for one in seen if not one.is_stale] for sku_id, seen in newest(sku_ids).items()
    }


def average(prices: Collection[Decimal]) -> Decimal | None:
    """The market's mean in yuan; None without prices."""
    return repricing.average(prices) if prices else None


def goods() -> QuerySet[CompetitorGoods]:
    """Pairs with the newest price seen (`last_price`, `last_seen`)."""
    last = PriceObservation.objects.filter(goods=OuterRef("pk")).order_by("-observed_at", "-pk")
    return CompetitorGoods.objects.select_related("competitor", "sku__product").annotate(
        last_price=Subquery(last.values("price")[:1]), last_seen=Subquery(last.values("observed_at")[:1])
    )
