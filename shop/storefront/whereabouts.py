"""Which store is near: chosen by hand, or found once by the browser's position, which isn't kept.

Two cookies of the shopper's own: a city, and the order of the stores (their codes, no distances).
"""

import re
from collections.abc import Collection, Sequence
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalog.models import Place
from catalog.selectors import places

CITY, NEAR = "city", "near"
CITY_SECONDS = 365 * 24 * 3600
CITY_CODE = re.compile(r"\d{4}")
CODES = re.compile(r"[\w-]{1,20}(\.[\w-]{1,20}){0,19}")
P = TypeVar("P", bound=Place)


class Whereabouts:
    """What the shopper told us, from the cookies; nonsense counts as nothing."""

    def __init__(self, request: HttpRequest) -> None:
        city, near = request.COOKIES.get(CITY, ""), request.COOKIES.get(NEAR, "")
        self.city = city if CITY_CODE.fullmatch(city) else ""
        self.codes: tuple[str, ...] = tuple(near.split(".")) if CODES.fullmatch(near) else ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return bool(self.codes or self.city)

    def in_order(self, among: Sequence[P]) -> list[P]:
        """The places, the near ones first; as they were where nothing is known."""
        rank = {code: number for number, code in enumerate(self.codes)}
        return sorted(
            among,
            key=lambda place: (
                rank.get(place.code, len(rank)),
                not (self.city and place.region_code.startswith(self.city)),
            ),
        )

    def nearest(self) -> Place | None:
        """The first store with pickup among the near ones or in the city; None when nothing is known."""
        offered = [place for place in places.stores() if place.offers_pickup]
        found = self.in_order(offered)[:1] if self.is_known else []
        return next((place for place in found if self._is_near(place)), None)

    def _is_near(self, place: Place) -> bool:
        return place.code in self.codes or bool(self.city and place.region_code.startswith(self.city))


def remember_city(response: HttpResponse, code: str) -> None:
    """Keep the city chosen by hand; it takes the place of an order by position. Empty forgets both."""
    response.delete_cookie(NEAR, samesite="Lax")
    if CITY_CODE.fullmatch(code):
        _set(response, CITY, code, CITY_SECONDS)
    else:
        response.delete_cookie(CITY, samesite="Lax")


def remember_order(response: HttpResponse, codes: Collection[str]) -> None:
    """Keep which stores are nearest until the browser is closed."""
    _set(response, NEAR, ".".join(list(codes)[:20]), None)
    response.delete_cookie(CITY, samesite="Lax")


def _set(response: HttpResponse, name: str, value: str, seconds: int | None) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="Lax")
