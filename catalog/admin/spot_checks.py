"""Spot checks: what was picked, the checklist, how it ended."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import HORIZONTAL
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminRadioSelectWidget

from catalog.admin.shelf_base import AboutProduct, OpenFilter, buttons
from catalog.models import SpotCheck
from catalog.services import spot_checks
from catalog.terms.shelf import CheckItem, CheckOutcome
from shop.core import clock
from shop.core.admin import actor, names, service_action

COLOURS = {"open": "warning", "late": "danger", "passed": "success", "failed": "danger", "dropped": None}
MORE = 5


class YesOrNo(UnfoldAdminRadioSelectWidget):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(radio_style=HORIZONTAL, **kwargs)


class ChecklistForm(forms.Form):
    """A yes or no for every item."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in CheckItem:
            self.fields[item.value] = forms.ChoiceField(
                label=item.label, choices=[("yes", _("Yes")), ("no", _("No"))], widget=YesOrNo
            )
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=200, required=False)


@admin.register(SpotCheck)
class SpotCheckAdmin(AboutProduct):
    list_display = ("show_product", "show_outcome", "due_on", "note", "picked_at", "checked_at")
    list_filter = (OpenFilter, "outcome")
    ordering = ("outcome", "-id")
    actions_list = ("pick_more",)
    actions_detail = ("spot_check",)
    fieldsets = (
        (None, {"fields": (("say_product", "say_outcome"), ("picked_at", "due_on"))}),
        (_("Checklist"), {"fields": ("say_found", ("note", "say_who"))}),
    )
    readonly_fields = (
        "say_product",
        "say_outcome",
        "picked_at",
        "due_on",
        "say_found",
        "note",
        "say_who",
    )

    @display(description=_("outcome"), ordering="outcome", label=COLOURS)
    def show_outcome(self, row: SpotCheck) -> tuple[str, Any]:
        if row.outcome:
            return row.outcome, row.get_outcome_display()
        is_late = row.due_on < clock.business_day(clock.page_now())
        return ("late", _("late")) if is_late else ("open", _("to do"))

    @display(description=_("outcome"))
    def say_outcome(self, row: SpotCheck) -> str:
        return str(self.show_outcome(row)[1])

    @display(description=_("checklist"))
    def say_found(self, row: SpotCheck) -> SafeString:
        if not row.outcome:
            return buttons(("catalog_spotcheck_spot_check", _("Fill in the checklist")), pk=row.pk)
        marks = {True: "✓", False: "✗", None: "·"}
        rows = format_html_join(
            "", "<li>{} {}</li>", ((marks[row.found.get(item.value)], item.label) for item in CheckItem)
        )
        return format_html('<ul class="sh-list">{}</ul>', rows)

    @display(description=_("by"))
    def say_who(self, row: SpotCheck) -> str:
        return names([row.checked_by]).get(row.checked_by, "—")

    @action(description=_("Pick five more"), permissions=["pick"], icon="casino", url_path="pick-more")
    def pick_more(self, request: HttpRequest) -> HttpResponse:
        found = spot_checks.pick(count=MORE, actor=actor(request))
        self.message_user(request, _now("{count} picked at random.").format(count=len(found)))
        return HttpResponseRedirect(reverse("admin:catalog_spotcheck_changelist"))

    def has_pick_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.run_spotcheck"))

    @service_action(
        _("Fill in the checklist"),
        permission="catalog.run_spotcheck",
        form=ChecklistForm,
        confirm=_("Take the product in your hand and compare. One no takes it off the shelf at once."),
        when=lambda check: not check.outcome,
        icon="checklist",
    )
    def spot_check(self, request: HttpRequest, check: SpotCheck, data: dict[str, Any]) -> str:
        found = {item.value: data[item.value] == "yes" for item in CheckItem}
        done = spot_checks.finish(check=check, found=found, note=data["note"], actor=actor(request))
        if done.outcome == CheckOutcome.PASSED:
            return _now("Passed. It stays on the shelf.")
        return _now("Failed. It is taken down; what follows stands under take-downs.")
