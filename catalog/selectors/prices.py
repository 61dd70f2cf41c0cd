"""What prices were: the history of a SKU, the lowest of a week, and what the repricer has to know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, F, Min, OuterRef, QuerySet, Subquery

from catalog.models import PriceChange, PriceRule, Sku
from catalog.policies.prices import PRICE_TAIL
from catalog.pricing.repricing import Goods
from catalog.selectors import competitors
from catalog.terms.prices import PriceSource, Protection
from shop.core import clock

SET_BY_PEOPLE = (PriceSource.FIRST, PriceSource.HAND, PriceSource.IMPORT)
MEANT_TODAY = (PriceSource.HAND, PriceSource.IMPORT, PriceSource.UNDO)


@dataclass(frozen=True, slots=True)
class Step:
    """A price that held from an instant on."""

    at: datetime
    price: Decimal
    source: str


def history(sku_id: int, *, days: int = 90) -> list[Step]:
    """The prices of a SKU within the last days, oldest first, beginning with the one that held then; two
    queries. Empty for a SKU that was never priced."""
    since = clock.page_now() - timedelta(days=days)
    changes = PriceChange.objects.filter(sku=sku_id)
    steps = [
        Step(*row)
        for row in changes.filter(created_at__gt=since)
        .order_by("pk")
        .values_list("created_at", "new_price", "source")
    ]
    before = changes.filter(created_at__lte=since).order_by("-pk").values_list("new_price", "source").first()
    return [Step(since, *before), *steps] if before else steps


def lowest_in(
    sku_ids: Collection[int], *, days: int = 7, until: datetime | None = None
) -> dict[int, Decimal]:
    """The lowest list price each SKU had at any moment of the last days, today's included; three queries.

    A price that was changed before the period and held in it counts. Unknown SKUs are left out.
    """
    end = until or clock.page_now()
    since = end - timedelta(days=days)
    found: dict[int, Decimal] = dict(
        Sku.objects.filter(pk__in=sku_ids).order_by().values_list("pk", "list_price") if until is None else ()
    )
    changes = PriceChange.objects.filter(sku__in=sku_ids, created_at__lte=end)
    within = changes.filter(created_at__gt=since).order_by().values("sku_id").annotate(low=Min("new_price"))
    held = (
        changes.filter(created_at__lte=since)
        .order_by("sku_id", "-pk")
        .distinct("sku_id")
        .values_list("sku_id", "new_price")
    )
    for sku_id, price in (*((row["sku_id"], row["low"]) for row in within), *held):
        found[sku_id] = min(price, found.get(sku_id, price))
    return found


def with_lowest(changes: QuerySet[PriceChange]) -> QuerySet[PriceChange]:
    """Adds `is_newest`: whether nothing changed the SKU's price afterwards."""
    later = PriceChange.objects.filter(sku=OuterRef("sku"), pk__gt=OuterRef("pk"))
    return changes.annotate(is_newest=~Exists(later))


def tail_of(sku: Sku) -> str:
    """On what the price of this SKU ends."""
    rule = PriceRule.objects.filter(sku=sku).first()
    return (rule.tail if rule else "") or PRICE_TAIL.get()


def to_reprice(sku_ids: Collection[int] | None = None) -> dict[int, Goods]:
    """The traffic drivers (of these SKUs, or all) as the repricer sees them, by SKU; two queries.

    The ceiling is the rule's, else the last price a person set: the repricer finds its way back up to it.
    """
    now = clock.page_now()
    start, end = clock.day_bounds(clock.business_day(now))
    changes = PriceChange.objects.filter(sku=OuterRef("sku"))
    rules = PriceRule.objects.filter(is_traffic_driver=True, sku__is_active=True)
    if sku_ids is not None:
        rules = rules.filter(sku__in=sku_ids)
    rows = list(
        rules.order_by("sku_id").values(
            "sku_id",
            "ceiling_price",
            "tail",
            "protection",
            price=F("sku__list_price"),
            cost=F("sku__cost_price"),
            floor=F("sku__floor_price"),
            regular=Subquery(
                changes.filter(source__in=SET_BY_PEOPLE).order_by("-pk").values("new_price")[:1]
            ),
            set_today=Exists(
                changes.filter(source__in=MEANT_TODAY, created_at__gte=start, created_at__lt=end).exclude(
                    old_price=None
                )
            ),
        )
    )
    market = competitors.market([row["sku_id"] for row in rows])
    return {
        row["sku_id"]: Goods(
            price=row["price"],
            ceiling=row["ceiling_price"] or row["regular"] or row["price"],
            tail=row["tail"] or PRICE_TAIL.get(),
            market=tuple(market.get(row["sku_id"], ())),
            cost=row["cost"],
            floor=row["floor"],
            is_locked=row["protection"] == Protection.LOCKED,
            must_ask=row["protection"] == Protection.ASK,
            is_set_today=row["set_today"],
        )
        for row in rows
    }
