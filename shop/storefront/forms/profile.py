"""Name and password of a shopper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import User
from shop.storefront.forms.wording import PlainForm


class NameForm(PlainForm):
    display_name = forms.CharField(
        label=_("Your name"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "nickname"})
    )


class PasswordForm(PlainForm):
    """The old password is asked for where there is one."""

    old_password = forms.CharField(
        label=_("Present password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1 = forms.CharField(
        label=_("New password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password2 = forms.CharField(
        label=_("Once more"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self._user.has_usable_password() and not self._user.check_password(found.get("old_password", "")):
            self.add_error("old_password", _("This isn't your present password."))
        if found.get("new_password1") != found.get("new_password2"):
            self.add_error("new_password2", _("The two passwords are different."))
        return found
