"""What changes while a page is open: counts and new orders; and what a person chose about it."""

import json
from typing import Any

from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.selectors import places
from members.selectors import preferences as chosen
from members.services import preferences
from orders.selectors import arrivals
from shop.backoffice import arranging, checklist, dashboard, navigation, shortcuts, waiting
from shop.core import clock, money

STAMP_KEY = "backoffice.stamp"
STAMP_SECONDS = 1
SOUND_SECONDS = 60
FLAGS = ("live.sound", checklist.DISMISSED)
LISTS = ("dashboard.todo", "dashboard.today", "dashboard.shortcuts", "dashboard.charts")


@require_safe
def pulse(request: HttpRequest) -> JsonResponse:
    """Counts, badges and orders paid after `?after=`; asked every few seconds by every open page.

    `stamp` changes whenever any order does. While nothing happens this costs no query of its own: the stamp
    is remembered for a second, the counts of a person for two, their wish for a sound for a minute.
    """
    newest, stamp = _stamp()
    after = request.GET.get("after", "")
    cursor = int(after[:18]) if after.isascii() and after.isdigit() else None
    may_see = request.user.has_perm("orders.view_order")
    found = (
        arrivals.since(request.user, cursor)
        if may_see and cursor is not None and newest > cursor
        else arrivals.Arrivals(newest, ())
    )
    counts = waiting.counts(request.user)
    return JsonResponse(
        {
            "cursor": found.cursor,
            "stamp": stamp,
            "sound": _has_sound(_who(request)),
            "counts": {code: one.count for code, one in counts.items()},
            "badges": navigation.badges(request),
            "arrivals": [_arrived(one) for one in found.orders],
            "words": _words(len(found.orders)),
        }
    )


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The figures of today alone, for the open first page."""
    seen = places.ids_of_staff(request.user)
    wishes = chosen.of(_who(request))
    context = dashboard.today(request, clock.page_now(), seen, wishes)
    return render(request, "admin/backoffice/today.html", context)


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Stores `value` (JSON) under `name`, or forgets it without one; then back to where the person was."""
    name, raw = request.POST.get("name", ""), request.POST.get("value", "")
    if name == "dashboard":
        for one in LISTS:
            preferences.forget(user_id=_who(request), name=one)
        return _back(request)
    if name not in FLAGS + LISTS:
        return HttpResponseBadRequest(_("There is no such setting."))
    if not raw:
        preferences.forget(user_id=_who(request), name=name)
        return _back(request)
    value = _wish(name, raw)
    if value is None:
        return HttpResponseBadRequest(_("This can't be read."))
    preferences.put(user_id=_who(request), name=name, value=value)
    cache.delete(f"backoffice.sound.{_who(request)}")
    return _back(request)


def _who(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _wish(name: str, raw: str) -> Any:
    """What may be stored under the name; None for anything else."""
    try:
        value = json.loads(raw) if len(raw) < 5000 else None
    except ValueError:
        return None
    if name in FLAGS:
        return value if isinstance(value, bool) else None
    if not isinstance(value, dict):
        return None
    known = KNOWN[name]()
    order, hidden = arranging.read(value, known)
    return {"order": order, "hidden": sorted(hidden)}


def _stamp() -> tuple[int, str]:
    """The newest step of any order, and a word that is another one as soon as an order came or moved."""
    found: tuple[int, str] | None = cache.get(STAMP_KEY)
    if found is None:
        newest = arrivals.latest()
        found = newest, f"{newest}.{arrivals.latest_order()}"
        cache.set(STAMP_KEY, found, STAMP_SECONDS)
    return found


def _has_sound(user_id: int) -> bool:
    key = f"backoffice.sound.{user_id}"
    found: bool | None = cache.get(key)
    if found is None:
        found = bool(chosen.of(user_id).get("live.sound", False))
        cache.set(key, found, SOUND_SECONDS)
    return found


def _arrived(one: arrivals.Arrival) -> dict[str, Any]:
    return {
        "number": one.number,
        "words": f"{money.show(one.due)} · {one.first}",
        "note": one.buyer_note,
        "link": reverse("admin:orders_order_change", args=[one.id]),
    }


def _words(count: int) -> str:
    if not count:
        return ""
    return _("New order") if count == 1 else _("{count} new orders").format(count=count)


def _back(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("admin:index"))


def _figures() -> set[str]:
    return {"sales", "orders", "visitors", "conversion", "average", "new_members"}


KNOWN: dict[str, Any] = {
    "dashboard.todo": lambda: {chore.code for chore in waiting.CHORES},
    "dashboard.today": _figures,
    "dashboard.shortcuts": lambda: {row[0] for row in shortcuts.ALL},
    "dashboard.charts": lambda: {"days", "products", "places"},
}

pulse_view = admin.site.admin_view(pulse)
today_view = admin.site.admin_view(today)
prefer_view = admin.site.admin_view(prefer)
