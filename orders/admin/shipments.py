from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import display

from orders.models import Shipment
from orders.selectors.todo import scoped
from orders.terms import ShipmentStatus
from shop.core.admin import ReadOnlyAdmin


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    """Parcels of the person's places; changed from the order's page only."""

    list_display = ("tracking_no", "show_state", "carrier_name", "order", "place", "shipped_at")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("place", RelatedDropdownFilter),
        ("shipped_at", RangeDateFilter),
    )
    list_select_related = ("order", "place")
    search_fields = ("tracking_no", "order__number")
    search_help_text = _("Tracking number or order number")
    fields = (
        "order",
        "place",
        "status",
        "carrier_name",
        "tracking_no",
        "show_goods",
        "shipped_at",
        "shipped_by",
    )
    readonly_fields = ("show_goods",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shipment]:
        return scoped(super().get_queryset(request), request.user)

    @display(
        description=_("state"),
        ordering="status",
        label={ShipmentStatus.SHIPPED.value: "info", ShipmentStatus.DELIVERED.value: "success"},
    )
    def show_state(self, shipment: Shipment) -> tuple[str, Any]:
        return shipment.status, shipment.get_status_display()

    @display(description=_("goods"))
    def show_goods(self, shipment: Shipment) -> str:
        return ", ".join(shipment.goods)
