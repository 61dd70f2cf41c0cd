"""Every call about money as it went out and came back."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from orders.admin.money_words import raw
from orders.models import GatewayCall
from shop.core.admin import ReadOnlyAdmin, coloured

RESULTS = {
    "ok": (_("Answered"), "success"),
    "rejected": (_("Refused"), "danger"),
    "unknown": (_("No answer"), "warning"),
}


@admin.register(GatewayCall)
class GatewayCallAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "show_result", "verb", "number", "status_code", "gateway")
    list_filter = ("result", "verb", ("made_at", RangeDateFilter))
    search_fields = ("=number",)
    search_help_text = _("Payment number or refund number, in full")
    ordering = ("-pk",)
    fields = (
        ("made_at", "show_result"),
        ("verb", "number"),
        ("gateway", "status_code"),
        "show_request",
        "show_answer",
    )
    readonly_fields = ("show_result", "show_request", "show_answer")

    @display(description=_("result"), ordering="result")
    def show_result(self, call: GatewayCall) -> SafeString:
        return coloured(*RESULTS.get(call.result, (call.result, "default")))

    @display(description=_("request"))
    def show_request(self, call: GatewayCall) -> SafeString:
        return raw(call.request)

    @display(description=_("answer"))
    def show_answer(self, call: GatewayCall) -> SafeString:
        return raw(call.answer)
