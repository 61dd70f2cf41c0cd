"""Slow sellers with what to do about them, what became of it, and how fast everything turns over."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from analytics import wording
from analytics.models import Remedy, SkuHealth
from analytics.policies import SLOW_SCORE
from analytics.selectors import health
from analytics.services import remedies
from analytics.terms import RemedyKind
from catalog.models import ProductImage
from shop.core import charts, uploads
from shop.core.admin import ReadOnlyAdmin, ThriftyPaginator, actor, service_action
from shop.core.errors import Refusal

ON_A_PAGE = 50
TREATING = "analytics.treat_slow_seller"
BARS = 12


@admin.register(SkuHealth)
class SellersAdmin(ReadOnlyAdmin):
    """The list shows what hardly sells; turnover/ shows everything by category and SKU."""

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [
            path("turnover/", door(self.turnover), name="analytics_skuhealth_turnover"),
            path(
                "treat/<int:sku_id>/",
                door(require_POST(self.treat)),
                name="analytics_skuhealth_treat",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("suggestion", "")
        found = health.slow(SLOW_SCORE.get())
        if asked in RemedyKind.values:
            found = found.filter(suggestion=asked)
        page = ThriftyPaginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        treated = Remedy.objects.filter(sku__in=[row.sku_id for row in rows], ended_at=None)
        running = {one.sku_id: one for one in treated}
        results = health.results(list(running.values()))
        pictures = _pictures(rows)
        context = {
            **self.admin_site.each_context(request),
            "tabs_of": self.model._meta,
            "title": _now("Slow sellers"),
            "rows": [
                {
                    "row": row,
                    "picture": uploads.derivative_url(pictures[row.sku.product_id], 160)
                    if row.sku.product_id in pictures
                    else "",
                    "why": wording.why_slow(row),
                    "advice": wording.why_remedy(row),
                    "remedy": running.get(row.sku_id),
                    "result": results.get(running[row.sku_id].pk) if row.sku_id in running else None,
                }
                for row in rows
            ],
            "kinds": [(one.value, one.label, one.value == asked) for one in RemedyKind],
            "asked": asked,
            "page": page,
            "mark": SLOW_SCORE.get(),
            "may_treat": request.user.has_perm(TREATING),
        }
        return TemplateResponse(request, "admin/analytics/slow.html", context)

    def treat(self, request: HttpRequest, sku_id: int) -> HttpResponse:
        if not request.user.has_perm(TREATING):
            raise PermissionDenied
        try:
            remedies.start(
                sku_id=sku_id,
                kind=request.POST.get("kind", ""),
                note=request.POST.get("note", ""),
                actor=actor(request),
            )
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        else:
            messages.success(request, _now("Begun. Stock and price of today are remembered."))
        return HttpResponseRedirect(reverse("admin:analytics_skuhealth_changelist"))

    def turnover(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        groups = health.by_category(SLOW_SCORE.get())
        found = SkuHealth.objects.select_related("sku__product").filter(average_value__gt=0)
        by = request.GET.get("by", "slowest")
        order = ("turnover", "-stock_value") if by != "fastest" else ("-turnover", "-stock_value")
        page = ThriftyPaginator(found.order_by(*order), ON_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "tabs_of": self.model._meta,
            "title": _now("Turnover"),
            "groups": groups,
            "total": health.together(groups),
            "charts": _charts(groups),
            "rows": list(page.object_list),
            "page": page,
            "by": by,
        }
        return TemplateResponse(request, "admin/analytics/turnover.html", context)


@admin.register(Remedy)
class RemedyAdmin(ReadOnlyAdmin):
    list_display = (
        *("show_goods", "show_kind", "show_state", "started_at"),
        *("stock_then", "show_stock", "show_sold", "show_money"),
    )
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("=sku__code", "sku__product__title")
    list_select_related = ("sku__product",)
    actions_detail = ("end_remedy",)
    fields = (
        *("sku", "show_kind", "note", "started_at", "ended_at", "price_then", "value_then", "score_then"),
        *("stock_then", "show_stock", "show_sold", "show_money"),
    )
    readonly_fields = fields

    @service_action(
        _("End and keep the result"),
        permission=TREATING,
        confirm=_("Stock, pieces sold and money taken until now are written down as the result."),
        when=lambda remedy: remedy.ended_at is None,
        icon="flag",
    )
    def end_remedy(self, request: HttpRequest, remedy: Remedy, data: dict[str, Any]) -> None:
        remedies.end(remedy_id=remedy.pk, actor=actor(request))

    def get_queryset(self, request: HttpRequest) -> Any:
        return health.with_results(super().get_queryset(request))

    @display(description=_("goods"), header=True)
    def show_goods(self, row: Remedy) -> list[str]:
        return [row.sku.product.title, f"{row.sku.spec_text} {row.sku.code}".strip(), ""]

    @display(description=_("remedy"))
    def show_kind(self, row: Remedy) -> str:
        return str(RemedyKind(row.kind).label)

    @display(description=_("state"), label={"open": "warning", "ended": "success"})
    def show_state(self, row: Remedy) -> tuple[str, str]:
        return ("open", _now("running")) if row.ended_at is None else ("ended", _now("ended"))

    @display(description=_("stock now"))
    def show_stock(self, row: Any) -> int:
        return row.stock_end if row.ended_at else row.stock_now

    @display(description=_("sold"))
    def show_sold(self, row: Any) -> int:
        return row.sold_end if row.ended_at else row.sold_now

    @display(description=_("money recovered"))
    def show_money(self, row: Any) -> str:
        return f"¥{row.recovered if row.ended_at else row.money_now}"


def _pictures(rows: list[SkuHealth]) -> dict[int, str]:
    found = ProductImage.objects.filter(product__in={row.sku.product_id for row in rows})
    first: dict[int, str] = {}
    for product_id, name in found.order_by("product", "position", "pk").values_list("product", "path"):
        first.setdefault(product_id, name)
    return first


def _charts(groups: list[health.Turnover]) -> list[charts.Drawing]:
    top = groups[:BARS]
    names = [one.name for one in top]
    return [
        charts.bars(
            _now("Turns a year by category"),
            names,
            [charts.Series(_now("turns a year"), [_round(one.turns, 2) for one in top])],
            definition=_now("Cost of what was sold, in a year at this pace, divided by the average stock."),
            head=_now("Category"),
        ),
        charts.bars(
            _now("Days of inventory by category"),
            names,
            [
                charts.Series(
                    _now("days of inventory"), [_round(one.days_of_stock, 0) for one in top], colour="#1F5FAF"
                )
            ],
            definition=_now("How many days the average stock lasts at the pace of the last days."),
            head=_now("Category"),
        ),
    ]


def _round(value: float | None, digits: int) -> float | None:
    if value is None:
        return None
    return round(value, digits) if digits else round(value)
