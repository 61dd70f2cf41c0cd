"""What a supplier sees of one order, without an account: look, confirm line by line, or say no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.errors.purchasing import LinkGone
from catalog.models import PurchaseLine, PurchaseOrder
from catalog.services import goods_receipts, supplier_links
from catalog.services.supplier_links import Answer
from catalog.terms.purchasing import PurchaseStatus
from shop.core import clock, money
from shop.core.errors import IllegalMove, Refusal, TooMany
from shop.core.http import client_ip

STRICT = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
LANGUAGES = ("zh-hans", "en")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Row:
    """One line as the supplier reads it; `said` and `packs` are what was typed or confirmed."""

    line: PurchaseLine
    said: str
    packs: int
    confirmed_packs: int | None
    rest: int
    note: str


def unseen(view: View) -> View:
    """Kept by no cache, found by no search engine, and its address goes nowhere else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@csp_replace(STRICT)
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the order in the supplier's language (or `?language=`), POST takes the answer."""
    try:
        found = supplier_links.open_order(token=token, caller=client_ip(request))
    except (LinkGone, TooMany) as refusal:
        with translation.override(_language(request, None)):
            words = refusal.message_text
            return render(request, "storefront/supplier_gone.html", {"words": words}, status=refusal.status)
    with translation.override(_language(request, found)):
        return _answer(request, token, found) if request.method == "POST" else _show(request, token, found)


def _show(
    request: HttpRequest, token: str, order: PurchaseOrder, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    today = clock.business_day(clock.page_now())
    given = request.POST  # empty when the page is only looked at
    lines = list(order.lines.select_related("sku__product"))
    wanted = order.wanted_on or today + timedelta(days=order.supplier.lead_days)
    context = {
        "order": order,
        "rows": [_row(line, given) for line in lines],
        "can_answer": order.status == PurchaseStatus.SENT,
        "is_declined": order.status == PurchaseStatus.DECLINED,
        "is_partly": any(
            line.confirmed_quantity is not None and line.confirmed_quantity < line.quantity for line in lines
        ),
        "promised_on": given.get("promised_on") or max(wanted, today).isoformat(),
        "note": given.get("note", ""),
        "today": today.isoformat(),
        "trouble": trouble,
        "other_language": "zh-hans" if translation.get_language() == "en" else "en",
        "address": _address(request, token),
        "total": order.amount + order.freight_amount,
        "confirmed_total": _confirmed(order, lines),
    }
    return render(request, "storefront/supplier_order.html", context, status=status)


def _answer(request: HttpRequest, token: str, order: PurchaseOrder) -> HttpResponse:
    lines = list(order.lines.all())
    is_declined = request.POST.get("do") == "decline"
    answers = {line.pk: Answer(0) if is_declined else _said(line, request.POST) for line in lines}
    note = request.POST.get("why" if is_declined else "note", "")
    try:
        supplier_links.answer(token=token, answers=answers, promised_on=_day(request), note=note.strip())
    except IllegalMove:  # it was answered meanwhile: the page shows how
        return HttpResponseRedirect(_address(request, token))
    except Refusal as refusal:
        words = refusal.message_text
        if refusal.extra.get("field") == "promised_on":
            words = _("Please choose the day on which the goods arrive, today or later.")
        return _show(request, token, order, trouble=words, status=422)
    return HttpResponseRedirect(_address(request, token))


def _said(line: PurchaseLine, given: QueryDict) -> Answer:
    note = given.get(f"note-{line.pk}", "").strip()
    match given.get(f"say-{line.pk}", "all"):
        case "all":
            return Answer(line.quantity, note)
        case "none":
            return Answer(0, note)
    packs = given.get(f"packs-{line.pk}", "")
    is_number = packs.isascii() and packs.isdigit() and len(packs) < 8
    return Answer(int(packs) * line.pack_size if is_number else -1, note)


def _row(line: PurchaseLine, given: QueryDict) -> Row:
    confirmed = None if line.confirmed_quantity is None else line.confirmed_quantity // line.pack_size
    typed = given.get(f"packs-{line.pk}", "")
    return Row(
        line=line,
        said=given.get(f"say-{line.pk}", "all"),
        packs=int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else line.pack_count,
        confirmed_packs=confirmed,
        rest=line.open_quantity,
        note=given.get(f"note-{line.pk}", line.supplier_note),
    )


def _confirmed(order: PurchaseOrder, lines: list[PurchaseLine]) -> Decimal | None:
    """Yuan for what was confirmed, with freight when anything was; None before the answer."""
    if any(line.confirmed_quantity is None for line in lines):
        return None
    goods = sum((goods_receipts.worth(line, line.expected) for line in lines), money.ZERO)
    return goods + order.freight_amount if goods else money.ZERO


def _day(request: HttpRequest) -> date | None:
    try:
        return parse_date(request.POST.get("promised_on", ""))
    except ValueError:
        return None


def _language(request: HttpRequest, order: PurchaseOrder | None) -> str:
    wanted = request.GET.get("language", "")
    if wanted in LANGUAGES:
        return wanted
    return order.supplier.language if order else "zh-hans"


def _address(request: HttpRequest, token: str) -> str:
    path = reverse("storefront:supplier_order", args=[token])
    wanted = request.GET.get("language", "")
    return f"{path}?language={wanted}" if wanted in LANGUAGES else path
