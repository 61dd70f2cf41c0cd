"""The stage page and the one-tap door."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any

import requests
from django.conf import settings
from django.contrib import admin, auth, messages
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from members.errors import TextNotPublished
from members.services import consents, people
from members.terms import ConsentKind
from shop.backoffice.stage import acts as memory
from shop.backoffice.stage import plays, robots, roles, telling
from shop.core.errors import Refusal
from shop.core.http import client_ip

BUSY = "stage:busy"
PERMISSION = "core.change_setting"
BACKEND = "django.contrib.auth.backends.ModelBackend"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Button:
    kind: str
    icon: str
    title: str | Promise
    words: str | Promise


BUTTONS = (
    Button(
        "flash",
        "groups",
        gettext_lazy("A flash of buyers"),
        gettext_lazy("20 members want one of 5 pieces in the same second. Five get it and pay."),
    ),
    Button(
        "run_short",
        "production_quantity_limits",
        gettext_lazy("Stock falls to three"),
        gettext_lazy("A best seller has three pieces left, in all places together. The alarm rings."),
    ),
    Button(
        "lose_notice",
        "notifications_off",
        gettext_lazy("A lost notice"),
        gettext_lazy("A shopper pays, WeChat's notice never comes. The shop finds out by asking."),
    ),
    Button(
        "pay_late",
        "history_toggle_off",
        gettext_lazy("A late payment"),
        gettext_lazy("The money of a cancelled order arrives. It goes back by itself."),
    ),
)


def on_stage(view: View) -> View:
    """For administrators only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Stage"),
        "buttons": BUTTONS,
        "robots": robots.now(),
        "sandbox_url": settings.SANDBOX_URL,
        **_told(),
    }
    return TemplateResponse(request, "admin/backoffice/stage.html", context)


@never_cache
@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """What was played, as it stands now; asked for again and again while something is under way."""
    return render(request, "admin/backoffice/stage_acts.html", _told())


@require_POST
def play(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in plays.PLAYS:
        raise Http404
    if not cache.add(BUSY, 1, 60):
        messages.warning(request, _("A scene is just being set up. One moment."))
        return HttpResponseRedirect(reverse("stage:page"))
    try:
        memory.remember(plays.PLAYS[kind](f"user:{request.user.pk}"))
    except Refusal as refusal:
        messages.error(request, refusal.message_text)
    except requests.RequestException:
        messages.error(request, _("The sandbox does not answer."))
    finally:
        cache.delete(BUSY)
    return HttpResponseRedirect(reverse("stage:page"))


@require_POST
def refill(request: HttpRequest) -> HttpResponse:
    act = memory.find(request.POST.get("act", ""))
    if act is not None and act.kind == "run_short":
        plays.fill_up(act, f"user:{request.user.pk}")
        memory.change(act.id, taken={})
    return HttpResponseRedirect(reverse("stage:page"))


@require_POST
def switch_robots(request: HttpRequest) -> HttpResponse:
    robots.switch(is_on=request.POST.get("on") == "1")
    return HttpResponseRedirect(reverse("stage:page"))


@never_cache
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the people of the demo, as if they had proved who they are."""
    user = roles.find(request.POST.get("who", ""))
    if user is None:
        raise Http404
    auth.login(request, user, backend=BACKEND)
    if not user.is_staff:
        request.shopper.bring_basket_along(people.member_of(user))  # type: ignore[attr-defined]
        for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY):
            with suppress(TextNotPublished):
                consents.grant(user=user, kinds=[kind], ip=client_ip(request))
    home = reverse("admin:index") if user.is_staff else reverse("storefront:me")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if back and is_ours else home)


def _told() -> dict[str, Any]:
    told = []
    for act in memory.all_of_them():
        with suppress(ObjectDoesNotExist):  # the demo was loaded anew
            told.append(telling.tell(act))
    return {"told": told, "is_live": any(not one.is_over for one in told)}
