"""The shop's own count of visitors: a beacon of each page, one row a browser and day, no third party."""

import re
import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from analytics import policies
from analytics.services import visits
from catalog.services import product_views
from shop.core import clock
from shop.core.http import client_ip

COOKIE = "day"
NEW_AN_HOUR = 300
PRODUCT = re.compile(r"[1-9]\d{0,9}")
ROBOTS = re.compile(
    r"bot|spider|crawl|slurp|headless|lighthouse|preview|monitor|curl|wget|python|httpx|java/|go-http|scan|fetch",
    re.IGNORECASE,
)


@csrf_exempt
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Says nothing in return. Robots, staff and floods from one address leave no row."""
    response = HttpResponse(status=204)
    if _is_robot(request) or request.user.is_staff or not policies.COUNT_VISITS.get():
        return response
    known = _known(request)
    if not known:
        if not _may_be_new(client_ip(request)):
            return response
        known = secrets.token_hex(12)
        _remember(response, known)
    visits.count(visitor=known)
    product = request.GET.get("product", "")
    if PRODUCT.fullmatch(product):
        product_views.note(int(product))
    return response


def _is_robot(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    return len(agent) < 20 or bool(ROBOTS.search(agent))


def _known(request: HttpRequest) -> str:
    """The word this browser was given today; empty for one we didn't give."""
    with suppress(signing.BadSignature):
        return _signer().unsign(request.COOKIES.get(COOKIE, ""))
    return ""


def _signer() -> signing.Signer:
    return signing.Signer(salt=f"visit {clock.business_day(clock.page_now())}")


def _may_be_new(address: str) -> bool:
    """Offices and dormitories share an address, so many are allowed; a script that forgets cookies is not."""
    key = f"visits.new.{address}"
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) <= NEW_AN_HOUR
    except ValueError:
        return True


def _remember(response: HttpResponse, visitor: str) -> None:
    """Until midnight in Shanghai, so that two days can't be joined."""
    now = clock.page_now()
    end = clock.day_bounds(clock.business_day(now))[1]
    response.set_cookie(
        COOKIE,
        _signer().sign(visitor),
        max_age=max(end - now, timedelta(seconds=1)),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
