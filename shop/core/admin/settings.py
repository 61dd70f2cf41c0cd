"""The Settings page: every policy the merchant may set, one form, each change audited."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from shop.core import settings_store
from shop.core.admin.actions import dress
from shop.core.admin.base import BaseAdmin, actor
from shop.core.errors import Invalid
from shop.core.models import Setting
from shop.core.settings_store import Policy
from shop.core.transactions import unit_of_work

LINE = 120  # longer texts get a field of several lines


class PolicyForm(forms.Form):
    """A field for each policy, named after it."""

    def __init__(self, *args: Any, policies: list[Policy[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policies = policies
        for policy in policies:
            self.fields[policy.name] = _field(policy)
        dress(self)

    def groups(self) -> dict[str, list[forms.BoundField]]:
        """The bound fields by the name of their app."""
        found: dict[str, list[forms.BoundField]] = {}
        for policy in self.policies:
            found.setdefault(_title(policy.group), []).append(self[policy.name])
        return found

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for policy in self.policies:
            if policy.name not in values:
                continue
            try:
                values[policy.name] = policy.parse(values[policy.name])
            except Invalid:
                self.add_error(policy.name, _bounds(policy))
        return values


@admin.register(Setting)
class SettingAdmin(BaseAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        policies = settings_store.all_policies()
        may_change = self.has_change_permission(request)
        now = {policy.name: policy.get() for policy in policies}
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            form = PolicyForm(request.POST, policies=policies)
            if form.is_valid():
                _store(policies, now, form.cleaned_data, actor(request))
                messages.success(request, str(_("The settings are in force.")))
                return HttpResponseRedirect(request.path)
        else:
            form = PolicyForm(initial=now, policies=policies)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Settings"),
            "opts": self.model._meta,
            "form": form,
            "may_change": may_change,
        }
        return TemplateResponse(request, "admin/core/settings.html", context)


@unit_of_work
def _store(policies: list[Policy[Any]], before: dict[str, Any], after: dict[str, Any], who: str) -> None:
    for policy in policies:
        if after[policy.name] != before[policy.name]:
            policy.set(after[policy.name], actor=who)


def _field(policy: Policy[Any]) -> forms.Field:
    shared: dict[str, Any] = {
        "label": policy.label,
        "help_text": policy.help,
        "required": policy.kind != "flag",
    }
    match policy.kind:
        case "flag":
            return forms.BooleanField(**shared)
        case "whole":
            return forms.IntegerField(min_value=policy.low, max_value=policy.high, **shared)
        case "money":
            return forms.DecimalField(decimal_places=2, min_value=policy.low, max_value=policy.high, **shared)
        case "rate":
            return forms.DecimalField(decimal_places=4, min_value=policy.low, max_value=policy.high, **shared)
    shared["required"] = False
    if policy.high and policy.high <= LINE:
        return forms.CharField(max_length=policy.high, **shared)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **shared)


def _title(group: str) -> str:
    """The name of the app with that label."""
    found = next((app for app in apps.get_app_configs() if app.label == group), None)
    return str(found.verbose_name) if found else group


def _bounds(policy: Policy[Any]) -> str:
    return str(
        _("This value is not possible (%(low)s to %(high)s).") % {"low": policy.low, "high": policy.high}
    )
