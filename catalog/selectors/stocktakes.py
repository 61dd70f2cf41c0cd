"""Count sheets as clerks and reviewers read them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from catalog.models import Stocktake, StocktakeLine
from catalog.selectors import places

DIFFERENT = Q(counted__isnull=False) & ~Q(counted=F("book"))
VIEWS = {
    "all": Q(),
    "different": DIFFERENT,
    "recount": ~Q(recount=""),
    "missing": Q(counted=None),
}


@dataclass(frozen=True)
class Summary:
    """How far a sheet is. Pieces and yuan at cost; `value` adds shortages and surpluses up."""

    line_count: int
    counted_count: int
    recount_count: int
    different_count: int
    booked_count: int
    found: int
    short: int
    value: Decimal

    @property
    def missing_count(self) -> int:
        return self.line_count - self.counted_count

    @property
    def percent(self) -> int:
        return self.counted_count * 100 // self.line_count if self.line_count else 0


def of_staff(user: Any) -> QuerySet[Stocktake]:
    """Sheets of the places this person may see, newest first."""
    mine = places.ids_of_staff(user)
    found = Stocktake.objects.select_related("place", "category").order_by("-id")
    return found if mine is None else found.filter(place__in=mine)


def with_progress(sheets: QuerySet[Stocktake]) -> QuerySet[Stocktake]:
    """Adds `line_count`, `counted_count` and `different_count`."""
    return sheets.annotate(
        line_count=Count("lines"),
        counted_count=Count("lines", filter=Q(lines__counted__isnull=False)),
        different_count=Count(
            "lines", filter=Q(lines__counted__isnull=False) & ~Q(lines__counted=F("lines__book"))
        ),
    )


def summary(sheet: Stocktake) -> Summary:
    """One query."""
    price = Coalesce(
        "level__sku__cost_price", "level__sku__list_price", output_field=DecimalField(max_digits=14)
    )
    delta = F("counted") - F("book")
    found = sheet.lines.aggregate(
        line_count=Count("pk"),
        counted_count=Count("pk", filter=Q(counted__isnull=False)),
        recount_count=Count("pk", filter=~Q(recount="")),
        different_count=Count("pk", filter=DIFFERENT),
        booked_count=Count("pk", filter=Q(booked_at__isnull=False)),
        found=Coalesce(Sum(delta, filter=Q(counted__gt=F("book"))), 0),
        short=Coalesce(Sum(-delta, filter=Q(counted__lt=F("book"))), 0),
        value=Coalesce(Sum(Abs(delta) * price, output_field=DecimalField(max_digits=14)), Decimal(0)),
    )
    return Summary(**found)


def lines(sheet: Stocktake, view: str = "all") -> QuerySet[StocktakeLine]:
    """The lines of a sheet by shelf, with their goods."""
    return (
        sheet.lines.filter(VIEWS.get(view, Q()))
        .select_related("level__sku__product")
        .order_by("shelf", "level__sku__product__title", "pk")
    )
