"""The reorder workbench: what to buy and why, quantities to edit, purchase orders at one press."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics import wording
from analytics.models import ReorderSuggestion
from analytics.selectors import reorders as selector
from analytics.selectors.reorders import Asked
from analytics.services import reorders
from catalog.models import PurchaseOrder
from catalog.selectors import places
from shop.core import uploads
from shop.core.admin import ReadOnlyAdmin, ThriftyPaginator, actor
from shop.core.errors import Invalid, Refusal

ON_A_PAGE = 100
ORDERING = "analytics.order_goods"


@admin.register(ReorderSuggestion)
class ReorderAdmin(ReadOnlyAdmin):
    """The list is the workbench; there is no page of a single suggestion."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request)
        asked = _asked(request)
        page = ThriftyPaginator(selector.standing(request.user, asked), ON_A_PAGE).get_page(
            request.GET.get("page")
        )
        rows = list(page.object_list)
        suppliers, where = selector.choices(request.user)
        pictures = selector.pictures(rows)
        sees_cost = request.user.has_perm("catalog.see_cost")
        context = {
            **self.admin_site.each_context(request),
            "tabs_of": self.model._meta,
            **(extra_context or {}),
            "title": _("Reorder"),
            "rows": [
                {
                    "row": row,
                    "picture": uploads.derivative_url(pictures[row.sku.product_id], 160)
                    if row.sku.product_id in pictures
                    else "",
                    "why": wording.why_buy(row),
                    "pace": wording.pace(row.daily_mean),
                    "amount": selector.amount(row) if sees_cost else None,
                    "tone": _tone(row),
                }
                for row in rows
            ],
            "page": page,
            "suppliers": suppliers,
            "places": where,
            "asked": asked,
            "query": _query(asked),
            "may_order": request.user.has_perm(ORDERING),
            "sees_cost": sees_cost,
        }
        return TemplateResponse(request, "admin/analytics/reorder.html", context)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(ORDERING):
            raise PermissionDenied
        here = places.ids_of_staff(request.user)
        try:
            chosen = _chosen(request)
            if request.POST.get("do") == "dismiss":
                count = reorders.dismiss(ids=list(chosen), actor=actor(request), place_ids=here)
                said = ngettext("{count} put off.", "{count} put off.", count).format(count=count)
                messages.success(request, said)
            else:
                found = reorders.draft(wanted=chosen, actor=actor(request), place_ids=here)
                messages.success(request, _drafted(found))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        return HttpResponseRedirect(request.get_full_path())


def _drafted(orders: list[PurchaseOrder]) -> Any:
    words = ngettext("{count} purchase order drafted:", "{count} purchase orders drafted:", len(orders))
    links = format_html_join(
        " ",
        '<a class="underline" href="{}">{}</a>',
        ((reverse("admin:catalog_purchaseorder_change", args=[one.pk]), one.number) for one in orders),
    )
    return format_html("{} {}", words.format(count=len(orders)), links)


def _chosen(request: HttpRequest) -> dict[int, int]:
    """Ticked rows with their quantity; Invalid when one is no number."""
    found: dict[int, int] = {}
    for raw in request.POST.getlist("pick"):
        pieces = request.POST.get(f"pieces-{raw}", "").strip()
        if not (raw.isascii() and raw.isdigit() and pieces.isascii() and pieces.isdigit()):
            raise Invalid(field="quantity")
        found[int(raw[:18])] = int(pieces[:9])
    return found


def _tone(row: ReorderSuggestion) -> str:
    if row.free <= 0:
        return "out"
    left = row.days_left
    return "critical" if left is not None and left < row.lead_days else "warn"


def _asked(request: HttpRequest) -> Asked:
    def number(name: str) -> int | None:
        raw = request.GET.get(name, "")
        return int(raw[:18]) if raw.isascii() and raw.isdigit() else None

    return Asked(number("supplier"), number("place"), request.GET.get("q", "").strip()[:60])


def _query(asked: Asked) -> str:
    given = {"supplier": asked.supplier_id, "place": asked.place_id, "q": asked.query or None}
    return urlencode({name: value for name, value in given.items() if value is not None})
