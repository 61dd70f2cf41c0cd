"""Members as the shop sees them: looked at here, changed by buttons."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import display

from members.admin.search import PeopleSearch
from members.models import Address, GrowthEntry, Member, PointsLot
from members.selectors import members as facts
from members.selectors import points as points_facts
from members.selectors import wechat as identities
from members.services import points, privacy
from shop.core import clock, numbers
from shop.core.admin import ReadOnlyAdmin, ReasonForm, actor, service_action
from shop.core.http import client_ip

SHOWN = 20


class PointsForm(ReasonForm):
    points = forms.IntegerField(
        label=_("Points to add (or to take away, with a minus)"), min_value=-1_000_000, max_value=1_000_000
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=numbers.token, max_length=40)
    field_order = ("points", "reason", "key")

    def clean_points(self) -> int:
        count: int = self.cleaned_data["points"]
        if count == 0:
            raise forms.ValidationError(_now("Please give a number other than zero."))
        return count


@admin.register(Member)
class MemberAdmin(PeopleSearch, ReadOnlyAdmin):
    person = "user__"
    list_display = (
        "show_person",
        "show_phone",
        "show_level",
        "growth",
        "show_points",
        "first_paid_at",
        "show_joined",
    )
    list_filter = (("level", RelatedDropdownFilter), ("user__joined_at", RangeDateFilter))
    list_select_related = ("user", "level", "points_account")
    search_fields = ("pk",)
    search_help_text = _("Whole phone number, its last four digits, or a name")
    ordering = ("-pk",)
    actions_detail = ("adjust_points", "show_whole_phone")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("show_person", "show_phone"),
                    ("show_level", "show_way"),
                    ("show_points", "show_expiring"),
                    ("show_joined", "first_paid_at"),
                    ("birthday", "show_wechat"),
                )
            },
        ),
        (_("Points"), {"fields": ("show_entries", "show_lots"), "classes": ("tab",)}),
        (_("Growth"), {"fields": ("show_growth",), "classes": ("tab",)}),
        (_("Addresses"), {"fields": ("show_addresses",), "classes": ("tab",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = [name for name in dir(self) if name.startswith("show_") and name != "show_whole_phone"]
        return [*super().get_readonly_fields(request, obj), *shown, "first_paid_at", "birthday"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).select_related("user", "level", "points_account")

    @service_action(
        _("Adjust points"),
        permission="members.adjust_points",
        form=PointsForm,
        confirm=_("The member sees the change and the reason at once."),
        icon="toll",
    )
    def adjust_points(self, request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
        points.adjust(
            member_id=member.pk,
            points=data["points"],
            reason=data["reason"],
            key=data["key"],
            actor=actor(request),
            ip=client_ip(request),
        )
        return _now("Done. The member has %(points)d points now.") % {
            "points": points_facts.balance(member.pk)
        }

    @service_action(
        _("Show the phone number"),
        permission="members.view_phone",
        form=ReasonForm,
        confirm=_("Every look at a whole number is recorded with its reason."),
        when=lambda member: bool(member.user.phone_tail),
        icon="call",
    )
    def show_whole_phone(self, request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
        return privacy.show_phone(
            user=member.user, actor=actor(request), reason=data["reason"], ip=client_ip(request)
        )

    @display(description=_("display name"), ordering="user__display_name")
    def show_person(self, member: Member) -> str:
        return member.user.display_name or _now("(no name yet)")

    @display(description=_("mobile phone"))
    def show_phone(self, member: Member) -> str:
        return member.user.masked_phone or "-"

    @display(description=_("level"), ordering="level__rank", label=True)
    def show_level(self, member: Member) -> str:
        return member.level.name if member.level else "-"

    @display(description=_("way to the next level"))
    def show_way(self, member: Member) -> str:
        card = facts.card(member)
        if card.next_level is None:
            return _now("At the top, with %(growth)d growth") % {"growth": card.growth}
        return _now("%(missing)d more growth up to %(level)s") % {
            "missing": card.growth_missing,
            "level": card.next_level.name,
        }

    @display(description=_("points"), ordering="points_account__available")
    def show_points(self, member: Member) -> int:
        account = getattr(member, "points_account", None)
        return account.available if account else 0

    @display(description=_("points ending within 30 days"))
    def show_expiring(self, member: Member) -> int:
        return points_facts.expiring(member.pk)[0]

    @display(description=_("joined"), ordering="user__joined_at")
    def show_joined(self, member: Member) -> str:
        return date_format(timezone.localtime(member.user.joined_at), "DATETIME_FORMAT")

    @display(description=_("signs in by WeChat"), boolean=True)
    def show_wechat(self, member: Member) -> bool:
        return identities.is_bound(member.user_id)

    @display(description=_("latest entries"))
    def show_entries(self, member: Member) -> SafeString:
        page = points_facts.entries(member.pk, size=SHOWN)
        rows = [
            (
                entry.created_at,
                entry.get_kind_display(),
                f"{entry.amount:+d}",
                entry.balance_after,
                entry.reason,
            )
            for entry in page.entries
        ]
        more = f"{reverse('admin:members_pointsentry_changelist')}?member__id__exact={member.pk}"
        heads = (_now("when"), _now("kind"), _now("change"), _now("balance after"), _now("reason"))
        return _table(heads, rows, more if page.next_after else "")

    @display(description=_("points lots"))
    def show_lots(self, member: Member) -> SafeString:
        lots = PointsLot.objects.filter(member=member, remaining__gt=0, expires_at__gt=clock.page_now())
        rows = [(lot.expires_at, lot.remaining, lot.points) for lot in lots.order_by("expires_at")[:SHOWN]]
        return _table((_now("expires"), _now("remaining"), _now("when new")), rows)

    @display(description=_("growth entries"))
    def show_growth(self, member: Member) -> SafeString:
        entries = GrowthEntry.objects.filter(member=member).order_by("-pk")[:SHOWN]
        rows = [(entry.created_at, f"{entry.amount:+d}", entry.source) for entry in entries]
        return _table((_now("when"), _now("change"), _now("source")), rows)

    @display(description=_("addresses"))
    def show_addresses(self, member: Member) -> SafeString:
        found = Address.objects.filter(member=member, deleted_at=None).order_by("-is_default", "-pk")[:SHOWN]
        rows = [tuple(address.masked().values()) for address in found]
        return _table((_now("recipient"), _now("mobile phone"), _now("address")), rows)


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]], more: str = "") -> SafeString:
    return render_to_string("members/admin/table.html", {"heads": heads, "rows": rows, "more": more})
