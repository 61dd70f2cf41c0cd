"""Forecasts: a list, and for each a picture of past and future with the errors of every method."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from analytics import wording
from analytics.forecasting.scoring import COMBINED
from analytics.models import SkuForecast
from analytics.selectors import forecasts as selector
from catalog.models import SkuDemand
from shop.core import charts
from shop.core.admin import ReadOnlyAdmin

BAND = "rgba(59, 130, 196, 0.22)"


@admin.register(SkuForecast)
class ForecastAdmin(ReadOnlyAdmin):
    list_display = ("show_goods", "place", "show_pace", "sold_28", "show_spread", "show_error")
    list_filter = (("place", RelatedDropdownFilter),)
    search_fields = ("=sku__code", "=sku__barcode", "sku__product__title")
    ordering = ("-sold_28", "id")
    list_select_related = ("sku__product", "place")

    def get_queryset(self, request: HttpRequest) -> Any:
        return selector.of_staff(request.user)

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [
            path("of/<int:place_id>/<int:sku_id>/", door(self.of), name="analytics_skuforecast_of"),
            *super().get_urls(),
        ]

    def of(self, request: HttpRequest, place_id: int, sku_id: int) -> HttpResponse:
        """The same page by place and SKU, for links from elsewhere."""
        found = selector.of_staff(request.user).filter(place=place_id, sku=sku_id).first()
        if found is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:analytics_skuforecast_change", args=[found.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        drawn = selector.picture(row)
        run = selector.newest_run()
        weights = sorted(row.weights.items(), key=lambda one: -one[1])
        context = {
            **self.admin_site.each_context(request),
            "tabs_of": self.model._meta,
            "title": row.sku.product.title,
            "subtitle": f"{row.sku.spec_text} {row.sku.code} · {row.place.name}".strip(),
            "row": row,
            "pace": wording.pace(row.daily_mean),
            "fortnight": row.daily_mean * 14,
            "closed": drawn.closed,
            "is_best": SkuDemand.objects.filter(
                place=row.place_id, sku=row.sku_id, is_best_seller=True
            ).exists(),
            "chart": _chart(drawn),
            "lines": [(wording.method(one.name), one) for one in selector.errors(row)],
            "all": [
                (wording.method(one.name), one, rmse) for one, rmse in (selector.of_run(run) if run else [])
            ],
            "run": run,
            "parts": [(wording.method(name), f"{weight * 100:.0f}") for name, weight in weights],
        }
        return TemplateResponse(request, "admin/analytics/forecast.html", context)

    @display(description=_("goods"), ordering="sku__product__title", header=True)
    def show_goods(self, row: SkuForecast) -> list[str]:
        return [row.sku.product.title, f"{row.sku.spec_text} {row.sku.code}".strip(), ""]

    @display(description=_("expected sales"))
    def show_pace(self, row: SkuForecast) -> str:
        return wording.pace(row.daily_mean)

    @display(description=_("± pieces in 14 days"))
    def show_spread(self, row: SkuForecast) -> str:
        return f"{row.daily_sigma * 14**0.5:.1f}"

    @display(description=_("error in the back-test"))
    def show_error(self, row: SkuForecast) -> str:
        error = (row.errors.get(COMBINED) or [None])[0]
        return "—" if error is None else f"{error * 100:.0f} %"


def _chart(drawn: selector.Picture) -> charts.Drawing:
    return charts.line(
        _now("Sold, and expected"),
        [f"{day.month}-{day.day:02d}" for day in drawn.days],
        [
            charts.Series(_now("sold"), drawn.sold),
            charts.Series(_now("expected sales"), drawn.expected, colour="#3B82C4"),
            charts.Series(_now("hardly less than"), drawn.low, is_faint=True, colour=BAND),
            charts.Series(_now("hardly more than"), drawn.high, is_faint=True, colour=BAND, fills_to=2),
        ],
        definition=_now(
            "What orders took from this place by day. The band holds four of five days, "
            "by the errors the forecast made until now."
        ),
        head=_now("Day"),
    )
