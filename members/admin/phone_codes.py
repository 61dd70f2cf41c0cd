from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from members.models import PhoneCode
from members.models.user import phone_hash
from members.selectors import phones
from members.terms import CodeDelivery
from shop.core.admin import ReadOnlyAdmin


@admin.register(PhoneCode)
class PhoneCodeAdmin(ReadOnlyAdmin):
    """For the question "why did no code arrive?"; neither number nor code is kept."""

    list_display = ("created_at", "purpose", "show_delivery", "vendor_code", "tries", "expires_at", "used_at")
    fields = (
        "created_at",
        "purpose",
        "delivery",
        "vendor_id",
        "vendor_code",
        "tries",
        "expires_at",
        "used_at",
    )
    list_filter = ("delivery", "purpose")
    search_fields = ("pk",)
    search_help_text = _("Whole phone number")
    ordering = ("-pk",)

    @display(
        description=_("text message"),
        label={
            CodeDelivery.OK.label: "success",
            CodeDelivery.REJECTED.label: "danger",
            CodeDelivery.UNKNOWN.label: "warning",
            CodeDelivery.PENDING.label: "info",
        },
    )
    def show_delivery(self, code: PhoneCode) -> str:
        return code.get_delivery_display()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PhoneCode], term: str
    ) -> tuple[QuerySet[PhoneCode], bool]:
        if not term.strip():
            return queryset, False
        number = phones.normalise(term) if phones.is_valid(term) else ""
        return queryset.filter(phone_hash=phone_hash(number)), False
