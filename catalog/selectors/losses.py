"""What was lost, why, and how much of what was handed out that is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from catalog.models import Loss, StockMovement
from catalog.terms import MovementReason
from shop.core import clock

Places = Collection[int] | None


@dataclass(frozen=True)
class Part:
    """Pieces and what they cost, in yuan; pieces without a known cost count at the SKU's price."""

    pieces: int = 0
    cost: Decimal = Decimal("0.00")

    def share_of(self, other: "Part") -> Decimal | None:
        """This cost as a share of both together, 0 to 1; None when nothing moved."""
        whole = self.cost + other.cost
        return self.cost / whole if whole else None


def of_days(first: date, last: date, places: Places = None) -> QuerySet[Loss]:
    """Losses booked on these business days."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    found = Loss.objects.filter(created_at__gte=start, created_at__lt=end)
    return found if places is None else found.filter(level__place__in=places)


def total(first: date, last: date, places: Places = None) -> Part:
    """All losses of these days; one query."""
    return _part(of_days(first, last, places).aggregate(**_SUMS))


def handed_out(first: date, last: date, places: Places = None) -> Part:
    """What buyers got on these days, at today's cost; one query."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    moved = StockMovement.objects.filter(
        reason=MovementReason.CONSUMED, created_at__gte=start, created_at__lt=end
    )
    if places is not None:
        moved = moved.filter(level__place__in=places)
    cost = Coalesce(F("level__sku__cost_price"), F("level__sku__list_price"))
    return _part(
        moved.aggregate(
            pieces=-Sum("delta_on_hand"),
            cost=Sum(ExpressionWrapper(-F("delta_on_hand") * cost, output_field=_MONEY)),
        )
    )


def by_reason(first: date, last: date, places: Places = None) -> dict[str, Part]:
    """The dearest reason first; one query."""
    return _by(of_days(first, last, places), "reason")


def by_place(first: date, last: date, places: Places = None) -> dict[str, Part]:
    """By name of the place, the dearest first; one query."""
    return _by(of_days(first, last, places), "level__place__name")


def by_day(first: date, last: date, places: Places = None) -> dict[date, Part]:
    """Days with losses; one query."""
    days = of_days(first, last, places).annotate(day=TruncDate("created_at", tzinfo=clock.SHANGHAI))
    return {row["day"]: _part(row) for row in days.order_by().values("day").annotate(**_SUMS) if row["day"]}


def by_product(
    first: date, last: date, places: Places = None, limit: int = 10
) -> list[tuple[int, str, Part]]:
    """Id, title and losses of the products that lose most; one query."""
    lost: Any = of_days(first, last, places)
    rows = (
        lost.order_by()
        .values("level__sku__product", "level__sku__product__title")
        .annotate(**_SUMS)
        .order_by("-cost", "-pieces")[:limit]
    )
    return [(row["level__sku__product"], row["level__sku__product__title"], _part(row)) for row in rows]


_MONEY = DecimalField(max_digits=16, decimal_places=2)
_SUMS = {
    "pieces": Sum("quantity"),
    "cost": Sum(
        ExpressionWrapper(
            F("quantity") * Coalesce(F("unit_cost"), F("level__sku__list_price")), output_field=_MONEY
        )
    ),
}


def _by(losses: Any, name: str) -> dict[str, Part]:
    rows = losses.order_by().values(name).annotate(**_SUMS).order_by("-cost", name)
    return {row[name]: _part(row) for row in rows}


def _part(row: Any) -> Part:
    return Part(int(row["pieces"] or 0), Decimal(row["cost"] or 0))
