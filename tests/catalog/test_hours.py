"""Stores are open when they say so, holidays included, and distances are right."""

from datetime import date, datetime, timedelta

import pytest

from catalog.models import PlaceHoliday
from catalog.selectors import distances, hours, places
from catalog.services import place_pages
from catalog.services import places as place_keeping
from shop.core import clock
from shop.core.errors import Invalid
from tests.factories.catalog import StoreFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
WEEK = {
    "mon": [["08:00", "12:00"], ["14:00", "20:00"]],
    "tue": [["09:00", "24:00"]],
    "sun": [["00:00", "24:00"]],
}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)


def said(place, moment) -> tuple:
    state = hours.state(place, moment)
    return (
        state.is_open,
        state.until and f"{state.until:%H:%M}",
        state.opens_at and f"{state.opens_at:%m-%d %H:%M}",
    )


def test_open_and_closed_follow_the_week():
    store = StoreFactory(hours=WEEK)
    tuesday, wednesday, sunday = (MONDAY + timedelta(days=n) for n in (1, 2, 6))
    assert said(store, at(MONDAY, 7, 59)) == (False, None, "11-23 08:00")
    assert said(store, at(MONDAY, 8)) == (True, "12:00", None)
    assert said(store, at(MONDAY, 12)) == (False, None, "11-23 14:00")
    assert said(store, at(MONDAY, 20)) == (False, None, "11-24 09:00")
    assert said(store, at(tuesday, 23, 59)) == (True, None, None)
    assert said(store, at(wednesday, 10)) == (False, None, "11-29 00:00")
    assert said(store, at(sunday, 3)) == (True, None, None)
    assert said(StoreFactory(hours={}), at(MONDAY, 10)) == (False, None, None)


def test_holidays_hold_before_the_week_and_the_shortest_before_the_longest():
    store = StoreFactory(hours=WEEK)
    keep = {"place": store, "holiday": None, "actor": "system"}
    place_pages.set_holiday(
        first_on=MONDAY, last_on=MONDAY + timedelta(days=6), name="春节", hours=[], **keep
    )
    place_pages.set_holiday(first_on=MONDAY, last_on=MONDAY, name="小年", hours=[["10:00", "15:00"]], **keep)
    assert said(store, at(MONDAY, 9)) == (False, None, "11-23 10:00")
    assert said(store, at(MONDAY, 14)) == (True, "15:00", None)
    assert said(store, at(MONDAY, 16)) == (False, None, "11-30 08:00")
    today = hours.week(store, MONDAY)[0]
    assert (today.is_today, today.occasion, len(today.spans)) == (True, "小年", 1)
    assert [day.name for day in hours.special_days(store, MONDAY)] == ["春节", "小年"]
    assert hours.special_days(store, MONDAY + timedelta(days=8)) == ()
    with clock.shifted(at(MONDAY, 9) - clock.page_now()):
        assert [day for day, _slots in places.days(store)] == [MONDAY]
        assert not places.is_slot(store, at(MONDAY, 18), at(MONDAY, 20))


def test_holidays_that_make_no_sense_are_refused():
    store = StoreFactory()
    for first, last, spans in (
        (MONDAY, MONDAY - timedelta(days=1), []),
        (MONDAY, MONDAY, [["20:00", "08:00"]]),
        (MONDAY, MONDAY, [["08:00", "12:00"], ["11:00", "13:00"]]),
        (MONDAY, MONDAY, [["8am", "noon"]]),
    ):
        with pytest.raises(Invalid):
            place_pages.set_holiday(
                place=store, holiday=None, first_on=first, last_on=last, name="", hours=spans, actor="system"
            )
    assert not PlaceHoliday.objects.exists()


def test_stores_are_read_once_and_anew_after_a_change(django_assert_num_queries):
    StoreFactory(name="甲", code="a"), StoreFactory(name="乙", code="b", is_active=False)
    with django_assert_num_queries(2):
        assert [place.name for place in places.stores()] == ["甲"]
    with django_assert_num_queries(0):
        assert hours.state(places.stores()[0], at(MONDAY, 9)).is_open
        assert places.store("b") is None is places.store("nowhere")
        assert [city.code for city in places.cities(places.stores())] == ["4401"]
    place_keeping.save(place=places.store("a"), actor="system", name="丙")
    assert [place.name for place in places.stores()] == ["丙"]


def test_the_nearest_store_comes_first_and_those_without_a_position_last():
    far = StoreFactory(latitude="31.2271", longitude="121.5163")
    near = StoreFactory(latitude="31.2108", longitude="121.4536")
    nowhere = StoreFactory()
    ordered = places.by_distance([nowhere, far, near], (31.21, 121.45))
    assert [place for place, _far in ordered] == [near, far, nowhere]
    assert [round(kilometres, 1) if kilometres else kilometres for _place, kilometres in ordered] == [
        0.4,
        6.6,
        None,
    ]


def test_distances_and_chinese_maps():
    beijing, shanghai = (39.9042, 116.4074), (31.2304, 121.4737)
    assert distances.kilometres(beijing, shanghai) == pytest.approx(1067, abs=3)
    assert distances.kilometres(beijing, beijing) == 0
    assert distances.kilometres((0, 0), (0, 180)) == pytest.approx(20015, abs=1)
    shifted = distances.as_on_chinese_maps(shanghai)
    assert shifted == pytest.approx((31.22846, 121.47823), abs=0.0003)
    assert distances.as_on_chinese_maps((48.85, 2.35)) == (48.85, 2.35)
