"""A count sheet for the reviewer at a desk, and the same sheet on the phone of who counts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.errors.stocktakes import CountedAlready
from catalog.models import SkuPack, Stocktake, StocktakeLine
from catalog.selectors import scanning
from catalog.selectors import stocktakes as selector
from catalog.services import count_booking, counting, stocktakes
from catalog.services.stocktakes import REASONS
from catalog.terms import MovementReason
from catalog.terms.stocktakes import EntryKind, StocktakeStatus
from shop.core import numbers
from shop.core.admin import ThriftyPaginator, actor, names
from shop.core.errors import Refusal

COUNT, APPROVE = "catalog.count_stock", "catalog.approve_stocktake"
ON_A_PAGE = 100
NEEDED = {
    "hand_in": COUNT,
    "cancel": COUNT,
    "approve": APPROVE,
    "recount": APPROVE,
    "explain": APPROVE,
}


class SheetPages:
    """<id>/sheet/ shows and decides, <id>/count/ takes counts."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("<int:sheet_id>/sheet/", door(self.sheet), name="catalog_stocktake_sheet"),
            path("<int:sheet_id>/count/", door(self.count), name="catalog_stocktake_count"),
        ]

    def sheet(self, request: HttpRequest, sheet_id: int) -> HttpResponse:
        sheet = self._sheet(request, sheet_id)
        if request.method == "POST":
            return self._decide(request, sheet)
        is_review = sheet.status == StocktakeStatus.REVIEW
        view = request.GET.get("show", "different" if is_review else "all")
        found = selector.lines(sheet, view)
        page = ThriftyPaginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        summary = selector.summary(sheet)
        people = names(filter(None, [sheet.opened_by, sheet.approved_by, *(row.counted_by for row in rows)]))
        may_approve = request.user.has_perm(APPROVE)
        context = {
            **self.admin.admin_site.each_context(request),
            "title": sheet.title,
            "subtitle": f"{sheet.place.name} · {sheet.number}",
            "sheet": sheet,
            "summary": summary,
            "page": page,
            "rows": [(row, people.get(row.counted_by, "")) for row in rows],
            "view": view,
            "views": [
                ("all", _("All"), summary.line_count),
                ("different", _("Different"), summary.different_count),
                ("recount", _("Count again"), summary.recount_count),
                ("missing", _("Not counted"), summary.missing_count),
            ],
            "opened_by": people.get(sheet.opened_by, ""),
            "approved_by": people.get(sheet.approved_by, ""),
            "shows_books": not sheet.is_blind or sheet.status != StocktakeStatus.COUNTING,
            "is_counting": sheet.status == StocktakeStatus.COUNTING,
            "is_review": is_review,
            "may_count": request.user.has_perm(COUNT),
            "may_approve": may_approve,
            "sees_cost": request.user.has_perm("catalog.see_cost"),
            "reasons": [(one.value, one.label) for one in MovementReason if one in REASONS],
        }
        return TemplateResponse(request, "admin/catalog/stocktake.html", context)

    def count(self, request: HttpRequest, sheet_id: int) -> HttpResponse:
        """`?code=` or `?line=` opens an entry; POST writes one count and comes back for the next."""
        sheet = self._sheet(request, sheet_id)
        if not request.user.has_perm(COUNT):
            raise PermissionDenied
        if sheet.status != StocktakeStatus.COUNTING:
            return _to_sheet(sheet)
        context: dict[str, Any] = {"entry": None, "code": request.GET.get("code", "").strip()}
        try:
            if request.method == "POST":
                said = self._write(request, sheet)
                messages.success(request, said)
                return HttpResponseRedirect(_count_address(sheet))
            line, pieces = self._asked(request, sheet)
            if line:
                context["entry"] = self._entry(sheet, line, pieces=pieces)
        except CountedAlready as refusal:
            context["entry"] = self._second(request, sheet, refusal)
        except Refusal as refusal:
            context["problem"] = refusal.message_text
        return TemplateResponse(
            request, "admin/catalog/stocktake_count.html", self._around(request, sheet) | context
        )

    def _sheet(self, request: HttpRequest, sheet_id: int) -> Stocktake:
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        sheet = selector.of_staff(request.user).filter(pk=sheet_id).first()
        if sheet is None:
            raise Http404
        return sheet

    def _decide(self, request: HttpRequest, sheet: Stocktake) -> HttpResponse:
        verb = request.POST.get("verb", "")
        if verb not in NEEDED or not request.user.has_perm(NEEDED[verb]):
            raise PermissionDenied
        try:
            messages.success(request, getattr(self, f"_{verb}")(request, sheet))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        return _to_sheet(sheet, request.POST.get("show", ""))

    def _hand_in(self, request: HttpRequest, sheet: Stocktake) -> str:
        stocktakes.hand_in(
            stocktake_id=sheet.pk, actor=actor(request), is_rest_zero=request.POST.get("rest") == "zero"
        )
        return _("Handed in. Somebody else may approve it now.")

    def _cancel(self, request: HttpRequest, sheet: Stocktake) -> str:
        stocktakes.cancel(stocktake_id=sheet.pk, actor=actor(request))
        return _("Called off. Nothing was booked.")

    def _approve(self, request: HttpRequest, sheet: Stocktake) -> str:
        done = count_booking.approve(stocktake_id=sheet.pk, actor=actor(request))
        said = ngettext("%(count)d line is booked.", "%(count)d lines are booked.", done.booked_count) % {
            "count": done.booked_count
        }
        if done.held_count:
            said += " " + ngettext(
                "%(count)d line waits: orders hold the missing pieces.",
                "%(count)d lines wait: orders hold the missing pieces.",
                done.held_count,
            ) % {"count": done.held_count}
        if done.recount_count:
            said += " " + ngettext(
                "%(count)d line was corrected meanwhile: count it again.",
                "%(count)d lines were corrected meanwhile: count them again.",
                done.recount_count,
            ) % {"count": done.recount_count}
        return said

    def _recount(self, request: HttpRequest, sheet: Stocktake) -> str:
        ids = [int(one) for one in request.POST.getlist("line") if one.isdecimal()]
        stocktakes.ask_recount(stocktake_id=sheet.pk, line_ids=ids, actor=actor(request))
        return ngettext(
            "%(count)d line will be counted again.", "%(count)d lines will be counted again.", len(ids)
        ) % {"count": len(ids)}

    def _explain(self, request: HttpRequest, sheet: Stocktake) -> str:
        mine = {str(pk) for pk in sheet.lines.values_list("pk", flat=True)}
        for name in request.POST:
            pk, reason = name.removeprefix("reason-"), request.POST.get(name, "")
            if name.startswith("reason-") and pk in mine:
                note = request.POST.get(f"note-{pk}", "")
                stocktakes.explain(line_id=int(pk), reason=reason, note=note, actor=actor(request))
        return _("The reasons are noted.")

    def _asked(self, request: HttpRequest, sheet: Stocktake) -> tuple[StocktakeLine | None, int]:
        """The line to count next, and the pieces a scan stands for (a carton: several)."""
        chosen = request.GET.get("line", "")
        if chosen.isdecimal():
            return _line(sheet, int(chosen)), 0
        code = request.GET.get("code", "").strip()
        if not code:
            return None, 0
        scanned = scanning.read(code)
        line = sheet.lines.filter(level__sku=scanned.sku).first()
        if line is None:
            line = stocktakes.add_line(stocktake_id=sheet.pk, sku_id=scanned.sku.pk, actor=actor(request))
        return _line(sheet, line.pk), scanned.pieces

    def _write(self, request: HttpRequest, sheet: Stocktake) -> str:
        chosen, quantity = request.POST.get("line", ""), request.POST.get("quantity", "").strip()
        line = _line(sheet, int(chosen)) if chosen.isdecimal() else None
        if line is None:
            raise Http404
        line = counting.enter(
            line_id=line.pk,
            quantity=int(quantity) if quantity.isdecimal() else -1,
            kind=request.POST.get("kind", ""),
            key=request.POST.get("key", "")[:40],
            actor=actor(request),
        )
        title = line.level.sku.product.title
        if line.recount:
            return _("{title}: noted, but it has to be counted again ({why}).").format(
                title=title, why=line.get_recount_display()
            )
        return _("{title}: {count} noted.").format(title=title, count=line.counted)

    def _second(self, request: HttpRequest, sheet: Stocktake, refusal: CountedAlready) -> dict[str, Any]:
        """The entry again, with what was typed and the question what it means."""
        line = _line(sheet, refusal.extra["line_id"])
        entry = self._entry(sheet, line, quantity=request.POST.get("quantity", ""))
        who = str(refusal.extra["by"])
        kinds = [EntryKind.FOUND, EntryKind.INSTEAD if refusal.extra["is_mine"] else EntryKind.CHECK]
        return entry | {
            "choices": [(one.value, one.label) for one in kinds],
            "counted_by": "" if refusal.extra["is_mine"] else names([who]).get(who, ""),
        }

    def _entry(
        self, sheet: Stocktake, line: StocktakeLine | None, *, pieces: int = 0, quantity: str = ""
    ) -> dict[str, Any]:
        if line is None:
            raise Http404
        return {
            "line": line,
            "sku": line.level.sku,
            "packs": list(SkuPack.objects.filter(sku=line.level.sku_id)),
            "quantity": quantity or (pieces if pieces > 1 else ""),
            "book": None if sheet.is_blind else line.level.on_hand,
            "key": numbers.token(12),
        }

    def _around(self, request: HttpRequest, sheet: Stocktake) -> dict[str, Any]:
        left = selector.lines(sheet).filter(counted=None) | selector.lines(sheet, "recount")
        return {
            **self.admin.admin_site.each_context(request),
            "title": sheet.title,
            "sheet": sheet,
            "summary": selector.summary(sheet),
            "todo": left.order_by("shelf", "level__sku__product__title", "pk")[:60],
        }


def _line(sheet: Stocktake, line_id: int) -> StocktakeLine | None:
    return sheet.lines.select_related("level__sku__product").filter(pk=line_id).first()


def _to_sheet(sheet: Stocktake, view: str = "") -> HttpResponseRedirect:
    address = reverse("admin:catalog_stocktake_sheet", args=[sheet.pk])
    return HttpResponseRedirect(f"{address}?show={view}" if view in selector.VIEWS else address)


def _count_address(sheet: Stocktake) -> str:
    return reverse("admin:catalog_stocktake_count", args=[sheet.pk])
