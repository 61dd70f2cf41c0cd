"""The sales page: how a stretch of days went, against as many days before."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from analytics import policies, terms
from analytics.selectors import people, sales, windows
from catalog.selectors import places
from shop.backoffice import charts, dashboard
from shop.core import clock

PERMISSION = "orders.view_payment"
SPANS = (7, 30, 90)


def page(request: HttpRequest) -> HttpResponse:
    """`?days=7|30|90`; anything else shows thirty."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    count = next((span for span in SPANS if request.GET.get("days") == str(span)), 30)
    seen = places.ids_of_staff(request.user)
    today = clock.business_day(clock.page_now())
    first = today - timedelta(days=count - 1)
    this, last = (
        windows.of_days(first, today),
        windows.of_days(first - timedelta(days=count), first - timedelta(days=1)),
    )
    days = sales.by_day(first - timedelta(days=count), today, seen)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Sales"),
        "spans": [(span, span == count) for span in SPANS],
        "first": first,
        "last": today,
        "is_scoped": seen is not None,
        "tiles": _tiles(this, last, seen, request),
        "charts": [
            charts.days(_("Sales by day"), days[count:], days[:count]),
            charts.products(_("Best sellers"), sales.top_products(this, seen, limit=12)),
            charts.places(_("Sales by place"), sales.by_place(this, seen)),
            charts.hours(_("Paid orders by weekday and hour"), sales.by_hour(this, seen)),
        ],
    }
    return TemplateResponse(request, "admin/backoffice/sales.html", context)


def _tiles(
    this: windows.Window, last: windows.Window, seen: sales.Places, request: HttpRequest
) -> list[dashboard.Tile]:
    named = {"this": this, "last": last}
    sold = sales.totals(named, seen)
    rows: list[tuple[terms.Figure, Any, Any]] = [
        (terms.SALES, sold["this"].sales, sold["last"].sales),
        (terms.ORDERS, sold["this"].orders, sold["last"].orders),
        (terms.AVERAGE, sold["this"].average, sold["last"].average),
        (terms.REFUNDED, sales.refunded(this, seen), sales.refunded(last, seen)),
    ]
    if seen is None and policies.COUNT_VISITS.get():
        came, bought = people.visitors(named), people.buyers(named)
        shares = {name: dashboard.share(bought[name], came[name]) for name in named}
        rows.append((terms.VISITORS, came["this"], came["last"]))
        rows.append((terms.CONVERSION, shares["this"], shares["last"]))
    if seen is None and request.user.has_perm("members.view_member"):
        joined = people.new_members(named)
        rows.append((terms.NEW_MEMBERS, joined["this"], joined["last"]))
    label = _("the days before")
    return [
        dashboard.Tile(figure, value, (dashboard.compared(label, value, before),))
        for figure, value, before in rows
    ]
