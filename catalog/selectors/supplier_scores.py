"""How good suppliers are, from what happened: on time, without defects, and at what price."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean

from django.db.models import Sum

from catalog.models import GoodsReceiptLine, PurchaseOrder
from catalog.policies.purchasing import ON_TIME_WEIGHT, PRICE_WEIGHT, QUALITY_WEIGHT
from catalog.selectors import supply
from catalog.states.purchasing import OPEN
from catalog.terms.purchasing import PurchaseStatus
from shop.core import clock

DAYS = 180
MONTHS = 6
DEFECT_ENDS = 0.10
PRICE_STEP = 2.0


@dataclass(frozen=True)
class Score:
    """0–100 points for each side, None without facts. `price_index` 1.05: five percent dearer than the
    others on average, over the goods others deliver too."""

    on_time: float | None
    on_time_count: int
    order_count: int
    quality: float | None
    defect_count: int
    piece_count: int
    price: float | None
    price_index: float | None
    compared_count: int

    @property
    def total(self) -> int | None:
        """Points by the merchant's weights; a side without facts doesn't count."""
        sides = (
            (self.on_time, ON_TIME_WEIGHT.get()),
            (self.quality, QUALITY_WEIGHT.get()),
            (self.price, PRICE_WEIGHT.get()),
        )
        known = [(points, weight) for points, weight in sides if points is not None and weight]
        whole = sum(weight for _points, weight in known)
        return round(sum(points * weight for points, weight in known) / whole) if whole else None

    @property
    def defect_rate(self) -> float:
        return self.defect_count / self.piece_count if self.piece_count else 0.0


@dataclass(frozen=True)
class Month:
    """One month of a supplier; `on_time` and `defect_rate` are shares of one, None without facts."""

    first_on: date
    on_time: float | None
    defect_rate: float | None
    order_count: int
    piece_count: int


def scores(supplier_ids: Collection[int]) -> dict[int, Score]:
    """Scores of the last 180 days, three queries whatever their number."""
    since = clock.page_now() - timedelta(days=DAYS)
    punctual = _punctual(supplier_ids, since)
    pieces = {
        pk: (good or 0, defect or 0)
        for pk, good, defect in GoodsReceiptLine.objects.filter(
            receipt__order__supplier__in=supplier_ids, receipt__created_at__gte=since
        )
        .order_by()
        .values_list("receipt__order__supplier")
        .annotate(good=Sum("good"), bad=Sum("defect"))
    }
    prices = _price_indices()
    found = {}
    for pk in supplier_ids:
        days = [is_in_time for _on, is_in_time in punctual.get(pk, [])]
        good, defect = pieces.get(pk, (0, 0))
        count, indices = good + defect, prices.get(pk, [])
        index = fmean(indices) if indices else None
        found[pk] = Score(
            on_time=100 * sum(days) / len(days) if days else None,
            on_time_count=sum(days),
            order_count=len(days),
            quality=max(0.0, 100 * (1 - defect / count / DEFECT_ENDS)) if count else None,
            defect_count=defect,
            piece_count=count,
            price=None if index is None else min(100.0, max(0.0, 100 - 100 * PRICE_STEP * (index - 1))),
            price_index=index,
            compared_count=len(indices),
        )
    return found


def months(supplier_id: int) -> list[Month]:
    """The last six months of one supplier, oldest first, two queries."""
    today = clock.business_day(clock.page_now())
    firsts = [_month(today, back) for back in range(MONTHS - 1, -1, -1)]
    since = clock.day_bounds(firsts[0])[0]
    punctual: dict[date, list[bool]] = defaultdict(list)
    for on, is_in_time in _punctual([supplier_id], since).get(supplier_id, []):
        punctual[on.replace(day=1)].append(is_in_time)
    counted: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    rows = GoodsReceiptLine.objects.filter(
        receipt__order__supplier=supplier_id, receipt__created_at__gte=since
    ).values_list("receipt__created_at", "good", "defect")
    for moment, good, defect in rows:
        month = counted[clock.business_day(moment).replace(day=1)]
        month[0] += good + defect
        month[1] += defect
    return [
        Month(
            first_on=first,
            on_time=fmean(punctual[first]) if punctual[first] else None,
            defect_rate=counted[first][1] / counted[first][0] if counted[first][0] else None,
            order_count=len(punctual[first]),
            piece_count=counted[first][0],
        )
        for first in firsts
    ]


def _punctual(supplier_ids: Iterable[int], since: object) -> dict[int, list[tuple[date, bool]]]:
    """(day it was due, whether everything was there by then) of orders that are here or overdue."""
    today = clock.business_day(clock.page_now())
    rows = PurchaseOrder.objects.filter(
        supplier__in=list(supplier_ids),
        sent_at__gte=since,
        status__in=[*OPEN, PurchaseStatus.RECEIVED, PurchaseStatus.CLOSED],
    ).select_related("supplier")
    found: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for order in rows:
        due = due_on(order)
        arrived = clock.business_day(order.received_at) if order.received_at else None
        if arrived is not None:
            found[order.supplier_id].append((due, arrived <= due))
        elif due < today:
            found[order.supplier_id].append((due, False))
    return found


def due_on(order: PurchaseOrder) -> date:
    """The day on which an order should be there: as promised, else as wanted, else by the days to deliver."""
    if order.promised_on or order.wanted_on:
        return order.promised_on or order.wanted_on  # type: ignore[return-value]
    sent_on = clock.business_day(order.sent_at or order.created_at)
    return sent_on + timedelta(days=order.supplier.lead_days)


def _price_indices() -> dict[int, list[float]]:
    """By supplier: own price of a piece against the average of the others, for each SKU others deliver."""
    by_sku: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in supply.priced().values_list("sku", "supplier", "price", "pack_size"):
        by_sku[row[0]].append((row[1], supply.piece_price(row[2], row[3])))
    found: dict[int, list[float]] = defaultdict(list)
    for offers in by_sku.values():
        for supplier, price in offers:
            others = [float(other) for pk, other in offers if pk != supplier]
            if others and fmean(others):
                found[supplier].append(float(price) / fmean(others))
    return found


def _month(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
