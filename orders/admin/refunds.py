"""Money going back: looked at here; the gateway can be asked or handed it again, nothing is edited."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from orders.admin.money_words import amount, links, table, trail
from orders.models import GatewayCall, Refund
from orders.selectors import actors
from orders.selectors.todo import scoped
from orders.services import refunds
from orders.terms import RefundStatus
from shop.core.admin import ReadOnlyAdmin, coloured, service_action

COLOURS = {
    RefundStatus.CREATED.value: "warning",
    RefundStatus.PROCESSING.value: "info",
    RefundStatus.SUCCEEDED.value: "success",
    RefundStatus.CLOSED.value: "danger",
    RefundStatus.ABNORMAL.value: "danger",
}


class RefundTodoFilter(SimpleListFilter):
    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("refund_in_trouble", _("Needs attention"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(status=RefundStatus.ABNORMAL) if self.value() else queryset


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "show_state", "show_order", "show_amount", "kind", "reason"),
        *("created_at", "done_at"),
    )
    list_filter = (
        RefundTodoFilter,
        ("status", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateFilter),
    )
    list_select_related = ("order", "payment")
    search_fields = ("=number", "=gateway_refund_id", "=order__number", "=payment__number")
    search_help_text = _("Refund number, payment number or order number, in full")
    ordering = ("-pk",)
    actions_detail = ("ask_the_gateway", "send_again")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "show_state"),
                    ("show_amount", "kind"),
                    ("show_order", "show_payment"),
                    ("reason", "show_requester"),
                    ("created_at", "done_at"),
                    ("gateway_refund_id", "trouble"),
                    ("is_unknown", "next_ask_at"),
                )
            },
        ),
        (_("Goods"), {"fields": ("show_parts",), "classes": ("tab",)}),
        (_("Steps"), {"fields": ("show_steps",), "classes": ("tab",)}),
        (_("Calls to the gateway"), {"fields": ("show_calls",), "classes": ("tab",)}),
    )
    readonly_fields = (
        *("show_state", "show_order", "show_payment", "show_amount", "show_requester"),
        *("show_parts", "show_steps", "show_calls"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        rows = super().get_queryset(request).select_related("order", "payment")
        return scoped(rows, request.user, "order__place")

    @service_action(
        _("Ask the gateway now"),
        permission="orders.refund_order",
        confirm=_("Asks how this refund stands and acts on the answer. It can be repeated without harm."),
        when=lambda refund: refund.is_open,
        icon="sync",
        outside=True,
    )
    def ask_the_gateway(self, request: HttpRequest, refund: Refund, data: dict[str, Any]) -> str:
        status = refunds.ask(refund_id=refund.pk)
        return _now("The refund is now: {state}.").format(state=status.label)

    @service_action(
        _("Send again"),
        permission="orders.refund_order",
        confirm=_("Hands this refund to the gateway again under the same number, so it is never paid twice."),
        when=lambda refund: refund.is_open,
        icon="redo",
        outside=True,
    )
    def send_again(self, request: HttpRequest, refund: Refund, data: dict[str, Any]) -> str:
        refunds.send(refund_id=refund.pk)
        refund.refresh_from_db()
        return _now("The refund is now: {state}.").format(state=refund.get_status_display())

    @display(description=_("state"), ordering="status")
    def show_state(self, refund: Refund) -> SafeString:
        return coloured(refund.get_status_display(), COLOURS[refund.status])

    @display(description=_("order"), ordering="order")
    def show_order(self, refund: Refund) -> SafeString:
        return links([refund.order])

    @display(description=_("payment"))
    def show_payment(self, refund: Refund) -> SafeString:
        return links([refund.payment])

    @display(description=_("amount"), ordering="amount")
    def show_amount(self, refund: Refund) -> SafeString:
        return amount(refund.amount)

    @display(description=_("requested by"))
    def show_requester(self, refund: Refund) -> str:
        return actors.names([refund.requested_by]).get(refund.requested_by, refund.requested_by)

    @display(description="")
    def show_parts(self, refund: Refund) -> SafeString:
        return table(
            (_("goods"), _("quantity"), _("amount")),
            [
                (part.line or _("Freight"), part.quantity or "–", amount(part.amount))
                for part in refund.lines.select_related("line").order_by("pk")
            ],
        )

    @display(description="")
    def show_steps(self, refund: Refund) -> SafeString:
        return trail(refund.transitions.order_by("pk"), RefundStatus)

    @display(description="")
    def show_calls(self, refund: Refund) -> SafeString:
        return table(
            (_("made"), _("call"), _("HTTP status"), _("result")),
            [
                (call.made_at, links([call], call.verb), call.status_code or "–", call.result)
                for call in GatewayCall.objects.filter(number=refund.number)[:20]
            ],
        )
