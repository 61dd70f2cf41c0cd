"""Warehouses, stores and pickup points, with hours and people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.admin.fields import DistrictField, HoursField
from catalog.models import Place
from catalog.services import places
from shop.core.admin import actor

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
)


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
    mon, tue, wed, thu, fri, sat, sun = (
        HoursField(label=label, widget=UnfoldAdminTextInputWidget) for label in DAYS.values()
    )

    class Meta:
        model = Place
        fields = list(NAMES)

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


@admin.register(Place)
class PlaceAdmin(NeverDeleted, GoodsAdmin):
    form = PlaceForm
    list_display = ("name", "show_active", "kind", "show_where", "phone", "offers_pickup", "show_people")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code", "address")
    fieldsets = (
        (None, {"fields": ("kind", "name", "code", "is_active", "offers_pickup", "position")}),
        (_("Where"), {"fields": ("region", "address", "phone", ("latitude", "longitude"))}),
        (_("Opening hours"), {"fields": tuple(DAYS)}),
        (_("Staff"), {"fields": ("people",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        return super().get_queryset(request).annotate(people_count=Count("staff"))

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

    @display(description=_("state"), label={"open": "success", "closed": "danger"})
    def show_active(self, place: Place) -> tuple[str, str]:
        return ("open", _now("Active")) if place.is_active else ("closed", _now("Switched off"))

    @display(description=_("where"))
    def show_where(self, place: Place) -> str:
        return f"{place.city}{place.district}{place.address}" or "—"

    @display(description=_("staff"))
    def show_people(self, place: Place) -> int:
        return place.people_count  # type: ignore[attr-defined]
