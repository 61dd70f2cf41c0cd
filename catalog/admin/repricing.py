"""The repricer's page: the proposal in words, line by line, and the way back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.models import PriceRule, RepriceRun
from catalog.policies.prices import REPRICE_AUTOMATIC, REPRICE_DAILY
from catalog.services import repricing
from catalog.services.repricing import Outcome
from catalog.terms.prices import Verdict
from catalog.wording import repricing as words
from shop.core.admin import ReadOnlyAdmin, actor, names
from shop.core.errors import Refusal

MAY = "catalog.run_repricer"
EARLIER = 12
VERDICTS = (Verdict.CHANGE, Verdict.ASK, Verdict.KEEP)


@admin.register(RepriceRun)
class RepriceRunAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [
            path("calculate/", door(self.calculate), name="catalog_repricerun_calculate"),
            path("<int:run_id>/apply/", door(self.apply), name="catalog_repricerun_apply"),
            path("<int:run_id>/drop/", door(self.drop), name="catalog_repricerun_drop"),
            path("<int:run_id>/undo/", door(self.undo), name="catalog_repricerun_undo"),
            path("lines/<int:line_id>/undo/", door(self.undo_line), name="catalog_repriceline_undo"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return self._page(request, RepriceRun.objects.order_by("-pk").first())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = RepriceRun.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        if run is None:
            raise Http404
        return self._page(request, run)

    def calculate(self, request: HttpRequest) -> HttpResponse:
        return self._do(request, lambda: self._calculated(request))

    def apply(self, request: HttpRequest, run_id: int) -> HttpResponse:
        asked = [int(pk) for pk in request.POST.getlist("line") if pk.isascii() and pk.isdigit()]
        return self._do(
            request,
            lambda: self._tell(
                request,
                repricing.apply(run_id=run_id, actor=actor(request), asked=asked),
                _now("Prices changed: %(n)d."),
            ),
            run_id,
        )

    def drop(self, request: HttpRequest, run_id: int) -> HttpResponse:
        return self._do(request, lambda: repricing.drop(run_id=run_id, actor=actor(request)), run_id)

    def undo(self, request: HttpRequest, run_id: int) -> HttpResponse:
        return self._do(
            request,
            lambda: self._tell(
                request,
                repricing.undo(run_id=run_id, actor=actor(request)),
                _now("Prices put back: %(n)d."),
            ),
            run_id,
        )

    def undo_line(self, request: HttpRequest, line_id: int) -> HttpResponse:
        run_id = request.POST.get("run", "")
        return self._do(
            request,
            lambda: repricing.undo_line(line_id=line_id, actor=actor(request)),
            int(run_id) if run_id.isascii() and run_id.isdigit() else None,
        )

    def _calculated(self, request: HttpRequest) -> None:
        run = repricing.calculate(actor=actor(request))
        count = run.lines.exclude(verdict=Verdict.KEEP).count()
        messages.success(request, ngettext("%(n)d proposal.", "%(n)d proposals.", count) % {"n": count})

    def _tell(self, request: HttpRequest, outcome: Outcome, told: str) -> None:
        messages.success(request, told % {"n": outcome.done_count})
        if outcome.kept:
            count = len(outcome.kept)
            messages.warning(
                request,
                ngettext(
                    "%(n)d line stayed as it is; the reason stands beside it.",
                    "%(n)d lines stayed as they are; the reasons stand beside them.",
                    count,
                )
                % {"n": count},
            )

    def _do(self, request: HttpRequest, work: Callable[[], Any], run_id: int | None = None) -> HttpResponse:
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        if request.method == "POST":
            try:
                work()
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
        if run_id is not None:
            return HttpResponseRedirect(reverse("admin:catalog_repricerun_change", args=[run_id]))
        return HttpResponseRedirect(reverse("admin:catalog_repricerun_changelist"))

    def _page(self, request: HttpRequest, run: RepriceRun | None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = _rows(run) if run else []
        earlier = list(RepriceRun.objects.order_by("-pk")[:EARLIER])
        people = names({one.actor for one in earlier} | {one.applied_by for one in earlier})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "tabs_of": self.model._meta,
            "title": _("Repricing"),
            "run": run,
            "groups": [
                (verdict, found)
                for verdict in VERDICTS
                if (found := [one for one in rows if one["verdict"] == verdict])
            ],
            "is_open": bool(run and not run.applied_at and not run.dropped_at),
            "can_undo": bool(run and run.applied_at and not run.undone_at),
            "earlier": [(one, people.get(one.actor, one.actor)) for one in earlier],
            "driver_count": PriceRule.objects.filter(is_traffic_driver=True, sku__is_active=True).count(),
            "is_daily": REPRICE_DAILY.get(),
            "is_automatic": REPRICE_AUTOMATIC.get(),
            "may_run": request.user.has_perm(MAY),
        }
        return TemplateResponse(request, "admin/catalog/repricing.html", context)


def _rows(run: RepriceRun) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "verdict": line.verdict,
            "goods": f"{line.sku.product.title} {line.sku.spec_text}".strip(),
            "words": words.explain(line.code, line.parameters),
            "refused": words.explain_refusal(line.refused) if line.refused else "",
            "change": _change(line.old_price, line.new_price),
        }
        for line in run.lines.select_related("sku__product").order_by("sku__product__title", "pk")
    ]


def _change(old: Any, new: Any) -> str:
    """−5.2%, or empty."""
    if new is None or not old:
        return ""
    share = (new - old) * 100 / old
    return f"{'+' if share > 0 else '−'}{abs(share):.1f}%"
