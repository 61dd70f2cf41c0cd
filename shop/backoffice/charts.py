"""Charts as data for templates/admin/backoffice/chart_*.html: what is drawn, and the same as a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics import terms
from analytics.selectors.sales import Day, PlaceSales, ProductSales
from shop.core.charts import OPTIONS

Words = str | Promise
WEEKDAYS = 7
HOURS = 24


@dataclass(frozen=True, slots=True)
class Chart:
    """`kind` names the template. `data` and `options` are JSON for Chart.js, empty where HTML draws."""

    kind: str
    title: Words
    definition: Words
    heads: Sequence[Words]
    rows: Sequence[Sequence[Any]]
    data: str = ""
    options: str = ""

    @property
    def template(self) -> str:
        return f"admin/backoffice/chart_{self.kind}.html"


def days(title: Words, days: Sequence[Day], before: Sequence[Day]) -> Chart:
    """A line of daily sales, and a faint one of as many days before; the table has the newest day first."""
    labels = [f"{day.on.month}-{day.on.day:02d}" for day in days]
    this, last = _("this time"), _("before")
    return Chart(
        kind="line",
        title=title,
        definition=terms.SALES.definition,
        heads=(_("Day"), terms.SALES.label, terms.ORDERS.label, last),
        rows=[
            (day.on, day.totals.sales, day.totals.orders, former.totals.sales)
            for day, former in reversed(list(zip(days, before, strict=True)))
        ],
        data=json.dumps(
            {
                "labels": labels,
                "datasets": [
                    _line(this, [day.totals.sales for day in days], "var(--bo-solid)", width=2.5),
                    _line(last, [day.totals.sales for day in before], "var(--bo-faint)", width=1.5),
                ],
            }
        ),
        options=json.dumps(OPTIONS),
    )


def products(title: Words, top: Sequence[ProductSales]) -> Chart:
    """Bars of the best sellers; each row has its share of the largest in per cent, for the bar."""
    largest = max((one.amount for one in top), default=Decimal(1)) or Decimal(1)
    return Chart(
        kind="bars",
        title=title,
        definition=terms.GOODS.definition,
        heads=(pgettext("figure", "Product"), terms.PIECES.label, terms.GOODS.label),
        rows=[
            (one.product_id, one.title, one.pieces, one.amount, round(one.amount * 100 / largest))
            for one in top
        ],
    )


def places(title: Words, rows: Sequence[PlaceSales]) -> Chart:
    """Bars of places."""
    largest = max((one.totals.sales for one in rows), default=Decimal(1)) or Decimal(1)
    return Chart(
        kind="places",
        title=title,
        definition=terms.SALES.definition,
        heads=(pgettext("figure", "Place"), terms.ORDERS.label, terms.SALES.label),
        rows=[
            (
                one.place or _("not assigned yet"),
                one.totals.orders,
                one.totals.sales,
                round(one.totals.sales * 100 / largest),
            )
            for one in rows
        ],
    )


def hours(title: Words, counts: Mapping[tuple[int, int], int]) -> Chart:
    """A grid of weekday and hour; each cell has its count and its strength from 0 to 5."""
    busiest = max(counts.values(), default=0)
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return Chart(
        kind="heat",
        title=title,
        definition=terms.ORDERS.definition,
        heads=["", *range(HOURS)],
        rows=[
            (names[weekday], [_cell(counts.get((weekday + 1, hour), 0), busiest) for hour in range(HOURS)])
            for weekday in range(WEEKDAYS)
        ],
    )


def _cell(count: int, busiest: int) -> tuple[int, int]:
    return count, -(-count * 5 // busiest) if busiest else 0


def _line(label: Words, amounts: Sequence[Decimal], colour: str, *, width: float) -> dict[str, Any]:
    return {
        "label": str(label),
        "data": [str(amount) for amount in amounts],
        "borderColor": colour,
        "backgroundColor": colour,
        "borderWidth": width,
        "pointRadius": 0,
        "pointHitRadius": 12,
        "tension": 0.25,
    }
