"""The page on which the merchant chooses colours, corners and type, and sees the shop in them first."""

from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from shop.backoffice import tokens
from shop.core import appearance, colours
from shop.core.admin.actions import dress
from shop.core.admin.base import actor
from shop.core.appearance import Appearance

MAY_SEE, MAY_CHANGE = "core.view_setting", "core.change_setting"
COLOURS = {
    "brand": (gettext_lazy("Brand colour"), gettext_lazy("Buttons and prices, by day.")),
    "soft": (gettext_lazy("Its soft ground"), gettext_lazy("Badges and chosen things. Empty: derived.")),
    "brand_dark": (gettext_lazy("Brand colour, dark"), gettext_lazy("At night. Empty: derived.")),
    "soft_dark": (gettext_lazy("Its soft ground, dark"), gettext_lazy("At night. Empty: derived.")),
}


class LookForm(forms.Form):
    """One field for each of Appearance; refuses what can't be read, names the pair and offers the nearest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in COLOURS.items():
            self.fields[name] = forms.CharField(
                label=label, help_text=help_text, max_length=7, required=name == "brand"
            )
        corners = [(code, choice[0]) for code, choice in appearance.RADII.items()]
        types = [(code, choice[0]) for code, choice in appearance.FONTS.items()]
        self.fields["radius"] = forms.ChoiceField(label=_("Corners"), choices=corners)
        self.fields["font"] = forms.ChoiceField(
            label=_("Type"),
            choices=types,
            help_text=_("Only type that phones bring along: nothing is loaded."),
        )
        dress(self)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in COLOURS:
            if not values.get(name):
                continue
            try:
                values[name] = colours.parse(values[name])
            except ValueError:
                self.add_error(name, _("Write a colour like #C8371B."))
        if not self.errors:
            for check in Appearance(**values).checks():
                if not check.is_readable:
                    self.add_error(check.field, _refusal(check))
        return values


def page(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_SEE):
        raise PermissionDenied
    now = appearance.current()
    form = LookForm(initial=asdict(now))
    if request.method == "POST":
        if not request.user.has_perm(MAY_CHANGE):
            raise PermissionDenied
        form = LookForm(asdict(Appearance()) if "reset" in request.POST else request.POST)
        if form.is_valid():
            appearance.set_by(chosen=Appearance(**form.cleaned_data), actor=actor(request))
            messages.success(request, _("The shop wears its new look."))
            return HttpResponseRedirect(request.path)
    context = {
        **admin.site.each_context(request),
        "title": _("Appearance"),
        "form": form,
        "checks": now.checks(),
        "may_change": request.user.has_perm(MAY_CHANGE),
        "is_default": now.is_default,
        "fields": [field.name for field in fields(Appearance)],
    }
    return TemplateResponse(request, "admin/backoffice/appearance.html", context)


@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest) -> HttpResponse:
    """A small page of the shop in the look the query describes, whether it can be saved or not."""
    if not request.user.has_perm(MAY_SEE):
        raise PermissionDenied
    look = _asked(request)
    theme = "dark" if request.GET.get("theme") == "dark" else "light"
    sheet = tokens.forced(theme) + tokens.only(look.stylesheet(), theme)
    context = {"sheet": sheet, "checks": look.checks(), "amount": Decimal("29.90")}
    return TemplateResponse(request, "admin/backoffice/look.html", context)


def _asked(request: HttpRequest) -> Appearance:
    values = asdict(appearance.current())
    for name in values:
        given = request.GET.get(name)
        if given is None:
            continue
        if name in COLOURS:
            try:
                values[name] = colours.parse(given)
            except ValueError:
                values[name] = "" if name != "brand" else values[name]
        elif given in (appearance.RADII if name == "radius" else appearance.FONTS):
            values[name] = given
    return Appearance(**values)


def _refusal(check: appearance.Check) -> str:
    return _("%(words)s: %(ratio).1f to 1, at least 4.5 to 1 is needed to be read. %(nearest)s would do.") % {
        "words": check.words,
        "ratio": check.ratio,
        "nearest": check.nearest(),
    }
