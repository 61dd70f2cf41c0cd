"""Warnings of short stock: what runs out, where, and for how long it still lasts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from catalog.models import StockAlert
from catalog.selectors import stock_alerts
from catalog.terms.demand import AlertTier
from shop.core.admin import ReadOnlyAdmin

TONES = {AlertTier.OUT.value: "danger", AlertTier.CRITICAL.value: "warning", AlertTier.WARN.value: "info"}


class StandingFilter(admin.SimpleListFilter):
    """Open ones unless asked otherwise; the dashboard's card leads here."""

    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("stock_short", _("running short")), ("ended", _("well again")), ("all", _("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "ended":
            return queryset.exclude(closed_at=None)
        return queryset if self.value() == "all" else queryset.filter(closed_at=None)


@admin.register(StockAlert)
class StockAlertAdmin(ReadOnlyAdmin):
    list_display = (
        *("show_goods", "show_tier", "show_place", "free_count", "mark", "show_cover", "raised_at"),
        *("show_told", "show_next"),
    )
    list_filter = (StandingFilter, "tier", ("level__place", RelatedDropdownFilter))
    search_fields = ("=level__sku__code", "=level__sku__barcode", "level__sku__product__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockAlert]:
        return stock_alerts.of_staff(request.user)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("urgency", "cover_days", "-id")

    @display(description=_("goods"), header=True)
    def show_goods(self, row: StockAlert) -> list[str]:
        sku = row.level.sku
        return [sku.product.title, f"{sku.spec_text} {sku.code}".strip(), ""]

    @display(description=_("state"), ordering="urgency", label=TONES)
    def show_tier(self, row: StockAlert) -> tuple[str, str]:
        return row.tier, str(AlertTier(row.tier).label)

    @display(description=_("place"), ordering="level__place")
    def show_place(self, row: StockAlert) -> str:
        return row.level.place.name

    @display(description=_("lasts for"), ordering="cover_days")
    def show_cover(self, row: StockAlert) -> str:
        if row.cover_days is None:
            return "—"
        return _now("{days} days").format(days=f"{max(row.cover_days, 0):.0f}")

    @display(description=_("told"))
    def show_told(self, row: StockAlert) -> str:
        return f"×{row.told_count}"

    @display(description=_("what to do"))
    def show_next(self, row: StockAlert) -> SafeString:
        address = reverse("admin:catalog_stocklevel_change", args=[row.level_id])
        return format_html('<a class="underline" href="{}">{}</a>', address, _now("Stock and mark"))
