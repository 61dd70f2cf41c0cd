"""Form fields that speak the merchant's language."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.models import Category
from catalog.selectors.places import parse_time
from members.selectors import divisions

SEPARATORS = re.compile(r"[,，、;；\s]+")
SPAN = re.compile(r"^(\d{1,2}:\d{2})\s*[-–—~～至]\s*(\d{1,2}:\d{2})$")


class CategoryField(forms.ModelChoiceField):
    """Categories with the way that leads to them: 生鲜 / 水果 / 苹果."""

    def label_from_instance(self, obj: Category) -> str:
        names = [obj.name]
        while obj.parent:
            obj = obj.parent
            names.insert(0, obj.name)
        return " / ".join(names)


class ManyFilesWidget(UnfoldAdminFileFieldWidget):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Any number of files."""

    def __init__(self, **options: Any) -> None:
        widget = ManyFilesWidget(attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp"})
        super().__init__(widget=widget, required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PicturesField, self).clean(one, initial) for one in files if one]


class DivisionsField(forms.CharField):
    """Provinces and cities by name or code, such as 广东, 深圳市, 65; the value is a list of codes."""

    default_error_messages = {"unknown": gettext_lazy("There is no province or city called %(name)s.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(name_of(code) for code in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        return [self._code(name) for name in SEPARATORS.split(super().clean(value)) if name]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def _code(self, name: str) -> str:
        for division in _provinces_and_cities():
            if name in (division.code, division.name) or (len(name) > 1 and division.name.startswith(name)):
                return division.code
        raise forms.ValidationError(self.error_messages["unknown"], params={"name": name})


class DistrictField(forms.CharField):
    """One district (or city without districts) in words, such as 广州 天河区; the value is its code."""

    default_error_messages = {
        "unknown": gettext_lazy("There is no such district. Write province or city and district."),
        "unclear": gettext_lazy("Several districts are called so: %(names)s …"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return dict(all_districts()).get(value, value)

    def clean(self, value: Any) -> Any:
        asked = [part for part in SEPARATORS.split(super().clean(value)) if part]
        if not asked:
            return ""
        found = [(code, name) for code, name in all_districts() if all(part in name for part in asked)]
        exact = [code for code, name in found if name.split()[-1] == asked[-1] or name == " ".join(asked)]
        if len(found) == 1 or len(exact) == 1:
            return exact[0] if len(exact) == 1 else found[0][0]
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"])
        names = "、".join(name for _, name in found[:3])
        raise forms.ValidationError(self.error_messages["unclear"], params={"names": names})


class HoursField(forms.CharField):
    """Opening hours of a day, such as 08:00-12:00, 14:00-20:00; empty means closed."""

    default_error_messages = {"unclear": gettext_lazy("Write hours like 08:00-12:00, 14:00-20:00.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return ", ".join("-".join(span) for span in value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        found = []
        for text in filter(None, re.split(r"[,，、;；]", super().clean(value))):
            span = SPAN.match(text.strip())
            if span is None:
                raise forms.ValidationError(self.error_messages["unclear"])
            opens, closes = (part.zfill(5) for part in span.groups())
            try:
                ordered = parse_time(opens) < parse_time(closes)
            except ValueError:
                ordered = False
            if not ordered:
                raise forms.ValidationError(self.error_messages["unclear"])
            found.append([opens, closes])
        return sorted(found)


def name_of(code: str) -> str:
    """The name of a province or city, or the code when nobody has it."""
    return next((one.name for one in _provinces_and_cities() if one.code == code), code)


@cache
def all_districts() -> tuple[tuple[str, str], ...]:
    """Every district (or city without districts) as code and full name."""
    found = []
    for province in divisions.provinces():
        for city in divisions.cities(province.code):
            above = province.name if city.name == province.name else f"{province.name} {city.name}"
            below = divisions.districts(city.code)
            if not below:
                found.append((city.code, above))
            found += [(district.code, f"{above} {district.name}") for district in below]
    return tuple(found)


def _provinces_and_cities() -> Iterable[divisions.Division]:
    for province in divisions.provinces():
        yield province
        yield from (city for city in divisions.cities(province.code) if city.code != province.code)
