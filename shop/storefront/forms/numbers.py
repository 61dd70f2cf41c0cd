"""A mobile number and the code that proves it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.storefront.forms.login import CodeForm, PhoneForm

HELP = _("For the courier and for news about your order; nothing else.")


def _phone() -> forms.CharField:
    return forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        help_text=HELP,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class NumberForm(PhoneForm):
    """To have a code sent."""

    phone = _phone()


class NumberCodeForm(CodeForm):
    """With the code that came."""

    phone = _phone()
