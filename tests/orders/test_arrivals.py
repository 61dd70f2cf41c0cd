"""What rings on the counter: paid orders, once, within the places of who listens."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import StaffPlace
from orders.selectors import arrivals
from tests.factories import members, orders
from tests.factories.catalog import PlaceFactory, a_sku, stock_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def test_a_paid_order_arrives_once_and_in_its_places_only() -> None:
    here, there = PlaceFactory(), PlaceFactory()
    mine, theirs = a_sku(stock=0, title="红富士"), a_sku(stock=0)
    stock_up(mine, 9, here)
    stock_up(theirs, 9, there)
    clerk, boss = members.staff("warehouse"), members.staff("administrator")
    StaffPlace.objects.create(user=clerk, place=here)
    start = arrivals.since(boss, None)
    assert start.orders == ()

    waiting = orders.place({mine: 2}, buyer_note="放门口")
    assert arrivals.since(boss, start.cursor).orders == (), "an unpaid order is no arrival"
    orders.pay(waiting)
    other = orders.paid({theirs: 1})

    seen = arrivals.since(boss, start.cursor)
    assert [one.number for one in seen.orders] == [other.number, waiting.number]
    assert [one.number for one in arrivals.since(clerk, start.cursor).orders] == [waiting.number]
    first = seen.orders[1]
    assert (first.first, first.pieces, first.buyer_note, first.due) == ("红富士", 2, "放门口", waiting.due)
    assert arrivals.since(boss, seen.cursor) == arrivals.Arrivals(seen.cursor, ())
    assert len(arrivals.since(boss, start.cursor, limit=1).orders) == 1


def test_listening_while_nothing_happens_is_one_query() -> None:
    boss = members.staff("administrator")
    orders.paid()
    cursor = arrivals.latest()
    with CaptureQueriesContext(connection) as asked:
        arrivals.since(boss, cursor)
    assert len(asked) == 1
