"""The first page of the back office: what to do now, how today goes, what is wrong, the charts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics import policies, terms
from analytics.selectors import people, sales, windows
from catalog.selectors import places
from members.selectors import preferences
from shop.backoffice import alerts, arranging, charts, checklist, shortcuts, waiting
from shop.core import clock

Words = str | Promise
CHART_DAYS = 30
TOP_DAYS = 7
FEW_STEPS = 2
CHARTS_FRESH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of waiting work, with the way to its list."""

    code: str
    title: Words
    count: int
    oldest_at: datetime | None
    link: str
    icon: str
    tone: str


class Percent(Decimal):
    """A share of a hundred, shown with its sign."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`share` is the change in per cent against `before`; None when there was nothing to compare with."""

    label: Words
    before: Decimal | int | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Tile:
    """`link` leads to the rows the figure counts, empty when the person may not see them."""

    figure: terms.Figure
    value: Decimal | int | None
    comparisons: tuple[Comparison, ...]
    link: str = ""


def context(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    """What templates/admin/index.html shows to this person."""
    wishes = preferences.of(int(request.user.pk or 0))
    now = clock.page_now()
    seen = places.ids_of_staff(request.user)
    may_see_sales = request.user.has_perm("orders.view_order")
    shown, hidden = arranging.arranged(cards(request), wishes.get("dashboard.todo"))
    doors, closed_doors = arranging.arranged(shortcuts.of(request), wishes.get("dashboard.shortcuts"))
    drawn = _charts(now, seen) if may_see_sales else {}
    steps = _steps(request, wishes)
    panels, folded = arranging.arranged(drawn, wishes.get("dashboard.charts"))
    return (
        given
        | today(request, now, seen, wishes)
        | {
            "title": _("Dashboard"),
            "cards": [card for _code, card in shown],
            "hidden_cards": [card for _code, card in hidden],
            "waits": any(card.count for _code, card in shown),
            "shortcuts": [door for _code, door in doors],
            "hidden_shortcuts": [door for _code, door in closed_doors],
            "alerts": alerts.of(request.user),
            "is_watched": request.user.has_perm("core.view_jobrun"),
            "steps": steps,
            "is_new": sum(not step.is_done for step in steps) > FEW_STEPS,
            "charts": panels,
            "hidden_charts": folded,
            "sound": bool(wishes.get("live.sound", False)),
        }
    )


def today(
    request: HttpRequest, now: datetime, seen: Collection[int] | None, wishes: dict[str, Any]
) -> dict[str, Any]:
    """The figures of today, as templates/admin/backoffice/today.html shows them."""
    found = tiles(request, now, seen) if request.user.has_perm("orders.view_order") else []
    shown, hidden = arranging.arranged(
        {tile.figure.code: tile for tile in found}, wishes.get("dashboard.today")
    )
    return {
        "now": now,
        "is_scoped": seen is not None,
        "tiles": [tile for _code, tile in shown],
        "hidden_tiles": [tile for _code, tile in hidden],
    }


def cards(request: HttpRequest) -> dict[str, Card]:
    """The kinds of the day's work this person does, the most urgent first, also those that don't wait now."""
    found = waiting.counts(request.user)
    return {
        chore.code: Card(
            code=chore.code,
            title=chore.title,
            count=found[chore.code].count,
            oldest_at=found[chore.code].oldest_at,
            link=chore.link(),
            icon=chore.icon,
            tone=chore.tone,
        )
        for chore in sorted(waiting.CHORES, key=lambda chore: waiting.TONES.index(chore.tone))
        if chore.code in found and not chore.is_alarm
    }


def tiles(request: HttpRequest, now: datetime, seen: Collection[int] | None) -> list[Tile]:
    """Today so far against yesterday and a week ago at the same time of day. Four queries."""
    spans = windows.same_hour(now)
    named = {"today": spans.today, "yesterday": spans.yesterday, "week_ago": spans.week_ago}
    sold = sales.totals(named, seen)
    rows = _rows_of_today(now)
    found = [
        _tile(terms.SALES, {name: one.sales for name, one in sold.items()}, rows),
        _tile(terms.ORDERS, {name: one.orders for name, one in sold.items()}, rows),
    ]
    if seen is None and policies.COUNT_VISITS.get():
        came, bought = people.visitors(named), people.buyers(named)
        shares = {name: share(bought[name], came[name]) for name in named}
        more = reverse("backoffice:sales") if request.user.has_perm("orders.view_payment") else ""
        found += [_tile(terms.VISITORS, came, more), _tile(terms.CONVERSION, shares, rows)]
    found.append(_tile(terms.AVERAGE, {name: one.average for name, one in sold.items()}, rows))
    if seen is None and request.user.has_perm("members.view_member"):
        link = f"{reverse('admin:members_member_changelist')}?o=-1"
        found.append(_tile(terms.NEW_MEMBERS, people.new_members(named), link))
    return found


def _rows_of_today(now: datetime) -> str:
    day = clock.business_day(now)
    return f"{reverse('admin:orders_order_changelist')}?paid_at_from={day}&paid_at_to={day}"


def share(part: int, whole: int) -> Percent | None:
    """Per cent, one digit after the point; None of nothing, or of too little (counting began later)."""
    if not whole or part > whole:
        return None
    return Percent((Decimal(part) * 100 / whole).quantize(Decimal("0.1")))


def _steps(request: HttpRequest, wishes: dict[str, Any]) -> list[checklist.Step]:
    """The first steps of the shop, until all are done or the person has had enough of them."""
    runs_the_shop = request.user.has_perm("members.change_merchant")
    if not runs_the_shop or wishes.get(checklist.DISMISSED) or checklist.is_complete():
        return []
    return checklist.steps(request.user)


def _tile(figure: terms.Figure, values: dict[str, Any], link: str = "") -> Tile:
    return Tile(
        figure=figure,
        value=values["today"],
        comparisons=(
            compared(_("yesterday"), values["today"], values["yesterday"]),
            compared(_("a week ago"), values["today"], values["week_ago"]),
        ),
        link=link,
    )


def compared(label: Words, now: Any, before: Any) -> Comparison:
    """Shares are set beside each other; a share of a share helps nobody."""
    is_share = now is None or before is None or isinstance(now, Percent)
    return Comparison(label, before, None if is_share else change(now, before))


def change(now: Decimal | int | None, before: Decimal | int | None) -> Decimal | None:
    """Per cent, one digit after the point."""
    if not before or now is None:
        return None
    return ((Decimal(now) - Decimal(before)) * 100 / Decimal(before)).quantize(Decimal("0.1"))


def _charts(now: datetime, seen: Collection[int] | None) -> dict[str, charts.Chart]:
    """Read at most once a minute for everybody who sees the same places in the same language."""
    scope = "all" if seen is None else ".".join(str(pk) for pk in sorted(seen))
    key = f"backoffice.charts.{get_language()}.{clock.business_day(now)}.{scope}"
    drawn: dict[str, charts.Chart] | None = cache.get(key)
    if drawn is None:
        drawn = _draw(now, seen)
        cache.set(key, drawn, CHARTS_FRESH_SECONDS)
    return drawn


def _draw(now: datetime, seen: Collection[int] | None) -> dict[str, charts.Chart]:
    today = clock.business_day(now)
    first = today - timedelta(days=CHART_DAYS - 1)
    days = sales.by_day(first - timedelta(days=CHART_DAYS), today, seen)
    last_days = windows.of_days(today - timedelta(days=TOP_DAYS - 1), today)
    return {
        "days": charts.days(
            _("Sales of the last {count} days").format(count=CHART_DAYS),
            days[CHART_DAYS:],
            days[:CHART_DAYS],
        ),
        "products": charts.products(
            _("Best sellers of the last {count} days").format(count=TOP_DAYS),
            sales.top_products(last_days, seen, limit=8),
        ),
        "places": charts.places(
            _("Sales by place of the last {count} days").format(count=TOP_DAYS),
            sales.by_place(last_days, seen),
        ),
    }
