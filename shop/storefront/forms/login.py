"""Signing in: by code or by password. Consent is never ticked beforehand."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.storefront.forms.wording import PlainForm

AGREE = _("Please read and agree first.")


class _Agreeing(PlainForm):
    agree = forms.BooleanField(error_messages={"required": AGREE})


class PhoneForm(_Agreeing):
    """To have a code sent."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    code = forms.CharField(
        label=pgettext_lazy("sms", "Code"),
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class CodeForm(PhoneForm):
    """To sign in with the code that came."""

    code = forms.CharField(
        label=pgettext_lazy("sms", "Code"),
        max_length=8,
        error_messages={"required": _("Type the 6 digits of the message.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasswordForm(_Agreeing):
    login = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
