"""Passwords: who may sign in with one, and how good it must be."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate as ask_backends
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from knox.models import AuthToken

from members.errors import LockedOut, WeakPassword, WrongLogin
from members.models import User
from members.selectors import people
from shop.core import crypto
from shop.core.transactions import unit

STAFF_LENGTH = 12
SHOPPER_LENGTH = 8
LONGEST = 128
LOCKED_SECONDS = 900


class LengthByRole:
    """A validator for AUTH_PASSWORD_VALIDATORS: 12 characters for staff, 8 for shoppers, 128 at most."""

    def validate(self, password: str, user: Any = None) -> None:
        least = STAFF_LENGTH if user is None or getattr(user, "is_staff", True) else SHOPPER_LENGTH
        if len(password) < least:
            words = ngettext("It needs %(least)d character.", "It needs %(least)d characters.", least)
            raise ValidationError(words % {"least": least}, code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(_("It has too many characters."), code="password_too_long")

    def get_help_text(self) -> str:
        return _("Staff passwords have at least %(least)d characters; a few words are best.") % {
            "least": STAFF_LENGTH
        }


def authenticate(*, login: str, password: str, ip: str) -> User:
    """The active person with this username, e-mail or phone, and password. Raises WrongLogin or LockedOut;
    neither says whether the person exists."""
    known = people.find_by_login(login)
    username = known.username if known else f"unknown:{crypto.keyed_hash(login.strip(), 'login')[:24]}"
    request = _request(ip)
    if not AxesProxyHandler.is_allowed(request, {"username": username}):
        raise LockedOut(retry_after=LOCKED_SECONDS)
    user = ask_backends(request, username=username, password=password[: LONGEST + 1])
    if not isinstance(user, User):
        raise WrongLogin()
    AxesProxyHandler.reset_attempts(username=username, ip_address=ip)
    return user


@unit
def change(*, user: User, password: str) -> None:
    """Sets a password and ends every token of the person; sessions end by themselves. Raises WeakPassword."""
    check(user=user, password=password)
    user.set_password(password)
    user.save(update_fields=["password"])
    AuthToken.objects.filter(user=user).delete()


def check(*, user: User, password: str) -> None:
    """Raises WeakPassword with the reasons in words."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as problem:
        raise WeakPassword(reasons=" ".join(problem.messages)) from problem


def _request(ip: str) -> HttpRequest:
    """What the lockout wants to know about the caller."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = ip or "0.0.0.0"  # noqa: S104
    request.method = "POST"
    return request
