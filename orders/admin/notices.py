"""The gateways' notices as they came in; one that did not fit stays marked until it was looked into."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from orders.admin.money_words import links, raw
from orders.models import Notice, Payment, Refund
from orders.selectors import notices as facts
from orders.services import notices, refunds, settling
from shop.core.admin import ReadOnlyAdmin, ReasonForm, actor, coloured, service_action


class NoticeTodoFilter(SimpleListFilter):
    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("notice_unprocessed", _("Not processed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(facts.is_waiting()) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "show_state", "kind", "number", "outcome", "gateway", "processed_at")
    list_filter = (NoticeTodoFilter, "kind", ("received_at", RangeDateFilter))
    search_fields = ("=number", "=notice_id")
    search_help_text = _("Payment number, refund number or the notice's own number, in full")
    ordering = ("-pk",)
    actions_detail = ("ask_the_gateway", "set_aside")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("notice_id", "show_state"),
                    ("kind", "show_thing"),
                    ("received_at", "processed_at"),
                    ("gateway", "outcome"),
                )
            },
        ),
        (_("What it says"), {"fields": ("show_resource",), "classes": ("tab",)}),
        (_("As it came"), {"fields": ("show_headers", "show_body"), "classes": ("tab",)}),
    )
    readonly_fields = ("show_state", "show_thing", "show_resource", "show_headers", "show_body")

    @service_action(
        _("Ask the gateway now"),
        permission="orders.refund_order",
        confirm=_("Asks how the payment or refund of this notice stands and acts on the answer."),
        when=lambda notice: notice.processed_at is None and _thing(notice) is not None,
        icon="sync",
        outside=True,
    )
    def ask_the_gateway(self, request: HttpRequest, notice: Notice, data: dict[str, Any]) -> str:
        thing = _thing(notice)
        if isinstance(thing, Payment):
            status: Any = settling.ask(payment_id=thing.pk)
        elif isinstance(thing, Refund):
            status = refunds.ask(refund_id=thing.pk)
        else:
            return _now("We know nothing under this number.")
        return _now("It is now: {state}.").format(state=status.label)

    @service_action(
        _("Set aside"),
        permission="orders.refund_order",
        form=ReasonForm,
        confirm=_("Says that somebody has looked into it. Nothing else changes."),
        when=lambda notice: notice.processed_at is None,
        icon="task_alt",
    )
    def set_aside(self, request: HttpRequest, notice: Notice, data: dict[str, Any]) -> None:
        notices.set_aside(notice_id=notice.pk, actor=actor(request), reason=data["reason"])

    @display(description=_("state"), ordering="processed_at")
    def show_state(self, notice: Notice) -> SafeString:
        if notice.processed_at:
            return coloured(_now("Processed"), "success")
        return coloured(_now("Not processed"), "danger")

    @display(description=_("our number"))
    def show_thing(self, notice: Notice) -> SafeString:
        thing = _thing(notice)
        return links([thing]) if thing else format_html("{}", notice.number)

    @display(description=_("decoded content"))
    def show_resource(self, notice: Notice) -> SafeString:
        return raw(notice.resource)

    @display(description=_("headers"))
    def show_headers(self, notice: Notice) -> SafeString:
        return raw(notice.headers)

    @display(description=_("body"))
    def show_body(self, notice: Notice) -> SafeString:
        return raw(notice.body)


def _thing(notice: Notice) -> Payment | Refund | None:
    """What the notice is about, as far as we know it."""
    if notice.kind == "payment":
        return Payment.objects.filter(number=notice.number, gateway=notice.gateway).first()
    return Refund.objects.filter(number=notice.number, payment__gateway=notice.gateway).first()
