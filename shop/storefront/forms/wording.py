"""A form that says what is missing by its name: "Please fill in the recipient"."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class PlainForm(forms.Form):
    """Its fields name themselves when they were left empty, unless they have words of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            said = (
                _("Please choose: {label}")
                if isinstance(field, forms.ChoiceField)
                else _("Please fill in: {label}")
            )
            standard = str(field.error_messages["required"]) == str(
                forms.Field.default_error_messages["required"]
            )
            if standard and field.label:
                field.error_messages["required"] = said.format(label=field.label)
