"""Filters of the order lists; what the to-do cards of the dashboard link to."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.selectors import finding
from orders.terms import PickupStatus
from shop.core import clock


class TodoFilter(SimpleListFilter):
    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("to_ship", _("To ship")),
            ("late_to_ship", _("To ship, paid over 24 hours ago")),
            ("nudged", _("Asked for by the shopper")),
            ("flagged", _("Flagged red")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(finding.waits(value)) if value else queryset


class NoteFilter(SimpleListFilter):
    title = _("note")
    parameter_name = "note"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("buyer", _("With a buyer's note")), ("staff", _("With a staff note"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "buyer":
                return queryset.exclude(buyer_note="")
            case "staff":
                return queryset.exclude(staff_note="")
            case _:
                return queryset


class PickupTodoFilter(SimpleListFilter):
    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("to_hand_out", _("To hand out")), ("overdue_pickup", _("Not collected in time"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "to_hand_out":
            return queryset.filter(status=PickupStatus.WAITING)
        if self.value() == "overdue_pickup":
            return queryset.filter(status=PickupStatus.WAITING, slot_end__lt=clock.page_now())
        return queryset
