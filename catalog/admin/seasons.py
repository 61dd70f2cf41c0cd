"""Seasonal plans: a calendar of what must be ready when, and the goods of each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.models import Product, SeasonPlan
from catalog.selectors import seasons as selector
from catalog.selectors.seasons import Standing, Step
from catalog.services import seasons
from catalog.terms.shelf import Milestone
from shop.core import clock
from shop.core.admin import actor, service_action

DAYS_BEFORE, DAYS_AFTER = 14, 76
SPAN = DAYS_BEFORE + DAYS_AFTER
ICONS = {
    Milestone.STOCK: "inventory_2",
    Milestone.VISUALS: "photo_camera",
    Milestone.ON: "storefront",
    Milestone.OFF: "visibility_off",
}
COLOURS = {"late": "danger", "running": "success", "coming": "info", "over": None, "off": None}


class PlanForm(forms.ModelForm):
    goods = forms.ModelMultipleChoiceField(
        Product.objects.all(), label=_("products"), widget=UnfoldAdminSelect2MultipleWidget
    )

    class Meta:
        model = SeasonPlan
        fields = ["name", "stock_on", "visuals_on", "on_on", "off_on", "note"]
        help_texts = {
            "stock_on": _("Every product has stock by this day."),
            "visuals_on": _("Every product has enough pictures by this day."),
            "on_on": _("They come to the shelf by themselves, if nothing stands in the way."),
            "off_on": _("They leave the shelf by themselves. Empty: they stay."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "goods" in self.fields:
            self.fields["goods"].initial = list(self.instance.goods.values_list("product", flat=True))


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone in the calendar; `left` is its place in percent of the span, None outside it."""

    step: Step
    icon: str
    left: int | None
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    standing: Standing
    marks: tuple[Mark, ...]
    bar: tuple[int, int] | None


@admin.register(SeasonPlan)
class SeasonPlanAdmin(NeverDeleted, GoodsAdmin):
    form = PlanForm
    list_display = ("name", "show_state", "stock_on", "visuals_on", "on_on", "off_on", "show_goods")
    list_before_template = "admin/catalog/seasons.html"
    ordering = ("-on_on", "-id")
    actions_detail = ("cancel_plan",)
    readonly_fields = ("say_standing",)
    fieldsets = (
        (
            None,
            {"fields": ("name", "goods", ("stock_on", "visuals_on"), ("on_on", "off_on"), "note")},
        ),
    )

    @property
    def media(self) -> Any:
        return super().media + forms.Media(css={"all": ["catalog/shelf.css"]})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        return found if obj is None else [(_("How far it is"), {"fields": ("say_standing",)}), *found]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **calendar()})

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("goods")

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> SeasonPlan:
        plan: SeasonPlan = form.save(commit=False)
        return plan

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        said = form.cleaned_data
        names = ("name", "stock_on", "visuals_on", "on_on", "off_on", "note")
        row = seasons.save(
            plan=obj if change else None,
            goods=list(said["goods"]),
            actor=actor(request),
            **{name: said[name] for name in names},
        )
        obj.pk = row.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written the goods already."""

    @display(description=_("state"), label=COLOURS)
    def show_state(self, plan: SeasonPlan) -> tuple[str, Any]:
        today = clock.business_day(clock.page_now())
        if plan.cancelled_at:
            return "off", _("called off")
        if plan.off_on and plan.off_on <= today:
            return "over", _("over")
        if plan.warned:
            return "late", _("late")
        return ("running", _("running")) if plan.on_on <= today else ("coming", _("coming"))

    @display(description=_("products"))
    def show_goods(self, plan: SeasonPlan) -> int:
        return len(plan.goods.all())

    @display(description=_("standing"))
    def say_standing(self, plan: SeasonPlan) -> SafeString:
        today = clock.business_day(clock.page_now())
        (standing,) = selector.standings([plan], today)
        return SafeString(
            render_to_string("admin/catalog/season_standing.html", {"row": _row(standing, today)})
        )

    @service_action(
        _("Call off"),
        permission="catalog.change_seasonplan",
        confirm=_("Nothing of it happens any more. What is on the shelf stays there."),
        when=lambda plan: plan.cancelled_at is None,
        icon="event_busy",
        danger=True,
    )
    def cancel_plan(self, request: HttpRequest, plan: SeasonPlan, data: dict[str, Any]) -> str:
        seasons.cancel(plan=plan, actor=actor(request))
        return _now("Called off.")


def calendar() -> dict[str, Any]:
    """The weeks around today and the plans in them; three queries."""
    today = clock.business_day(clock.page_now())
    plans = list(selector.running(today).order_by("on_on", "pk")[:30])
    first = today - timedelta(days=DAYS_BEFORE)
    months = [day for day in (first + timedelta(days=n) for n in range(SPAN)) if day.day == 1]
    return {
        "rows": [_row(standing, today) for standing in selector.standings(plans, today)],
        "months": [(day, at) for day in [first, *months] if (at := _place(day, today) or 0) < 94],
        "today_at": _place(today, today),
    }


def _row(standing: Standing, today: date) -> Row:
    marks = tuple(
        Mark(step, ICONS[step.milestone], _place(step.on, today), _tone(step, today))
        for step in standing.steps
    )
    start = _clamped(standing.plan.on_on, today)
    end = _clamped(standing.plan.off_on or today + timedelta(days=SPAN), today)
    return Row(standing, marks, (start, max(end - start, 1)) if end > start else None)


def _tone(step: Step, today: date) -> str:
    return "done" if step.is_done else "late" if step.is_late else "due" if step.on <= today else "coming"


def _place(day: date, today: date) -> int | None:
    days = (day - today).days + DAYS_BEFORE
    return round(100 * days / SPAN) if 0 <= days <= SPAN else None


def _clamped(day: date, today: date) -> int:
    return min(max(round(100 * ((day - today).days + DAYS_BEFORE) / SPAN), 0), 100)
