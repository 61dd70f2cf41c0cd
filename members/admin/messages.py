"""What members were told, and how it went; for the question "why did I hear nothing?"."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from members.admin.search import PeopleSearch
from members.models import Message
from members.terms import MessageDelivery
from shop.core.admin import ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(PeopleSearch, ReadOnlyAdmin):
    person = "member__user__"
    list_display = ("target", "show_delivery", "kind", "show_member", "channel", "error", "created_at")
    list_filter = (
        ("delivery", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("created_at", RangeDateFilter),
    )
    list_select_related = ("member__user",)
    fields = (
        ("kind", "show_delivery"),
        ("show_member", "target"),
        ("channel", "vendor_number"),
        "error",
        ("created_at", "sent_at"),
    )
    readonly_fields = ("show_delivery", "show_member")
    search_fields = ("pk",)
    search_help_text = _("Whole phone number, its last four digits, or a name")
    ordering = ("-pk",)

    @display(
        description=_("delivery"),
        label={
            MessageDelivery.SENT.label: "success",
            MessageDelivery.DELIVERED.label: "success",
            MessageDelivery.WAITING.label: "info",
            MessageDelivery.UNWANTED.label: "warning",
            MessageDelivery.SKIPPED.label: "warning",
            MessageDelivery.FAILED.label: "danger",
        },
    )
    def show_delivery(self, message: Message) -> str:
        return message.get_delivery_display()

    @display(description=_("member"))
    def show_member(self, message: Message) -> str:
        return str(message.member)
