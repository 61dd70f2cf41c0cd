"""Accounts that became one; parted again when it was a mistake."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from members.models import MemberMerge
from members.services import merging
from shop.core.admin import ReadOnlyAdmin, ReasonForm, actor, service_action
from shop.core.http import client_ip


@admin.register(MemberMerge)
class MemberMergeAdmin(ReadOnlyAdmin):
    list_display = ("show_kept", "show_state", "show_gone", "merged_at", "undone_at")
    list_filter = (("merged_at", RangeDateFilter),)
    list_select_related = ("kept__user", "gone__user")
    fields = (("show_kept", "show_gone"), ("merged_at", "undone_at"), ("show_points", "show_proofs"))
    readonly_fields = ("show_kept", "show_gone", "show_points", "show_proofs")
    search_fields = ("=kept__pk", "=gone__pk")
    search_help_text = _("Number of a member")
    ordering = ("-pk",)
    actions_detail = ("undo_merge",)

    @service_action(
        _("Part them again"),
        permission="members.undo_membermerge",
        form=ReasonForm,
        confirm=_("Ways to sign in, addresses, orders, coupons and what is left of the points go back."),
        when=lambda record: record.undone_at is None,
        icon="call_split",
    )
    def undo_merge(self, request: HttpRequest, record: MemberMerge, data: dict[str, Any]) -> str:
        merging.undo(merge_id=record.pk, actor=actor(request), reason=data["reason"], ip=client_ip(request))
        return _now("The two accounts are separate again.")

    @display(description=_("state"), label={_("Joined"): "success", _("Parted"): "warning"})
    def show_state(self, record: MemberMerge) -> str:
        return _now("Parted") if record.undone_at else _now("Joined")

    @display(description=_("account kept"))
    def show_kept(self, record: MemberMerge) -> str:
        return f"{record.kept} ({record.kept_id})"

    @display(description=_("account given up"))
    def show_gone(self, record: MemberMerge) -> str:
        return f"{record.gone} ({record.gone_id})"

    @display(description=_("points that went over"))
    def show_points(self, record: MemberMerge) -> int:
        return int(record.moved.get("points", 0))

    @display(description=_("proofs"))
    def show_proofs(self, record: MemberMerge) -> str:
        names = {"wechat": _now("WeChat"), "session": _now("signed in"), "phone_code": _now("code by SMS")}
        return ", ".join(names.get(proof.partition(":")[0], proof) for proof in record.proofs)
