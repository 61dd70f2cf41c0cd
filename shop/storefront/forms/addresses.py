"""An address: three levels of divisions that depend on each other, and the rest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.selectors import divisions
from members.terms import AddressTag
from shop.storefront.forms.wording import PlainForm

CASCADE = {
    "hx-get": "/addresses/regions/",
    "hx-target": "#regions",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
    "hx-params": "province_code,city_code,district_code",
}


class AddressForm(PlainForm):
    """Cities follow the chosen province, districts the chosen city; a city may have no districts."""

    recipient = forms.CharField(
        label=_("Recipient"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    province_code = forms.ChoiceField(label=_("Province"), widget=forms.Select(attrs=CASCADE))
    city_code = forms.ChoiceField(label=_("City"), widget=forms.Select(attrs=CASCADE))
    district_code = forms.ChoiceField(label=_("District"), required=False, widget=forms.Select())
    street = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
    detail = forms.CharField(
        label=_("Street, house, room"),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )
    tag = forms.ChoiceField(
        label=_("Label"),
        required=False,
        choices=[("", _("None")), *AddressTag.choices],
        widget=forms.RadioSelect,
    )
    is_default = forms.BooleanField(label=_("Use this address by default"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        province = self._given("province_code")
        cities = divisions.cities(province) if province else ()
        city = self._given("city_code")
        if city not in {one.code for one in cities}:
            city = cities[0].code if len(cities) == 1 else ""
        districts = divisions.districts(city) if city else ()
        self.has_districts = bool(districts) or not city
        self._offer("province_code", divisions.provinces())
        self._offer("city_code", cities)
        self._offer("district_code", districts)
        if len(cities) == 1 and not self._given("city_code"):
            self.initial["city_code"] = city

    def _given(self, name: str) -> str:
        value = self.data.get(name) if self.is_bound else self.initial.get(name)
        return str(value or "")

    def _offer(self, name: str, found: tuple[divisions.Division, ...]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", pgettext("empty choice", "Choose")), *((one.code, one.name) for one in found)]
