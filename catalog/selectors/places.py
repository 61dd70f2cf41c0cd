"""Stores to collect from, their hours, and who works where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from catalog.models import Place
from catalog.policies import PREPARE_MINUTES, SLOT_DAYS, SLOT_MINUTES
from catalog.selectors import distances
from catalog.selectors.hours import WEEKDAYS, opening_hours, parse_time, with_holidays
from catalog.terms import PlaceKind
from shop.core import clock

__all__ = ["WEEKDAYS", "opening_hours", "parse_time"]

STORES_KEY = "catalog:stores:2"
STORES_SECONDS = 300
PLACE_ROLES = frozenset({"warehouse", "store_clerk"})
Slot = tuple[datetime, datetime]


@dataclass(frozen=True)
class City:
    """A city with stores: the first four digits of its division code, and its name."""

    code: str
    name: str


def stores() -> list[Place]:
    """Stores and pickup points people may visit, with their special days; two queries when the cache is
    cold, none otherwise.
    """
    found: list[Place] | None = cache.get(STORES_KEY)
    if found is None:
        visited = [PlaceKind.STORE, PlaceKind.PICKUP_POINT]
        rows = Place.objects.filter(is_active=True, kind__in=visited)
        found = list(rows.order_by("position", "id").prefetch_related(with_holidays()))
        cache.set(STORES_KEY, found, STORES_SECONDS)
    return found


def store(code: str) -> Place | None:
    """The store people may visit with this code, its photos to be read; None when there is none."""
    return next((place for place in stores() if place.code == code), None)


def cities(among: Collection[Place]) -> list[City]:
    """The cities of these places, in order of their first place."""
    found: dict[str, str] = {}
    for place in among:
        if place.region_code:
            found.setdefault(place.region_code[:4], place.city or place.province)
    return [City(code, name) for code, name in found.items()]


def by_distance(among: Collection[Place], here: distances.Point) -> list[tuple[Place, float | None]]:
    """The places with their kilometres from here (latitude, longitude on Chinese maps), the nearest first;
    those without a position at the end, with None.
    """
    measured = [(place, _kilometres(place, here)) for place in among]
    return sorted(measured, key=lambda pair: (pair[1] is None, pair[1] or 0.0))


def forget() -> None:
    """Drop the cached stores."""
    cache.delete(STORES_KEY)


def pickup_stores(region: str | None = None) -> list[Place]:
    """Active places that offer pickup, those nearest to the division first; two queries."""
    offered = Place.objects.filter(is_active=True, offers_pickup=True)
    stores = list(offered.prefetch_related(with_holidays()))
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


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def _kilometres(place: Place, here: distances.Point) -> float | None:
    if place.latitude is None or place.longitude is None:
        return None
    return distances.kilometres(here, (float(place.latitude), float(place.longitude)))


def _common(a: str, b: str) -> int:
    pairs: Sequence[tuple[str, str]] = list(zip(a, b, strict=False))
    return next((n for n, (x, y) in enumerate(pairs) if x != y), len(pairs))
