"""What partner brands of gift boxes get, month by month."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from orders.selectors import partner_shares
from orders.selectors.partner_shares import Share
from shop.core import clock, money, tables

PERMISSION = "orders.view_payment"
MONTHS = 6


def page(request: HttpRequest) -> HttpResponse:
    """`?month=2026-11` chooses a month (this one without), `&format=csv` gives it as a file."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    month = _month(request.GET.get("month", ""))
    rows = partner_shares.owed(clock.day_bounds(month)[0], clock.day_bounds(_after(month))[0])
    if request.GET.get("format") == "csv":
        return _csv(month, rows)
    partners: dict[str, list[Share]] = {}
    for row in rows:
        partners.setdefault(row.partner, []).append(row)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Partner shares"),
        "month": month,
        "months": [(one, one == month) for one in _months()],
        "partners": [
            (
                name,
                shares,
                sum((one.net for one in shares), money.ZERO),
                sum((one.owed for one in shares), money.ZERO),
            )
            for name, shares in partners.items()
        ],
    }
    return TemplateResponse(request, "admin/backoffice/partner_shares.html", context)


def _csv(month: date, rows: Sequence[Share]) -> HttpResponse:
    sheet = tables.CsvSink(
        [
            _("Partner"),
            _("Gift box"),
            _("Channel code"),
            _("Sold"),
            _("Returned"),
            _("Paid"),
            _("Refunded"),
            _("Net"),
            "%",
            _("Owed"),
        ]
    )
    for row in rows:
        sheet.write(
            [
                row.partner,
                row.title,
                row.channel_code,
                row.pieces,
                row.returned,
                row.sold,
                row.refunded,
                row.net,
                row.percent,
                row.owed,
            ]
        )
    answer = HttpResponse(sheet.content(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="partner-shares-{month:%Y-%m}.csv"'
    return answer


def _month(asked: str) -> date:
    months = {f"{month:%Y-%m}": month for month in _months()}
    return months.get(asked, _months()[0])


def _months() -> list[date]:
    """The last six, this one first."""
    months = [clock.business_day(clock.page_now()).replace(day=1)]
    while len(months) < MONTHS:
        last = months[-1]
        months.append(last.replace(year=last.year - (last.month == 1), month=(last.month - 2) % 12 + 1))
    return months


def _after(month: date) -> date:
    return month.replace(year=month.year + (month.month == 12), month=month.month % 12 + 1)
