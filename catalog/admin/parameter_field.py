"""The parameters of a category as one field of the product's form."""

from typing import Any

from django import forms
from django.template.loader import render_to_string

from catalog.models import Category, Parameter, Product
from catalog.services.listing import gathering

PREFIX = "parameter_"


class ParametersWidget(forms.Widget):
    """An input for each parameter; their names are `parameter_<id>`."""

    parameters: tuple[Parameter, ...] = ()
    use_fieldset = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        return drawn(self.parameters, value or {})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[int, str]:
        return said(data)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(PREFIX) for key in data)


class ParametersField(forms.Field):
    """Value: texts by parameter id."""

    widget = ParametersWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def ask(self, product: Product | None, category_id: Any) -> None:
        """Set the inputs for a category, filled with what the product says."""
        self.widget.parameters = tuple(of_category(category_id))
        if product is not None and product.pk:
            self.initial = dict(product.parameter_values.values_list("parameter_id", "value"))

    def clean(self, value: Any) -> dict[int, str]:
        return dict(value or {})

    def has_changed(self, initial: Any, data: Any) -> bool:
        kept = {pk: text for pk, text in (data or {}).items() if text}
        return kept != {pk: text for pk, text in (initial or {}).items() if pk in (data or {})}


def of_category(category_id: Any) -> list[Parameter]:
    """What goods of a category are asked for; without one what all are."""
    number = int(category_id) if str(category_id or "").isdecimal() else None
    trail: list[Category] = gathering.trail_of(number)
    return gathering.parameters_of(trail)


def said(data: Any) -> dict[int, str]:
    """What a sent form says, by parameter id."""
    return {
        int(key.removeprefix(PREFIX)): str(data[key])
        for key in data
        if key.startswith(PREFIX) and key.removeprefix(PREFIX).isdecimal()
    }


def drawn(parameters: Any, values: dict[int, str]) -> Any:
    rows = [(one, values.get(one.pk, "")) for one in parameters]
    return render_to_string("admin/catalog/listing_parameters.html", {"rows": rows})
