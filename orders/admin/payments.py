"""Attempts to take money: looked at here; the gateway can be asked how one stands."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from orders import gateways
from orders.admin.money_words import amount, links, table, trail
from orders.models import GatewayCall, Payment, PaymentShare
from orders.selectors.todo import scoped
from orders.services import settling
from orders.terms import PaymentStatus
from shop.core.admin import ReadOnlyAdmin, coloured, service_action

COLOURS = {
    PaymentStatus.CREATED.value: "warning",
    PaymentStatus.PENDING.value: "warning",
    PaymentStatus.PAID.value: "success",
    PaymentStatus.CLOSED.value: "default",
    PaymentStatus.FAILED.value: "danger",
}


def can_be_asked(payment: Payment) -> bool:
    """Money may still come for anything that is not paid and that a gateway knows."""
    return payment.status != PaymentStatus.PAID and payment.gateway in gateways.names()


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "show_state",
        "show_orders",
        "show_amount",
        "show_refunded",
        "method",
        "created_at",
        "paid_at",
    )
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("method", ChoicesDropdownFilter),
        "is_unknown",
        ("created_at", RangeDateFilter),
    )
    search_fields = ("=number", "=transaction_id", "=shares__order__number")
    search_help_text = _("Payment number, the gateway's transaction or the order number, in full")
    ordering = ("-pk",)
    actions_detail = ("ask_the_gateway",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "show_state"),
                    ("show_amount", "show_refunded"),
                    ("show_orders", "transaction_id"),
                    ("gateway", "method"),
                    ("created_at", "paid_at"),
                    ("expires_at", "next_ask_at"),
                    "is_unknown",
                )
            },
        ),
        (_("Refunds"), {"fields": ("show_refunds",), "classes": ("tab",)}),
        (_("Steps"), {"fields": ("show_steps",), "classes": ("tab",)}),
        (_("Calls to the gateway"), {"fields": ("show_calls",), "classes": ("tab",)}),
    )
    readonly_fields = (
        *("show_state", "show_orders", "show_amount", "show_refunded"),
        *("show_refunds", "show_steps", "show_calls"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        mine = scoped(PaymentShare.objects.filter(payment=OuterRef("pk")), request.user, "order__place")
        return super().get_queryset(request).filter(Exists(mine)).prefetch_related("shares__order")

    @service_action(
        _("Ask the gateway now"),
        permission="orders.refund_order",
        confirm=_("Asks how this payment stands and acts on the answer. It can be repeated without harm."),
        when=can_be_asked,
        icon="sync",
        outside=True,
    )
    def ask_the_gateway(self, request: HttpRequest, payment: Payment, data: dict[str, Any]) -> str:
        status = settling.ask(payment_id=payment.pk)
        return _now("The payment is now: {state}.").format(state=status.label)

    @display(description=_("state"), ordering="status")
    def show_state(self, payment: Payment) -> SafeString:
        return coloured(payment.get_status_display(), COLOURS[payment.status])

    @display(description=_("order"))
    def show_orders(self, payment: Payment) -> SafeString:
        return links(share.order for share in payment.shares.all())

    @display(description=_("amount"), ordering="amount")
    def show_amount(self, payment: Payment) -> SafeString:
        return amount(payment.amount)

    @display(description=_("refunded"), ordering="refunded_amount")
    def show_refunded(self, payment: Payment) -> SafeString:
        return amount(payment.refunded_amount) if payment.refunded_amount else SafeString("–")

    @display(description="")
    def show_refunds(self, payment: Payment) -> SafeString:
        return table(
            (_("refund number"), _("state"), _("amount"), _("reason"), _("created")),
            [
                (
                    links([refund]),
                    refund.get_status_display(),
                    amount(refund.amount),
                    refund.reason,
                    refund.created_at,
                )
                for refund in payment.refunds.order_by("-pk")
            ],
        )

    @display(description="")
    def show_steps(self, payment: Payment) -> SafeString:
        return trail(payment.transitions.order_by("pk"), PaymentStatus)

    @display(description="")
    def show_calls(self, payment: Payment) -> SafeString:
        return table(
            (_("made"), _("call"), _("HTTP status"), _("result")),
            [
                (call.made_at, links([call], call.verb), call.status_code or "–", call.result)
                for call in GatewayCall.objects.filter(number=payment.number)[:20]
            ],
        )
