"""Inside WeChat's browser: who may be asked silently who they are, and what was on its way meanwhile.

All of it is kept in the session on our side: the address to go back to, a random state that works once, the
openid that may pay. Nothing of it stands in an address.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import escape_leading_slashes

from shop.core.wechat import apps, sign_in

STATES = "wechat_states"
PAYER = "wechat_payer"
OFF_UNTIL = "wechat_off_until"
PREVIEW_UNTIL = "wechat_preview_until"

STATE_SECONDS = 600
STATES_KEPT = 5
PAUSE_SECONDS = 600
LONG_SECONDS = 30 * 24 * 3600
NO_PAGES = (
    *("/wechat/", "/admin/", "/api/", "/notify/", "/static/", "/media/", "/i18n/", "/healthz", "/readyz"),
    *("/metrics", "/login/", "/logout/", "/privacy/", "/terms/", "/licence/", "/supply/"),
)


@dataclass(frozen=True, slots=True)
class Errand:
    """Why somebody was sent to WeChat: to `enter`, to `link` or to `pay`, by whom, and where they go then."""

    purpose: str
    path: str
    user_id: int | None


def is_inside(request: HttpRequest) -> bool:
    """Whether this is WeChat's own browser (WeCom's is another app)."""
    agent = request.headers.get("User-Agent", "")
    return "MicroMessenger" in agent and "wxwork" not in agent


def is_on(request: HttpRequest) -> bool:
    """Inside WeChat, and the official account is set up."""
    return is_inside(request) and apps.is_on("oa")


def is_page(request: HttpRequest) -> bool:
    """A page somebody opens, not a part of one, nor one fetched ahead."""
    return (
        request.method == "GET"
        and not getattr(request, "htmx", False)
        and "text/html" in request.headers.get("Accept", "")
        and request.headers.get("Sec-Fetch-Dest", "document") in ("document", "iframe")
        and "prefetch" not in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
        and not request.path.startswith(NO_PAGES)
    )


def is_paused(request: HttpRequest) -> bool:
    """WeChat was silent a moment ago, the shopper signed out, or WeChat shows them a preview only."""
    return _until(request, OFF_UNTIL) or is_preview(request)


def is_preview(request: HttpRequest) -> bool:
    """WeChat gave us a stand-in for a person: they may look around and no more."""
    return _until(request, PREVIEW_UNTIL)


def pause(request: HttpRequest, seconds: int = PAUSE_SECONDS) -> None:
    request.session[OFF_UNTIL] = int(time.time()) + seconds


def begin_preview(request: HttpRequest) -> None:
    request.session[PREVIEW_UNTIL] = int(time.time()) + PAUSE_SECONDS


def resume(request: HttpRequest) -> None:
    """Asks WeChat again from now on."""
    for name in (OFF_UNTIL, PREVIEW_UNTIL):
        request.session.pop(name, None)


def payer(request: HttpRequest) -> str:
    """The openid WeChat named in this very session, or empty."""
    return str(request.session.get(PAYER, ""))


def remember_payer(request: HttpRequest, openid: str) -> None:
    request.session[PAYER] = openid


def way_out(request: HttpRequest, *, purpose: str, path: str) -> str:
    """The address at WeChat to go to; `path`, of this shop, is kept for the way back. One that begins with
    two slashes would lead elsewhere, so the second one loses its meaning."""
    state = secrets.token_hex(16)
    fresh = _states(request)
    while len(fresh) >= STATES_KEPT:
        fresh.pop(next(iter(fresh)))
    user_id = request.user.pk if request.user.is_authenticated else None
    fresh[state] = [purpose, escape_leading_slashes(path), user_id, int(time.time())]
    request.session[STATES] = fresh
    return sign_in.authorize_url(settings.SHOP_URL + reverse("storefront:wechat_callback"), state)


def way_back(request: HttpRequest, state: str) -> Errand | None:
    """What this browser was sent out for; None for a state that is unknown here, spent or old."""
    fresh = _states(request)
    found = fresh.pop(state, None)
    request.session[STATES] = fresh
    return Errand(found[0], found[1], found[2]) if found else None


def sign_in_address(path: str) -> str:
    """Our own address that starts the sign-in and comes back to `path`."""
    return f"{reverse('storefront:wechat_sign_in')}?{urlencode({'next': path})}"


def _states(request: HttpRequest) -> dict[str, list[Any]]:
    oldest = time.time() - STATE_SECONDS
    kept = request.session.get(STATES) or {}
    return {state: one for state, one in kept.items() if one[3] >= oldest}


def _until(request: HttpRequest, name: str) -> bool:
    return int(request.session.get(name) or 0) > time.time()
