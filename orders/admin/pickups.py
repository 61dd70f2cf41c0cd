"""Goods that wait in stores, and the counter where a code is checked."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.selectors import places
from orders.admin.filters import PickupTodoFilter
from orders.admin.forms import CodeForm
from orders.models import Pickup
from orders.selectors.todo import scoped
from orders.services import pickups
from orders.terms import PickupStatus
from shop.core.admin import ReadOnlyAdmin, actor, dress
from shop.core.errors import Refusal
from shop.core.transactions import unit


@admin.register(Pickup)
class PickupAdmin(ReadOnlyAdmin):
    """The code itself is never shown: only the shopper has it."""

    list_display = ("order", "show_state", "show_contact", "place", "slot_start", "slot_end")
    list_filter = (PickupTodoFilter, ("status", ChoicesDropdownFilter), ("place", RelatedDropdownFilter))
    list_select_related = ("order", "place")
    search_fields = ("order__number",)
    search_help_text = _("Order number")
    ordering = ("-pk",)
    fields = (
        *("order", "status", "place", "show_contact", "slot_start", "slot_end"),
        *("created_at", "verified_at", "verified_by"),
    )
    readonly_fields = ("show_contact",)
    actions_list = ("check_code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pickup]:
        return scoped(super().get_queryset(request), request.user)

    def get_actions_list(self, request: HttpRequest) -> Any:
        """The counter is for those who hand goods out."""
        return super().get_actions_list(request) if request.user.has_perm("orders.verify_pickup") else []

    @action(
        description=_("Check a pickup code"),
        url_path="check-code",
        icon="qr_code_scanner",
        variant=ActionVariant.PRIMARY,
    )
    def check_code(self, request: HttpRequest) -> HttpResponse:
        """First the code, then a look at what it stands for, then the goods are handed out."""
        if not request.user.has_perm("orders.verify_pickup"):
            raise PermissionDenied
        form = dress(CodeForm(request.POST or None))
        pickup = None
        if request.method == "POST" and form.is_valid():
            try:
                pickup = self._peek_or_verify(request, form.cleaned_data["code"])
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
            else:
                if pickup.status == PickupStatus.COLLECTED:
                    messages.success(request, _now("Handed out. The order is completed."))
                    return HttpResponseRedirect(reverse("admin:orders_pickup_check_code"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Check a pickup code"),
            "opts": self.model._meta,
            "form": form,
            "pickup": pickup,
        }
        return TemplateResponse(request, "admin/orders/check_code.html", context)

    def _peek_or_verify(self, request: HttpRequest, code: str) -> Pickup:
        mine = places.ids_of_staff(request.user)
        if "hand_out" in request.POST:
            return self._verify(request, code, mine)
        return pickups.peek(code=code, place_ids=mine)

    @unit
    def _verify(self, request: HttpRequest, code: str, mine: frozenset[int] | None) -> Pickup:
        pickup = pickups.verify(code=code, place_ids=mine, actor=actor(request))
        self.audit(request, "verify_pickup", pickup)
        return pickup

    @display(
        description=_("state"),
        ordering="status",
        label={
            PickupStatus.WAITING.value: "primary",
            PickupStatus.COLLECTED.value: "success",
            PickupStatus.CANCELLED.value: "default",
        },
    )
    def show_state(self, pickup: Pickup) -> tuple[str, Any]:
        return pickup.status, pickup.get_status_display()

    @display(description=_("contact"))
    def show_contact(self, pickup: Pickup) -> str:
        return f"{pickup.order.masked_recipient} {pickup.order.masked_phone}"
