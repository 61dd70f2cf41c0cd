from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from members.admin.search import PeopleSearch
from members.models import PointsEntry
from members.terms import PointsKind
from shop.core.admin import ReadOnlyAdmin


@admin.register(PointsEntry)
class PointsEntryAdmin(PeopleSearch, ReadOnlyAdmin):
    person = "member__user__"
    list_display = (
        "show_member",
        "show_kind",
        "show_amount",
        "balance_after",
        "source",
        "reason",
        "created_at",
    )
    list_filter = (("kind", ChoicesDropdownFilter), ("created_at", RangeDateFilter))
    list_select_related = ("member__user",)
    search_fields = ("pk",)
    search_help_text = _("Whole phone number, its last four digits, or a name")
    ordering = ("-pk",)

    @display(description=_("member"))
    def show_member(self, entry: PointsEntry) -> str:
        return str(entry.member)

    @display(
        description=_("kind"),
        label={
            PointsKind.EARN.label: "success",
            PointsKind.GIVE_BACK.label: "success",
            PointsKind.SPEND.label: "info",
            PointsKind.EXPIRE.label: "warning",
            PointsKind.TAKE_BACK.label: "danger",
            PointsKind.ADJUST.label: "primary",
        },
    )
    def show_kind(self, entry: PointsEntry) -> str:
        return entry.get_kind_display()

    @display(description=_("change"))
    def show_amount(self, entry: PointsEntry) -> str:
        return format_html('<span style="font-variant-numeric:tabular-nums">{}</span>', f"{entry.amount:+d}")
