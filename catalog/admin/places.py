"""Warehouses, stores and pickup points, with hours and people."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.admin.fields import DistrictField, HoursField, PicturesField
from catalog.admin.place_rows import HolidayInline, PhotoInline, save_rows
from catalog.models import Place
from catalog.selectors import hours
from catalog.services import place_pages, places
from catalog.terms import PlaceKind
from shop.core import clock
from shop.core.admin import actor
from shop.core.errors import Refusal

DAYS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
NAMES = (
    "kind",
    "name",
    "code",
    "address",
    "latitude",
    "longitude",
    "phone",
    "is_active",
    "offers_pickup",
    "position",
    "parcel_cost",
    "intro",
    "team",
)
HOURS_EXAMPLES = "08:00-20:00"


class PlaceForm(forms.ModelForm):
    """Hours by weekday, the division by name, people by choice."""

    region = DistrictField(
        label=_("district"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as 广州 天河区; orders are sent from the nearest place."),
    )
    people = forms.ModelMultipleChoiceField(
        get_user_model().objects.none(),
        label=_("staff who work here"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text=_("Warehouse staff and store clerks see the stock and orders of their places only."),
    )
    every_day = forms.BooleanField(
        label=_("every day as on Monday"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Takes the hours of Monday for the whole week when you save."),
    )
    mon, tue, wed, thu, fri, sat, sun = (
        HoursField(label=label, widget=UnfoldAdminTextInputWidget(attrs={"placeholder": HOURS_EXAMPLES}))
        for label in DAYS.values()
    )
    pictures = PicturesField(
        label=_("add photos"), help_text=_("Of the front, the inside, the team; nine at most.")
    )

    class Meta:
        model = Place
        fields = list(NAMES)
        widgets = {
            "intro": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
            "team": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        }
        help_texts = {
            "latitude": _("As the coordinate picker of 高德 or 腾讯 shows it; the distance needs both."),
            "intro": _("What people find here, how to get there, where to park."),
            "team": _("One person a line, such as: 小周 店长, 爱聊咖啡."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = self.instance.hours if isinstance(self.instance.hours, dict) else {}
        for day in DAYS:
            self.fields[day].initial = hours.get(day, [])
        self.fields["mon"].help_text = _("Such as 08:00-12:00, 14:00-20:00; empty means closed.")
        self.fields["region"].initial = self.instance.region_code
        people: Any = self.fields["people"]
        people.queryset = get_user_model().objects.filter(is_staff=True, is_active=True)
        if self.instance.pk:
            people.initial = list(self.instance.staff.values_list("user", flat=True))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("every_day"):
            data |= {day: data.get("mon", []) for day in DAYS}
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", _now("Give both latitude and longitude, or neither."))
        return data


@admin.register(Place)
class PlaceAdmin(NeverDeleted, GoodsAdmin):
    form = PlaceForm
    list_display = (
        "name",
        "show_active",
        "kind",
        "show_now",
        "show_where",
        "phone",
        "offers_pickup",
        "show_people",
    )
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code", "address")
    inlines = (HolidayInline, PhotoInline)
    fieldsets = (
        (None, {"fields": ("kind", "name", "code", "is_active", "offers_pickup", "position", "parcel_cost")}),
        (_("Where"), {"fields": ("region", "address", "phone", ("latitude", "longitude"))}),
        (
            _("Opening hours"),
            {
                "fields": (
                    ("mon", "every_day"),
                    ("tue", "wed"),
                    ("thu", "fri"),
                    ("sat", "sun"),
                )
            },
        ),
        (_("Page of the store"), {"fields": ("intro", "team", "pictures")}),
        (_("Staff"), {"fields": ("people",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        return (
            super()
            .get_queryset(request)
            .annotate(people_count=Count("staff"))
            .prefetch_related(hours.with_holidays())
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        places.save(
            place=obj,
            actor=actor(request),
            region_code=data["region"],
            hours={day: data[day] for day in DAYS},
            **{name: data[name] for name in NAMES},
        )
        places.set_staff(place=obj, user_ids=[person.pk for person in data["people"]], actor=actor(request))
        for file in data["pictures"]:
            try:
                place_pages.add_photo(place=obj, file=file, actor=actor(request))
            except Refusal as refusal:
                messages.error(request, f"{file.name}: {refusal.message_text}")

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else (HolidayInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            save_rows(formset, form.instance, actor(request))

    @display(description=_("now"), label={"open": "success", "closed": "warning", "": None})
    def show_now(self, place: Place) -> tuple[str, str]:
        if place.kind == PlaceKind.WAREHOUSE:
            return "", "—"
        is_open = hours.state(place, clock.page_now()).is_open
        return ("open", _now("Open")) if is_open else ("closed", _now("Closed"))

    @display(description=_("state"), label={"open": "success", "closed": "danger"})
    def show_active(self, place: Place) -> tuple[str, str]:
        return ("open", _now("Active")) if place.is_active else ("closed", _now("Switched off"))

    @display(description=_("where"))
    def show_where(self, place: Place) -> str:
        return f"{place.city}{place.district}{place.address}" or "—"

    @display(description=_("staff"))
    def show_people(self, place: Place) -> int:
        return place.people_count  # type: ignore[attr-defined]
