"""Stores, their hours and slots, and who sees which place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from catalog.models import StaffPlace
from catalog.policies import SLOT_MINUTES
from catalog.selectors import places
from members.models import User
from shop.core import clock
from tests.factories.catalog import PlaceFactory, StoreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tuesday_ten():
    """Tuesday 2030-01-01, 10:00 in Shanghai."""
    target = datetime(2030, 1, 1, 2, 0, tzinfo=UTC)
    with clock.shifted(target - clock.now()):
        yield


def spoken(slots):
    return [tuple(moment.astimezone(clock.SHANGHAI).strftime("%H:%M") for moment in slot) for slot in slots]


def test_slots_divide_opening_hours_and_leave_out_what_is_past(tuesday_ten):
    store = StoreFactory(hours={"tue": [["14:00", "19:00"], ["08:00", "12:00"]], "wed": [["09:00", "10:00"]]})
    assert spoken(places.slots(store, date(2030, 1, 1))) == [
        ("10:00", "12:00"),
        ("14:00", "16:00"),
        ("16:00", "18:00"),
        ("18:00", "19:00"),
    ]
    assert spoken(places.slots(store, date(2030, 1, 2))) == [("09:00", "10:00")]
    assert places.slots(store, date(2030, 1, 3)) == []
    assert places.slots(store, date(2029, 12, 31)) == []
    assert [day for day, _ in places.days(store)] == [date(2030, 1, 1), date(2030, 1, 2)]


def test_the_merchant_sets_the_length_of_slots(tuesday_ten):
    SLOT_MINUTES.set(30, actor="user:1")
    store = StoreFactory(hours={"wed": [["09:00", "10:00"]]})
    assert spoken(places.slots(store, date(2030, 1, 2))) == [("09:00", "09:30"), ("09:30", "10:00")]


def test_only_an_offered_slot_is_a_slot(tuesday_ten):
    store = StoreFactory(hours={"tue": [["08:00", "12:00"]], "fri": [["08:00", "12:00"]]})
    start, end = places.slots(store, date(2030, 1, 1))[0]
    assert places.is_slot(store, start, end)
    assert not places.is_slot(store, start, end + timedelta(minutes=1))
    assert not places.is_slot(store, start - timedelta(days=7), end - timedelta(days=7))
    far = clock.day_bounds(date(2030, 1, 4))[0] + timedelta(hours=8)
    assert not places.is_slot(store, far, far + timedelta(hours=2))  # Friday is not open for booking yet


@pytest.mark.parametrize(
    "hours", [{}, None, [], {"tue": "x"}, {"tue": [["25:00", "26:00"]]}, {"tue": [["12:00", "08:00"], 5, []]}]
)
def test_odd_hours_mean_closed(tuesday_ten, hours):
    assert places.slots(StoreFactory.build(hours=hours), date(2030, 1, 1)) == []


def test_near_stores_come_first_and_closed_ones_not_at_all():
    far, near = StoreFactory(region_code="110101"), StoreFactory(region_code="440305")
    StoreFactory(is_active=False)
    StoreFactory(offers_pickup=False)
    assert places.pickup_stores() == [far, near]
    assert places.pickup_stores("440306") == [near, far]


def person(*roles, **fields):
    user = User.objects.create_user(username=f"staff{User.objects.count()}", is_staff=True, **fields)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


def test_clerks_see_their_places_and_the_office_sees_all():
    mine, other = StoreFactory(), PlaceFactory()
    clerk = person("store_clerk")
    StaffPlace.objects.create(user=clerk, place=mine)
    assert list(places.of_staff(clerk)) == [mine]
    assert places.ids_of_staff(clerk) == {mine.pk}
    for office in (person("operator"), person("finance"), person("store_clerk", "administrator")):
        assert set(places.of_staff(office)) == {mine, other}
        assert places.ids_of_staff(office) is None
    assert set(places.of_staff(person(is_superuser=True))) == {mine, other}
    assert not places.of_staff(person())  # no role, no place
    assert places.ids_of_staff(person("warehouse")) == frozenset()


def test_shoppers_and_leavers_see_no_place():
    StoreFactory()
    gone = person("operator", is_active=False)
    shopper = User.objects.create_user(username="shopper")
    for user in (gone, shopper):
        assert not places.of_staff(user)
        assert places.ids_of_staff(user) == frozenset()
