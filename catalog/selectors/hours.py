"""When a place is open: the week as it is kept, and the days that differ."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch

from catalog.models import Place, PlaceHoliday
from shop.core import clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST_MINUTE = time(23, 59)
LOOKED_AHEAD = 60
Span = tuple[time, time]


@dataclass(frozen=True)
class OpenState:
    """Whether a place is open. `until` is when it closes, None for the end of the day; `opens_at` when a
    closed one opens next, None when that isn't within two months.
    """

    is_open: bool
    until: time | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Day:
    """One line of the table: `weekday` counts from Monday (0); `occasion` names what makes it differ."""

    weekday: int
    spans: tuple[Span, ...]
    is_today: bool
    occasion: str = ""


@dataclass(frozen=True)
class SpecialDays:
    """Days ahead that differ; without spans the place is closed."""

    first_on: date
    last_on: date
    name: str
    spans: tuple[Span, ...]


def with_holidays() -> Prefetch:
    """For `prefetch_related`: the special days that aren't over."""
    over = clock.business_day(clock.page_now()) - timedelta(days=1)
    return Prefetch("holidays", queryset=PlaceHoliday.objects.filter(last_on__gte=over))


def opening_hours(place: Place, day: date) -> list[Span]:
    """Open and close of a day, local time, in order; what can't be read is left out. One query unless
    `with_holidays` was prefetched.
    """
    special = special_day(place, day)
    if special is not None:
        return _spans(special.hours)
    return _of_week(place, day.weekday())


def special_day(place: Place, day: date) -> PlaceHoliday | None:
    """What makes a day differ; of several entries the shortest holds."""
    rows = place.holidays.all() if place.pk else ()
    found = [row for row in rows if row.first_on <= day <= row.last_on]
    return min(found, key=lambda row: (row.last_on - row.first_on, -row.pk)) if found else None


def state(place: Place, moment: datetime) -> OpenState:
    """Open or closed at this moment."""
    local = moment.astimezone(clock.SHANGHAI)
    now = local.time()
    for opens, closes in opening_hours(place, local.date()):
        if opens <= now < closes or (closes == LAST_MINUTE and now >= opens):
            return OpenState(True, until=None if closes == LAST_MINUTE else closes)
    for ahead in range(LOOKED_AHEAD):
        day = local.date() + timedelta(days=ahead)
        for opens, _closes in opening_hours(place, day):
            if ahead or opens > now:
                return OpenState(False, opens_at=datetime.combine(day, opens, clock.SHANGHAI))
    return OpenState(False)


def week(place: Place, today: date) -> tuple[Day, ...]:
    """Monday to Sunday as a rule, today as it is."""
    found = []
    for number in range(7):
        is_today = number == today.weekday()
        special = special_day(place, today) if is_today else None
        spans = opening_hours(place, today) if is_today else _of_week(place, number)
        found.append(Day(number, tuple(spans), is_today, special.name if special else ""))
    return tuple(found)


def special_days(place: Place, today: date) -> tuple[SpecialDays, ...]:
    """What differs within two months."""
    rows = [
        row
        for row in place.holidays.all()
        if row.last_on >= today and row.first_on <= today + timedelta(days=LOOKED_AHEAD)
    ]
    rows.sort(key=lambda row: (row.first_on, row.pk))
    return tuple(SpecialDays(row.first_on, row.last_on, row.name, tuple(_spans(row.hours))) for row in rows)


def parse_time(text: Any) -> time:
    """`08:30` as a time of day; 24:00 is the last minute. Raises ValueError for anything else."""
    if text == "24:00":
        return LAST_MINUTE
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007


def _of_week(place: Place, weekday: int) -> list[Span]:
    hours = place.hours if isinstance(place.hours, dict) else {}
    return _spans(hours.get(WEEKDAYS[weekday]) or ())


def _spans(pairs: Any) -> list[Span]:
    found = []
    for pair in pairs if isinstance(pairs, list | tuple) else ():
        with suppress(TypeError, ValueError):
            opens, closes = (parse_time(text) for text in pair)
            if opens < closes:
                found.append((opens, closes))
    return sorted(found)
