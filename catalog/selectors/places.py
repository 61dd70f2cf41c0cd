"""Stores to collect from, their hours, and who works where."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from catalog.models import Place
from catalog.policies import PREPARE_MINUTES, SLOT_DAYS, SLOT_MINUTES
from shop.core import clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACE_ROLES = frozenset({"warehouse", "store_clerk"})
Slot = tuple[datetime, datetime]


def pickup_stores(region: str | None = None) -> list[Place]:
    """Active places that offer pickup, those nearest to the division first; one query."""
    stores = list(Place.objects.filter(is_active=True, offers_pickup=True))
    if region:
        stores.sort(key=lambda store: -_common(store.region_code, region))
    return stores


def of_staff(user: Any) -> QuerySet[Place]:
    """The places whose orders and stock this person may see.

    Warehouse staff and store clerks see theirs; everybody else of the staff sees all.
    """
    if not getattr(user, "is_active", False) or not user.is_staff:
        return Place.objects.none()
    if user.is_superuser or not is_bound_to_places(user):
        return Place.objects.all()
    return Place.objects.filter(staff__user=user)


def ids_of_staff(user: Any) -> frozenset[int] | None:
    """As `of_staff`, as ids; None means every place."""
    if user.is_active and user.is_staff and (user.is_superuser or not is_bound_to_places(user)):
        return None
    return frozenset(of_staff(user).values_list("pk", flat=True))


def is_bound_to_places(user: Any) -> bool:
    """True when every role of the person is bound to places, and for staff without any role."""
    roles = set(user.groups.values_list("name", flat=True))
    return roles <= PLACE_ROLES


def days(place: Place) -> list[tuple[date, list[Slot]]]:
    """Days from today that can be booked, each with its slots; days without one are left out."""
    today = clock.business_day(clock.page_now())
    ahead = (today + timedelta(days=n) for n in range(SLOT_DAYS.get()))
    return [(day, found) for day in ahead if (found := slots(place, day))]


def slots(place: Place, day: date) -> list[Slot]:
    """The pickup slots of a day, in UTC; past ones and those too soon to prepare are left out."""
    earliest = clock.page_now() + timedelta(minutes=PREPARE_MINUTES.get())
    length = timedelta(minutes=SLOT_MINUTES.get())
    start_of_day, _ = clock.day_bounds(day)
    found = []
    for opens, closes in opening_hours(place, day):
        start, end = start_of_day + _since_midnight(opens), start_of_day + _since_midnight(closes)
        while start < end:
            stop = min(start + length, end)
            if stop >= earliest:
                found.append((start, stop))
            start = stop
    return found


def is_slot(place: Place, start: datetime, end: datetime) -> bool:
    """Whether this is one of the slots offered now."""
    day = clock.business_day(start)
    today = clock.business_day(clock.page_now())
    return today <= day < today + timedelta(days=SLOT_DAYS.get()) and (start, end) in slots(place, day)


def opening_hours(place: Place, day: date) -> list[tuple[time, time]]:
    """Open and close of a day, local time, in order; what can't be read is left out."""
    hours = place.hours if isinstance(place.hours, dict) else {}
    found = []
    for pair in hours.get(WEEKDAYS[day.weekday()]) or ():
        with suppress(TypeError, ValueError):
            opens, closes = (parse_time(text) for text in pair)
            if opens < closes:
                found.append((opens, closes))
    return sorted(found)


def parse_time(text: Any) -> time:
    """`08:30` as a time of day; 24:00 is the last minute. Raises ValueError for anything else."""
    if text == "24:00":
        return time(23, 59)
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def _common(a: str, b: str) -> int:
    pairs: Sequence[tuple[str, str]] = list(zip(a, b, strict=False))
    return next((n for n, (x, y) in enumerate(pairs) if x != y), len(pairs))
