"""What members wait for: which goods are missed, and at which price they were looked at."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.models import GoodsNotice
from shop.core.admin import ReadOnlyAdmin


class ToldFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "told"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("0", _now("Waits")), ("1", _now("Told"))]

    def queryset(self, request: HttpRequest, queryset):  # type: ignore[no-untyped-def]
        return queryset.filter(sent_at__isnull=self.value() == "0") if self.value() else queryset


@admin.register(GoodsNotice)
class GoodsNoticeAdmin(ReadOnlyAdmin):
    list_display = ("show_goods", "show_state", "kind", "price", "created_at", "sent_at")
    list_filter = ("kind", ToldFilter)
    list_select_related = ("sku__product",)
    search_fields = ("=sku__code", "sku__product__title")
    exclude = ("member",)
    ordering = ("-id",)

    @display(description=_("goods"), ordering="sku__product__title")
    def show_goods(self, notice: GoodsNotice) -> str:
        return f"{notice.sku.product.title} {notice.sku.spec_text} ({notice.sku.code})"

    @display(description=_("state"), label={"waits": "warning", "told": "success"})
    def show_state(self, notice: GoodsNotice) -> tuple[str, str]:
        return ("told", _now("Told")) if notice.sent_at else ("waits", _now("Waits"))
