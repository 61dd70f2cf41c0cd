"""The heart a guest pressed, kept in their session until they have signed in."""

from django.http import HttpRequest

from catalog.services import favourites
from members.models import Member
from shop.core.errors import Refusal

KEY = "wanted_favourite"


def keep(request: HttpRequest, product_id: int) -> None:
    """Remember it for after the sign-in."""
    request.session[KEY] = product_id


def fulfil(request: HttpRequest, member: Member) -> None:
    """Put it on the list of who has just signed in; one that can't be had any more is forgotten."""
    product_id = request.session.pop(KEY, None)
    if isinstance(product_id, int):
        try:
            favourites.add(member_id=member.pk, product_id=product_id)
        except Refusal:
            return
