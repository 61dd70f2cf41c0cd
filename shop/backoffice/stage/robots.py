"""The switch of the robot shoppers, and what they were last heard of. They are a program outside of the shop
that asks here before every order."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.backoffice.demo import people
from shop.core import clock

SWITCH, HEARD = "stage:robots", "stage:robots:heard"
QUIET_SECONDS = 150
FIRST_ROBOT = len(people.SHOPPERS) + 1
ROBOTS = 9


@dataclass(frozen=True, slots=True)
class Robots:
    """`is_on` is the switch; `is_there` says whether their program was heard of lately."""

    is_on: bool
    is_there: bool
    heard_at: datetime | None
    orders_today: int


def now() -> Robots:
    heard = cache.get(HEARD)
    heard_at, orders = heard or (None, 0)
    is_there = heard_at is not None and (clock.page_now() - heard_at).total_seconds() < QUIET_SECONDS
    return Robots(cache.get(SWITCH, True), is_there, heard_at, orders)


def switch(*, is_on: bool) -> None:
    cache.set(SWITCH, is_on, None)


@never_cache
@require_safe
def answer(request: HttpRequest) -> JsonResponse:
    """Whether orders are wanted now, and by whom they may be made; the asker says how many it made today."""
    made = request.GET.get("made", "0")
    cache.set(HEARD, (clock.page_now(), int(made) if made.isdecimal() and len(made) < 6 else 0), None)
    phones = [f"1700000{number:04d}" for number in range(FIRST_ROBOT, FIRST_ROBOT + ROBOTS)]
    return JsonResponse({"wanted": now().is_on, "phones": phones})
