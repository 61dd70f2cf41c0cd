"""Stores in words: open or closed, how far, when goods can be collected, where on the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import formats
from django.utils.translation import gettext as _

from catalog.models import Place
from catalog.selectors import hours, places
from catalog.selectors.hours import OpenState, Span
from shop.core import clock

MAP = "https://uri.amap.com/marker"
NEAR_KM = 1.0
FAR_KM = 100.0


@dataclass(frozen=True, slots=True)
class StoreCard:
    """A store in a list: `tone` colours `open_words`; `distance` is empty when it isn't known."""

    place: Place
    is_open: bool
    tone: str
    open_words: str
    today: str
    distance: str
    collect: str


def card(place: Place, kilometres: float | None = None) -> StoreCard:
    """The store as it stands now."""
    now = clock.page_now()
    state = hours.state(place, now)
    return StoreCard(
        place=place,
        is_open=state.is_open,
        tone="leaf" if state.is_open else "plain",
        open_words=open_words(state),
        today=span_words(hours.opening_hours(place, clock.business_day(now))),
        distance=distance_words(kilometres),
        collect=collect_words(place),
    )


def open_words(state: OpenState) -> str:
    """`Open until 20:00`, `Closed, opens tomorrow 08:00`."""
    if state.is_open:
        return (
            _("Open until {time}").format(time=f"{state.until:%H:%M}") if state.until else _("Open all day")
        )
    if state.opens_at is None:
        return _("Closed")
    return _("Closed, opens {day} {time}").format(day=_day(state.opens_at), time=f"{state.opens_at:%H:%M}")


def span_words(spans: Sequence[Span]) -> str:
    """`08:00–12:00, 14:00–20:00`, or that it is closed."""
    if not spans:
        return _("Closed")
    shown = [
        f"{opens:%H:%M}–{'24:00' if closes == hours.LAST_MINUTE else f'{closes:%H:%M}'}"
        for opens, closes in spans
    ]
    return ", ".join(shown)


def distance_words(kilometres: float | None) -> str:
    """`350 m`, `2.4 km`, `180 km`; empty when it isn't known."""
    if kilometres is None:
        return ""
    if kilometres < NEAR_KM:
        return f"{max(round(kilometres * 20) * 50, 50)} m"
    return f"{kilometres:.1f} km" if kilometres < FAR_KM else f"{kilometres:.0f} km"


def collect_words(place: Place) -> str:
    """When goods can be collected here at the earliest; empty when they can't within the days offered."""
    if not place.offers_pickup:
        return ""
    for day, slots in places.days(place):
        start = max(slots[0][0], clock.page_now()).astimezone(clock.SHANGHAI)
        today = clock.business_day(clock.page_now())
        when = _("today") if day == today else f"{day:%m-%d}"
        return _("Collect {day} from {time}").format(day=when, time=f"{start:%H:%M}")
    return ""


def table(place: Place, today: date) -> list[dict[str, Any]]:
    """The week, line by line."""
    names = [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]
    return [
        {
            "name": names[day.weekday],
            "words": span_words(day.spans),
            "is_today": day.is_today,
            "occasion": day.occasion,
        }
        for day in hours.week(place, today)
    ]


def special_days(place: Place, today: date) -> list[dict[str, str]]:
    """Days ahead that differ."""
    found = []
    for one in hours.special_days(place, today):
        first = formats.date_format(one.first_on, "n-j")
        days = (
            first if one.first_on == one.last_on else f"{first} – {formats.date_format(one.last_on, 'n-j')}"
        )
        found.append({"days": days, "name": one.name, "words": span_words(one.spans)})
    return found


def map_href(place: Place) -> str:
    """The store on a map that phones open in their own app; empty without a position."""
    if place.latitude is None or place.longitude is None:
        return ""
    marked = {"position": f"{place.longitude},{place.latitude}", "name": place.name, "callnative": "1"}
    return f"{MAP}?{urlencode(marked)}"


def _day(moment: datetime) -> str:
    ahead = (moment.date() - clock.business_day(clock.page_now())).days
    if ahead == 0:
        return _("today")
    return _("tomorrow") if ahead == 1 else f"{moment:%m-%d}"
