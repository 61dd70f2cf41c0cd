"""Who is shopping: a member, or a guest who is known only by the key of their basket."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from members.models import Member
from members.services import people
from orders.models import Basket
from orders.selectors import baskets as basket_pages
from orders.services import baskets
from shop.core import numbers

COOKIE = "guest"
SALT = "storefront.guest"
COOKIE_SECONDS = 60 * 24 * 3600


class Shopper:
    """One per request, lazy: a page that shows nothing personal asks the database for nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._made_key = ""
        self._forgets = False

    @cached_property
    def member(self) -> Member | None:
        """The member signed in, their user at hand; None for a guest."""
        user = self._request.user
        if not user.is_authenticated:
            return None
        member = Member.objects.filter(user=user).select_related("level").first() or people.member_of(user)
        member.user = user
        return member

    @cached_property
    def guest_key(self) -> str:
        """The key of a guest's basket from the signed cookie, or empty."""
        return self._request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_SECONDS) or ""

    @cached_property
    def basket_count(self) -> int:
        """Pieces in the basket, for the badge."""
        if self.member is None and not self.guest_key:
            return 0
        return basket_pages.count(member=self.member, guest_key=self.guest_key or None)

    def find_basket(self) -> Basket | None:
        """The basket there is; looking makes none."""
        return basket_pages.find(member=self.member, guest_key=self.guest_key or None)

    def make_basket(self) -> Basket:
        """The basket to put something in; a guest's first one makes their key."""
        if self.member is None and not self.guest_key:
            self.guest_key = self._made_key = numbers.token()
        return baskets.of(member=self.member, guest_key=None if self.member else self.guest_key)

    def bring_basket_along(self, member: Member) -> None:
        """At sign-in: the guest's basket joins the member's and the key is forgotten."""
        if self.guest_key:
            baskets.merge_guest(guest_key=self.guest_key, member=member)
            self._forgets = True

    def write_cookie(self, response: HttpResponse) -> None:
        """Keeps a new key with the browser, or takes a spent one away."""
        if self._forgets:
            response.delete_cookie(COOKIE, samesite="Lax")
        elif self._made_key:
            response.set_signed_cookie(
                COOKIE,
                self._made_key,
                salt=SALT,
                max_age=COOKIE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
