"""The first page of the back office: what to do now, how today goes, the charts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from analytics import terms
from analytics.selectors import people, sales, windows
from catalog.selectors import places
from shop.backoffice import charts, waiting
from shop.core import clock

Words = str | Promise
CHART_DAYS = 30
TOP_DAYS = 7


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of waiting work, with the way to its list."""

    title: Words
    count: int
    oldest_at: datetime | None
    link: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`share` is the change in per cent against `before`; None when there was nothing to compare with."""

    label: Words
    before: Decimal | int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Tile:
    figure: terms.Figure
    value: Decimal | int
    comparisons: tuple[Comparison, ...]


def context(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    """What templates/admin/index.html shows to this person."""
    now = clock.page_now()
    seen = places.ids_of_staff(request.user)
    may_see_sales = request.user.has_perm("orders.view_order")
    return given | {
        "title": _("Dashboard"),
        "cards": cards(request),
        "now": now,
        "is_scoped": seen is not None,
        "tiles": tiles(request, now, seen) if may_see_sales else [],
        "charts": _charts(now, seen) if may_see_sales else [],
    }


def cards(request: HttpRequest) -> list[Card]:
    """The kinds of work that wait, the most urgent first."""
    found = waiting.counts(request.user)
    return [
        Card(
            title=chore.title,
            count=found[chore.code].count,
            oldest_at=found[chore.code].oldest_at,
            link=chore.link(),
            icon=chore.icon,
            tone=chore.tone,
        )
        for chore in sorted(waiting.CHORES, key=lambda chore: waiting.TONES.index(chore.tone))
        if chore.code in found and found[chore.code].count
    ]


def tiles(request: HttpRequest, now: datetime, seen: Collection[int] | None) -> list[Tile]:
    """Today so far against yesterday and a week ago at the same time of day."""
    spans = windows.same_hour(now)
    named = {"today": spans.today, "yesterday": spans.yesterday, "week_ago": spans.week_ago}
    sold = sales.totals(named, seen)
    found = [
        _tile(terms.SALES, {name: one.sales for name, one in sold.items()}),
        _tile(terms.ORDERS, {name: one.orders for name, one in sold.items()}),
        _tile(terms.AVERAGE, {name: one.average for name, one in sold.items()}),
    ]
    if seen is None and request.user.has_perm("members.view_member"):
        found.append(_tile(terms.NEW_MEMBERS, people.new_members(named)))
    return found


def _tile(figure: terms.Figure, values: dict[str, Any]) -> Tile:
    today = values["today"]
    return Tile(
        figure=figure,
        value=today,
        comparisons=(
            Comparison(_("yesterday"), values["yesterday"], change(today, values["yesterday"])),
            Comparison(_("a week ago"), values["week_ago"], change(today, values["week_ago"])),
        ),
    )


def change(now: Decimal | int, before: Decimal | int) -> Decimal | None:
    """Per cent, one digit after the point."""
    if not before:
        return None
    return ((Decimal(now) - Decimal(before)) * 100 / Decimal(before)).quantize(Decimal("0.1"))


def _charts(now: datetime, seen: Collection[int] | None) -> list[charts.Chart]:
    today = clock.business_day(now)
    first = today - timedelta(days=CHART_DAYS - 1)
    days = sales.by_day(first - timedelta(days=CHART_DAYS), today, seen)
    last_days = windows.of_days(today - timedelta(days=TOP_DAYS - 1), today)
    return [
        charts.days(
            _("Sales of the last {count} days").format(count=CHART_DAYS),
            days[CHART_DAYS:],
            days[:CHART_DAYS],
        ),
        charts.products(
            _("Best sellers of the last {count} days").format(count=TOP_DAYS),
            sales.top_products(last_days, seen, limit=8),
        ),
        charts.places(
            _("Sales by place of the last {count} days").format(count=TOP_DAYS),
            sales.by_place(last_days, seen),
        ),
    ]
