"""Which WeChats open the staff's mini-program, and what WeChat pushed to us."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from members.models import StaffWechat, WechatPush
from members.services import wechat
from shop.core.admin import ReadOnlyAdmin, ReasonForm, actor, service_action
from shop.core.http import client_ip


@admin.register(StaffWechat)
class StaffWechatAdmin(ReadOnlyAdmin):
    list_display = ("show_person", "show_works", "created_at")
    list_select_related = ("user",)
    fields = ("show_person", "show_works", "created_at")
    readonly_fields = ("show_person", "show_works")
    search_fields = ("user__username", "user__display_name")
    ordering = ("-pk",)
    actions_detail = ("unbind_wechat",)

    @service_action(
        _("Unbind"),
        permission="members.unbind_staffwechat",
        form=ReasonForm,
        confirm=_("This WeChat no longer signs in; the person can bind it again with their password."),
        icon="link_off",
    )
    def unbind_wechat(self, request: HttpRequest, bound: StaffWechat, data: dict[str, Any]) -> str:
        wechat.unbind_staff(
            user=bound.user, actor=actor(request), reason=data["reason"], ip=client_ip(request)
        )
        return _now("Unbound.")

    @display(description=_("person"))
    def show_person(self, bound: StaffWechat) -> str:
        return bound.user.display_name or bound.user.username

    @display(description=_("works here"), boolean=True)
    def show_works(self, bound: StaffWechat) -> bool:
        return bound.user.is_staff and bound.user.is_active


@admin.register(WechatPush)
class WechatPushAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "kind", "event", "processed_at")
    list_filter = (("received_at", RangeDateFilter),)
    fields = ("received_at", ("kind", "event"), "processed_at")
    search_fields = ("=event",)
    ordering = ("-pk",)
