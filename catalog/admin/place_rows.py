"""Rows below a place: holidays with other hours, and photos."""

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from catalog.admin.base import picture
from catalog.admin.fields import HoursField
from catalog.models import Place, PlaceHoliday, PlacePhoto
from catalog.services import place_pages


class HolidayForm(forms.ModelForm):
    """Without a last day it is one day; without hours the place is closed."""

    hours = HoursField(
        label=_("opening hours"),
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": _("empty: closed")}),
    )
    last_on = forms.DateField(label=_("last day"), required=False, widget=UnfoldAdminSingleDateWidget)

    class Meta:
        model = PlaceHoliday
        fields = ("first_on", "last_on", "name", "hours")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if first and not last:
            data["last_on"] = first
        elif first and last and last < first:
            self.add_error("last_on", _now("The last day can't be before the first."))
        return data


class HolidayInline(TabularInline):
    """Days on which other hours hold."""

    model = PlaceHoliday
    form = HolidayForm
    extra = 0


class PhotoInline(TabularInline):
    """Photos that are there: order and words."""

    model = PlacePhoto
    fields = ("show_picture", "position", "alt")
    readonly_fields = ("show_picture",)
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description=_("picture"))
    def show_picture(self, photo: PlacePhoto) -> SafeString:
        return picture(photo.path, 96)


def save_rows(formset: Any, place: Place, who: str) -> None:
    """Hands what was changed to the services."""
    formset.save(commit=False)
    if formset.model is PlacePhoto:
        for photo in formset.deleted_objects:
            place_pages.remove_photo(photo=photo, actor=who)
        for photo, _names in formset.changed_objects:
            place_pages.describe_photo(photo=photo, alt=photo.alt, position=photo.position)
        return
    for holiday in formset.deleted_objects:
        place_pages.remove_holiday(holiday=holiday, actor=who)
    for holiday in [*formset.new_objects, *(one for one, _names in formset.changed_objects)]:
        place_pages.set_holiday(
            place=place,
            holiday=holiday,
            first_on=holiday.first_on,
            last_on=holiday.last_on,
            name=holiday.name,
            hours=holiday.hours,
            actor=who,
        )
