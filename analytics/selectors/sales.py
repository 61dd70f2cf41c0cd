"""Money taken and pieces sold, read from the orders themselves, so that they agree with them to the fen.

`places` are the ids of the places whose orders count; None means every place.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Aggregate, Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate

from analytics.selectors.windows import Window, of_days
from orders.models import Order, OrderLine, Refund
from orders.terms import RefundKind, RefundStatus
from shop.core import clock, money

NIL = Decimal("0.00")
Places = Collection[int] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Yuan taken and orders paid in a window."""

    sales: Decimal = NIL
    orders: int = 0

    @property
    def average(self) -> Decimal:
        """Yuan per order; 0 when there was none."""
        return money.yuan(self.sales / self.orders) if self.orders else NIL


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    totals: Totals


@dataclass(frozen=True, slots=True)
class ProductSales:
    product_id: int
    title: str
    pieces: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlaceSales:
    """`place` is empty for parcels that have not left any place yet."""

    place: str
    totals: Totals


def totals(windows: Mapping[str, Window], places: Places = None) -> dict[str, Totals]:
    """Sales and orders of each window, by its name; one query."""
    asked: dict[str, Aggregate] = {}
    for name, window in windows.items():
        within = Q(paid_at__gte=window.start, paid_at__lt=window.end)
        asked[f"{name}_sales"] = Sum("paid_amount", filter=within, default=NIL)
        asked[f"{name}_orders"] = Count("pk", filter=within)
    around = Window(min(w.start for w in windows.values()), max(w.end for w in windows.values()))
    found = paid_in(around, places).aggregate(**asked)
    return {name: Totals(found[f"{name}_sales"], found[f"{name}_orders"]) for name in windows}


def by_day(first: date, last: date, places: Places = None) -> list[Day]:
    """Every business day from `first` to `last`, those without a sale too; one query."""
    rows = (
        paid_in(of_days(first, last), places)
        .values(on=TruncDate("paid_at", tzinfo=clock.SHANGHAI))
        .annotate(sales=Sum("paid_amount"), count=Count("pk"))
        .order_by()
    )
    found = {row["on"]: Totals(row["sales"], row["count"]) for row in rows}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [Day(day, found.get(day, Totals())) for day in days]


def by_place(window: Window, places: Places = None) -> list[PlaceSales]:
    """Sales of each place, the largest first; one query."""
    rows = (
        paid_in(window, places)
        .values(name=F("place__name"))
        .annotate(sales=Sum("paid_amount"), count=Count("pk"))
        .order_by("-sales")
    )
    return [PlaceSales(row["name"] or "", Totals(row["sales"], row["count"])) for row in rows]


def by_hour(window: Window, places: Places = None) -> dict[tuple[int, int], int]:
    """Orders paid by (weekday 1 = Monday … 7, hour 0 … 23), Shanghai time; one query."""
    rows = (
        paid_in(window, places)
        .values(
            weekday=ExtractIsoWeekDay("paid_at", tzinfo=clock.SHANGHAI),
            hour=ExtractHour("paid_at", tzinfo=clock.SHANGHAI),
        )
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {(row["weekday"], row["hour"]): row["count"] for row in rows}


def top_products(window: Window, places: Places = None, *, limit: int = 10) -> list[ProductSales]:
    """Products by what was paid for them, the largest first; one query."""
    lines = OrderLine.objects.filter(order__paid_at__gte=window.start, order__paid_at__lt=window.end)
    if places is not None:
        lines = lines.filter(order__place__in=places)
    rows = (
        lines.values("product_id")
        .annotate(title=Max("title"), pieces=Sum("quantity"), amount=Sum("due"))
        .order_by("-amount", "product_id")[:limit]
    )
    return [ProductSales(row["product_id"], row["title"], row["pieces"], row["amount"]) for row in rows]


def refunded(window: Window, places: Places = None) -> Decimal:
    """Yuan of sales that went back in the window; money no order counted is left out. One query."""
    rows = Refund.objects.filter(
        status=RefundStatus.SUCCEEDED, done_at__gte=window.start, done_at__lt=window.end
    ).exclude(kind__in=[RefundKind.LATE_PAYMENT, RefundKind.DUPLICATE_PAYMENT])
    if places is not None:
        rows = rows.filter(order__place__in=places)
    total: Decimal = rows.aggregate(total=Sum("amount", default=NIL))["total"]
    return total


def paid_in(window: Window, places: Places = None) -> QuerySet[Order]:
    """The orders paid in the window, whatever became of them."""
    rows = Order.objects.filter(paid_at__gte=window.start, paid_at__lt=window.end)
    return rows if places is None else rows.filter(place__in=places)
