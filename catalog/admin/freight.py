"""Freight templates with their regional rates."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.base import GoodsAdmin
from catalog.admin.fields import DivisionsField
from catalog.models import FreightRegion, FreightTemplate
from catalog.services import freight
from catalog.services.freight import Rate
from shop.core.admin import actor

NAMES = ("first_units", "first_fee", "next_units", "next_fee", "free_from", "delivers")


class TemplateForm(forms.ModelForm):
    class Meta:
        model = FreightTemplate
        fields = ["name", "basis", "is_default"]
        help_texts = {"basis": _("Units below are pieces, grams (1000 = 1 kg) or cubic centimetres.")}

    def _get_validation_exclusions(self) -> set[str]:
        """A new default takes over from the old one, which is no mistake."""
        return {*super()._get_validation_exclusions(), "is_default"}  # type: ignore[misc]


class RegionForm(forms.ModelForm):
    region_codes = DivisionsField(
        label=_("provinces and cities"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as 新疆、西藏 or 深圳; empty: everywhere else."),
    )

    class Meta:
        model = FreightRegion
        fields = ["region_codes", *NAMES]


class RegionFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and _is_kept(form)]
        if not kept and not any(self.errors):
            raise forms.ValidationError(_now("A freight template needs at least one regional rate."))
        if sum(not row["region_codes"] for row in kept) > 1:
            raise forms.ValidationError(_now("Only one rate can be for everywhere else."))


class RegionInline(TabularInline):
    model = FreightRegion
    form = RegionForm
    formset = RegionFormSet
    fields = ("region_codes", *NAMES)
    hide_title = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(FreightTemplate)
class FreightTemplateAdmin(GoodsAdmin):
    form = TemplateForm
    list_display = ("name", "show_default", "basis", "show_count")
    inlines = (RegionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FreightTemplate]:
        return super().get_queryset(request).annotate(region_count=Count("regions"))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> FreightTemplate:
        return form.save(commit=False)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved with its rates below, by one service."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        (rates,) = formsets
        rates.new_objects, rates.changed_objects, rates.deleted_objects = [], [], []
        freight.save(
            template=form.instance,
            name=form.cleaned_data["name"],
            basis=form.cleaned_data["basis"],
            is_default=form.cleaned_data["is_default"],
            rates=[_rate(one.cleaned_data) for one in rates.forms if _is_kept(one)],
            actor=actor(request),
        )

    @display(description=_("default"), label={"yes": "success", "": None})
    def show_default(self, template: FreightTemplate) -> tuple[str, str]:
        return ("yes", _now("Default")) if template.is_default else ("", "—")

    @display(description=_("rates"))
    def show_count(self, template: FreightTemplate) -> int:
        return template.region_count  # type: ignore[attr-defined]


def _is_kept(form: Any) -> bool:
    data = form.cleaned_data
    return bool(data) and not data.get("DELETE") and (form.has_changed() or bool(form.instance.pk))


def _rate(data: dict[str, Any]) -> Rate:
    return Rate(region_codes=tuple(data["region_codes"]), **{name: data[name] for name in NAMES})
