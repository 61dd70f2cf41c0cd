"""What an open page hears of the day, and what it remembers of the person in front of it."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import StaffPreference
from shop.backoffice import arranging
from tests.backoffice.lived_in import desk, live
from tests.factories import members, orders
from tests.factories.catalog import StoreFactory, a_sku, stock_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

LIVE = "/admin/live/"


def heard(client: Client, after: int | None = None) -> dict[str, Any]:
    cache.clear()
    answer = client.get(LIVE, {} if after is None else {"after": after})
    assert answer.status_code == 200
    return dict(answer.json())


def put(client: Client, name: str, value: Any) -> int:
    return client.post("/admin/preferences/", {"name": name, "value": json.dumps(value)}).status_code


def test_new_orders_counts_and_badges_are_heard_within_ones_places() -> None:
    here, there = StoreFactory(), StoreFactory()
    mine, theirs = a_sku(stock=0, title="红富士"), a_sku(stock=0)
    stock_up(mine, 9, here)
    stock_up(theirs, 9, there)
    boss, clerk = desk("administrator"), desk("store_clerk", places=(here,))
    start = heard(boss)
    assert start["arrivals"] == []
    ready = orders.paid({mine: 2}, delivery=orders.to_store(here))
    orders.paid({theirs: 1}, delivery=orders.to_store(there))

    news = heard(boss, start["cursor"])
    assert len(news["arrivals"]) == 2
    assert news["counts"]["to_hand_out"] == 2
    assert news["badges"]["/admin/orders/pickup/"]["text"] == "2"
    assert news["stamp"] != start["stamp"]
    told = heard(clerk, start["cursor"])
    assert [one["number"] for one in told["arrivals"]] == [ready.number]
    assert told["arrivals"][0]["words"] == f"¥{ready.due} · 红富士"
    assert told["counts"]["to_hand_out"] == 1
    assert "refund_in_trouble" not in told["counts"]
    assert heard(boss, news["cursor"])["arrivals"] == []
    orders.place({mine: 1})
    assert heard(boss, news["cursor"])["stamp"] != news["stamp"], "an unpaid order changes the list too"
    assert heard(desk("finance"), start["cursor"])["arrivals"], "finance sees every order"
    nothing = heard(desk(), start["cursor"])
    assert (nothing["arrivals"], nothing["counts"], nothing["badges"]) == ([], {}, {})
    shopper = Client()
    shopper.force_login(members.member().user)
    assert shopper.get(LIVE).status_code == Client().get(LIVE).status_code == 302


def test_listening_costs_nothing_of_its_own_while_nothing_happens() -> None:
    live()
    boss = desk("administrator")
    cursor = heard(boss)["cursor"]

    def cost() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            boss.get(LIVE, {"after": cursor})
        return [row["sql"] for row in asked]

    cache.clear()
    cold = cost()
    warm = cost()
    assert not [sql for sql in warm if "orders_" in sql or "staffpreference" in sql], warm
    assert len(warm) <= 4, "session, user, permissions"
    assert len(cold) <= 18
    live()
    cache.clear()
    assert len(cost()) <= len(cold) + 5, "with news: the orders and their lines, however many"


def test_cards_stand_where_their_owner_put_them() -> None:
    sku = a_sku(stock=9)
    orders.paid({sku: 1})
    boss, other = desk("administrator"), desk("administrator")
    usual = [card.code for card in boss.get("/admin/").context["cards"]]
    wish = {"order": ["to_ship", "stock_short", "nonsense"], "hidden": ["flagged", 7]}
    assert put(boss, "dashboard.todo", wish) == 302
    context = boss.get("/admin/").context
    shown = [card.code for card in context["cards"]]
    assert shown[:2] == ["to_ship", "stock_short"]
    assert "flagged" not in shown
    assert [card.code for card in context["hidden_cards"]] == ["flagged"]
    assert [card.code for card in other.get("/admin/").context["cards"]] == usual, "nobody else's page moved"

    assert put(boss, "dashboard.shortcuts", {"order": ["stock"], "hidden": ["coupon"]}) == 302
    doors = [door.code for door in boss.get("/admin/").context["shortcuts"]]
    assert doors[0] == "stock"
    assert "coupon" not in doors
    assert put(boss, "live.sound", True) == 302
    assert heard(boss)["sound"] is True
    assert heard(other)["sound"] is False
    assert boss.post("/admin/preferences/", {"name": "dashboard"}).status_code == 302
    assert [card.code for card in boss.get("/admin/").context["cards"]] == usual
    assert heard(boss)["sound"] is True, "the reset is about the page, not the sound"


def test_what_is_no_preference_is_refused_and_stores_nothing() -> None:
    boss = desk("administrator")
    for name, value in (
        ("shop", True),
        ("live.sound", "loud"),
        ("dashboard.todo", ["x"]),
        ("live.sound", None),
    ):
        assert put(boss, name, value) == 400, name
    assert boss.post("/admin/preferences/", {"name": "dashboard.todo", "value": "{"}).status_code == 400
    assert boss.get("/admin/preferences/").status_code == 405
    assert Client().post("/admin/preferences/", {"name": "live.sound", "value": "true"}).status_code == 302
    assert not StaffPreference.objects.exists()
    known = {"a": 1, "b": 2, "c": 3}
    assert arranging.arranged(known, "nonsense") == ([("a", 1), ("b", 2), ("c", 3)], [])
    assert arranging.arranged(known, {"order": ["c"], "hidden": "ab"}) == ([("c", 3), ("a", 1), ("b", 2)], [])


def test_the_figures_are_drawn_anew_alone() -> None:
    orders.paid({a_sku(price="3.50", stock=5): 2})
    answer = desk("administrator").get("/admin/live/today/")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "¥7.00" in body
    assert "<html" not in body
    assert 'data-code="conversion"' in body
    assert (
        'data-code="conversion"'
        not in desk("store_clerk", places=(StoreFactory(),)).get("/admin/live/today/").content.decode()
    )
