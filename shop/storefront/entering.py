"""Signing somebody in: a new session, their basket, and what they agreed to."""

from contextlib import suppress

from django.contrib import auth
from django.http import HttpRequest

from members.errors import TextNotPublished
from members.models import User
from members.services import consents, people
from members.terms import ConsentKind
from shop.core.http import client_ip
from shop.storefront import favourite_wishes, notice_wishes
from shop.storefront.guards import ShopRequest

BACKEND = "django.contrib.auth.backends.ModelBackend"
NEEDED = (ConsentKind.TERMS, ConsentKind.PRIVACY)


def enter(request: ShopRequest, user: User, *, has_agreed: bool) -> None:
    """A session with a new key for the person; a guest's basket comes along."""
    guest = request.shopper.guest_key if not request.user.is_authenticated else ""
    auth.login(request, user, backend=BACKEND)
    member = people.member_of(user)
    if guest:
        request.shopper.bring_basket_along(member)
    favourite_wishes.fulfil(request, member)
    notice_wishes.fulfil(request, member)
    if has_agreed:
        agree(request, user)


def agree(request: HttpRequest, user: User) -> None:
    """Notes that the person ticked the box."""
    for kind in NEEDED:
        with suppress(TextNotPublished):
            consents.grant(user=user, kinds=[kind], ip=client_ip(request))


def session_key(request: HttpRequest) -> str:
    """Codes are bound to this browser's session; a guest gets one now."""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)
