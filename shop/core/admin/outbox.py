"""Deliveries: what waits, what failed, what is parked; and the button that sends it again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shop.core import outbox
from shop.core.admin.actions import service_action
from shop.core.admin.base import ReadOnlyAdmin
from shop.core.models import OutboxDelivery


class StandFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("parked", _("parked")), ("waiting", _("waiting")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "parked":
                return queryset.filter(parked_at__isnull=False)
            case "waiting":
                return queryset.filter(parked_at=None, done_at=None)
            case "done":
                return queryset.filter(done_at__isnull=False)
            case _:
                return queryset


@admin.register(OutboxDelivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "topic",
        "key",
        "handler",
        "attempts",
        "available_at",
        "done_at",
        "parked_at",
        "last_error",
    )
    list_filter = (StandFilter, "queue")
    search_fields = ("key", "handler", "event__topic")
    list_select_related = ("event",)
    ordering = ("-id",)
    fields = (
        *("topic", "key", "payload", "handler", "queue", "attempts"),
        *("available_at", "locked_until", "done_at", "parked_at", "last_error"),
    )
    readonly_fields = fields
    actions_detail = ("replay",)

    @admin.display(description=_("fact"))
    def topic(self, obj: OutboxDelivery) -> str:
        return obj.event.topic

    @admin.display(description=_("payload"))
    def payload(self, obj: OutboxDelivery) -> str:
        return ", ".join(f"{name} = {value}" for name, value in obj.event.payload.items())

    @service_action(
        _("Deliver again"),
        permission="core.replay_outboxdelivery",
        confirm=_("The delivery goes back into the line, as if it were new."),
        when=lambda delivery: delivery.done_at is None,
        icon="replay",
    )
    def replay(self, request: HttpRequest, delivery: OutboxDelivery, data: dict[str, Any]) -> Any:
        outbox.replay(delivery)
        return _("The delivery is on its way again.")
