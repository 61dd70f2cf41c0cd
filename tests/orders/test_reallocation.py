"""Bundles that share a component, and orders that are sent from another place: races with their controls."""

import os

import pytest
from django.db import connection

from catalog import locks as stock_locks
from catalog.errors import SoldOut
from catalog.errors.bundles import ComponentSoldOut, PlaceLacks
from catalog.models import Reservation, StockLevel
from catalog.services import reallocation as moving
from orders.errors import CollectedInStore, NotShippable
from orders.models import Order
from orders.services import checkout, reallocation
from shop.core.errors import Busy, Invalid, NotFound
from shop.core.models import Decision
from tests.books import broken
from tests.factories.catalog import PlaceFactory, StoreFactory, a_bundle, a_sku, stock_up
from tests.factories.orders import STAFF, paid, place, ship, to_store
from tests.orders.test_races import a_buyer
from tests.races import Meeting, run_all, run_together

pytestmark = pytest.mark.django_db

ROUNDS = 60 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 8


def move(order, place, reason="closer"):
    return reallocation.move(order_id=order.pk, place_id=place.pk, reason=reason, actor=STAFF)


def held(order):
    rows = Reservation.objects.filter(reference=order.reference, status="active")
    return {(one.level.place_id, one.level.sku_id): one.open_count for one in rows}


def test_an_order_moves_to_another_place_as_a_whole_and_says_why():
    tea, cup = a_sku(stock=9), a_sku(stock=9)
    away = PlaceFactory(region_code="110101")
    stock_up(tea, 4, away)
    stock_up(cup, 4, away)
    order = paid({a_bundle({tea: 2, cup: 1}): 1, cup: 1})
    home = order.place
    moved = move(order, away)
    assert moved.place_id == away.pk
    assert held(order) == {(away.pk, tea.pk): 2, (away.pk, cup.pk): 1} or sum(held(order).values()) == 4
    assert not StockLevel.objects.filter(place=home, reserved__gt=0).exists()
    decision = Decision.objects.get(noun="place", reference=order.reference)
    assert (decision.overridden_by, decision.override) == (STAFF, {"place_id": away.pk, "reason": "closer"})
    move(order, home)
    move(order, away)
    assert not StockLevel.objects.filter(place=home, reserved__gt=0).exists()
    assert not broken()
    ship(order)
    assert StockLevel.objects.get(place=away, sku=tea).on_hand == 2
    assert not broken()
    with pytest.raises(NotShippable):
        move(order, home)


def test_what_cannot_move_stays_where_it_is():
    tea, cup = a_sku(stock=9), a_sku(stock=9, title="青花茶杯")
    away, empty = PlaceFactory(), PlaceFactory()
    stock_up(tea, 9, away)
    stock_up(cup, 1, away)
    order = paid({tea: 1, cup: 2})
    before = held(order)
    for place_, available in ((away, 1), (empty, 0)):
        with pytest.raises(PlaceLacks) as refusal:
            move(order, place_)
        assert refusal.value.extra["available"] == available
    assert "青花茶杯" in refusal.value.message_text or "红富士" in refusal.value.message_text
    for problem, what in (
        (NotFound, {"place_id": 0, "reason": "x"}),
        (Invalid, {"place_id": away.pk, "reason": " "}),
    ):
        with pytest.raises(problem):
            reallocation.move(order_id=order.pk, actor=STAFF, **what)
    order.refresh_from_db()
    assert held(order) == before
    assert order.place_id != away.pk
    store = StoreFactory()
    waiting = paid({a_sku(stock=2, place=store): 1}, delivery=to_store(store))
    with pytest.raises(CollectedInStore):
        move(waiting, away)
    assert not broken()


def test_the_plan_counts_what_the_order_holds_itself():
    tea = a_sku(stock=2)
    away = PlaceFactory(region_code="110101")
    stock_up(tea, 1, away)
    order = place({tea: 2})
    plan = moving.plan(reference=order.reference, mode="express", region_code=order.region_code)
    assert {pick.place_id for pick in plan.picks} == {order.place_id}
    assert [score.share for score in plan.scores] == [100, 50]
    assert moving.plan(reference="order:0", mode="express", region_code="") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_the_last_component_of_two_bundles_is_sold_once():
    shared, tea, cup = a_sku(stock=1), a_sku(stock=9), a_sku(stock=9)
    boxes = [a_bundle({shared: 1, tea: 1}), a_bundle({cup: 1, shared: 1})]
    buyers = [a_buyer({boxes[n % 2]: 1}) for n in range(12)]
    outcome = run_together(12, lambda n: checkout.place(**buyers[n]), pass_number=True, seconds=90)
    assert len(outcome.results) == 1
    assert len(outcome.of(ComponentSoldOut)) + len(outcome.of(Busy)) == 11
    assert StockLevel.objects.get(sku=shared).reserved == 1
    assert not broken()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_control_with_read_and_write_apart_the_last_component_is_sold_twice(monkeypatch):
    shared, tea, cup = a_sku(stock=1), a_sku(stock=9), a_sku(stock=9)
    buyers = [a_buyer({a_bundle({shared: 1, tea: 1}): 1}), a_buyer({a_bundle({cup: 1, shared: 1}): 1})]
    meeting = Meeting(2)

    def write_what_was_read(changes):
        meeting.wait()
        with connection.cursor() as cursor:
            for level_id in sorted(changes):
                cursor.execute("UPDATE catalog_stocklevel SET reserved = 1 WHERE id = %s", [level_id])
        return True

    monkeypatch.setattr(stock_locks, "change_levels", write_what_was_read)
    outcome = run_together(2, lambda n: checkout.place(**buyers[n]), pass_number=True)
    assert len(outcome.results) == 2
    assert not outcome.of(SoldOut)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_r13_orders_that_swap_places_never_deadlock():
    tea, cup = a_sku(stock=50), a_sku(stock=50)
    home, away = StockLevel.objects.get(sku=tea).place, PlaceFactory()
    stock_up(cup, 50, away)
    stock_up(tea, 50, away)
    one, other = paid({tea: 1, cup: 1}), paid({cup: 1, tea: 1})
    move(other, away)
    for number in range(ROUNDS):
        here, there = (home, away) if number % 2 else (away, home)
        outcome = run_all([lambda: move(one, here), lambda: move(other, there)])  # noqa: B023
        assert not outcome.problems
    assert sum(held(one).values()) == sum(held(other).values()) == 2
    assert not broken()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_moving_and_shipping_at_once_is_one_after_the_other():
    tea = a_sku(stock=9)
    away = PlaceFactory()
    stock_up(tea, 9, away)
    for _ in range(3):
        order = paid({tea: 2})
        run_all([lambda: move(order, away), lambda: ship(Order.objects.get(pk=order.pk))])  # noqa: B023
        order.refresh_from_db()
        assert order.shipping_status == "shipped"
        assert not held(order)
    assert not broken()
