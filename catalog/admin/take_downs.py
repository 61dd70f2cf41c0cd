"""Goods taken down at once: what was stopped with them, and what came of it."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRadioSelectWidget

from catalog.admin.shelf_base import AboutProduct, OpenFilter, buttons
from catalog.models import TakeDown
from catalog.services import take_downs
from shop.core.admin import actor, names, service_action

STEPS = (
    _("Set the goods aside, so that nobody packs them."),
    _("Tell those who bought it and have not received it yet."),
    _("Find out with the supplier what happened."),
    _("Decide: mended and back, or never again."),
)


class SettleForm(forms.Form):
    settlement = forms.CharField(label=_("What came of it?"), max_length=200)
    may_return = forms.ChoiceField(
        label=_("May it be offered again?"),
        choices=[("yes", _("Yes, somebody puts it back on the shelf")), ("no", _("No"))],
        widget=UnfoldAdminRadioSelectWidget,
    )


@admin.register(TakeDown)
class TakeDownAdmin(AboutProduct):
    list_display = ("show_product", "show_state", "cause", "reason", "show_stopped", "created_at")
    list_filter = (OpenFilter, "cause")
    actions_detail = ("settle_take_down",)
    fieldsets = (
        (None, {"fields": (("say_product", "created_at"), ("cause", "say_who"), "reason")}),
        (_("What follows"), {"fields": ("say_steps", "say_stopped")}),
        (_("Settled"), {"fields": (("settlement", "say_return"), "settled_at")}),
    )
    readonly_fields = (
        "say_product",
        "created_at",
        "cause",
        "say_who",
        "reason",
        "say_steps",
        "say_stopped",
        "settlement",
        "say_return",
        "settled_at",
    )

    @display(
        description=_("state"),
        ordering="settled_at",
        label={"open": "danger", "back": "success", "never": "info"},
    )
    def show_state(self, row: TakeDown) -> tuple[str, Any]:
        if row.settled_at is None:
            return "open", _("to settle")
        return ("back", _("may return")) if row.may_return else ("never", _("not again"))

    @display(description=_("promotions stopped"))
    def show_stopped(self, row: TakeDown) -> str:
        return str(len(row.stopped)) if row.stopped else "—"

    @display(description=_("by"))
    def say_who(self, row: TakeDown) -> str:
        return names([row.actor]).get(row.actor, "—")

    @display(description=_("to do"))
    def say_steps(self, row: TakeDown) -> SafeString:
        steps = format_html_join("", "<li>{}</li>", ((step,) for step in STEPS))
        todo = format_html('<ol class="sh-list sh-list--numbered">{}</ol>', steps)
        if row.settled_at is not None:
            return todo
        settle = buttons(("catalog_takedown_settle_take_down", _("Settle")), pk=row.pk)
        return format_html('{}<p class="sh-next">{}</p>', todo, settle)

    @display(description=_("promotions stopped"))
    def say_stopped(self, row: TakeDown) -> Any:
        if not row.stopped:
            return _now("None ran, or they are being stopped this moment.")
        lines = format_html_join("", "<li>{}</li>", ((promotion_in_words(one),) for one in row.stopped))
        return format_html('<ul class="sh-list">{}</ul>', lines)

    @display(description=_("may be offered again"))
    def say_return(self, row: TakeDown) -> str:
        return {None: "—", True: _now("Yes"), False: _now("No")}[row.may_return]

    @service_action(
        _("Settle"),
        permission="catalog.take_down_product",
        form=SettleForm,
        confirm=_("It says how the story ended. Nothing is put on the shelf by itself."),
        when=lambda row: row.settled_at is None or row.may_return is False,
        icon="gavel",
    )
    def settle_take_down(self, request: HttpRequest, row: TakeDown, data: dict[str, Any]) -> str:
        take_downs.settle(
            take_down_id=row.pk,
            settlement=data["settlement"],
            may_return=data["may_return"] == "yes",
            actor=actor(request),
        )
        return _now("Settled.")


def promotion_in_words(stopped: str) -> str:
    """`marketing.bundleprice:7:ended` as "bundle price 7: ended"; what can't be read stays as it is."""
    label, key, how = ([*stopped.split(":"), "", ""])[:3]
    app, _dot, name = label.partition(".")
    try:
        model = apps.get_model(app, name)
    except (LookupError, ValueError):
        return stopped
    words = _now("ended") if how == "ended" else _now("goes on without it")
    return f"{model._meta.verbose_name} {key}: {words}"
