"""The first page: what waits leads to exactly what waits, and the figures are those of the orders."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import StockAlert, StockLevel
from catalog.services import stock
from orders.models import Notice, Order, Refund
from orders.services import notes
from orders.terms import Flag, RefundStatus
from shop.backoffice import dashboard, waiting
from shop.core import clock
from tests.backoffice.lived_in import desk, live
from tests.factories import members, orders
from tests.factories.catalog import StoreFactory, a_sku, stock_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

ROWS = re.compile(r'href="(/admin/[\w/]+/(\d+)/change/)[^"]*"')


def cards(client: Client) -> dict[str, dashboard.Card]:
    cache.clear()
    context = client.get("/admin/").context
    return {card.code: card for card in context["cards"] if card.count}


def alerts(client: Client) -> dict[str, Any]:
    cache.clear()
    return {alert.code: alert for alert in client.get("/admin/").context["alerts"]}


def listed(client: Client, link: str) -> set[int]:
    """The rows of a list, by the links of its first column."""
    body = client.get(link).content.decode()
    path = link.partition("?")[0]
    return {int(pk) for address, pk in ROWS.findall(body) if address.startswith(path)}


def test_each_card_leads_to_the_rows_it_counted() -> None:
    sku = a_sku(stock=100)
    late = orders.paid({sku: 1})
    Order.objects.filter(pk=late.pk).update(paid_at=clock.now() - timedelta(hours=30))
    fresh = orders.paid({sku: 1})
    notes.write(order_id=fresh.pk, flag=Flag.RED)
    orders.place({sku: 1})
    orders.shipped({sku: 1})
    store = StoreFactory()
    stock_up(sku, 10, store)
    waits = orders.paid({sku: 1}, delivery=orders.to_store(store))
    orders.collected({sku: 1}, store=store)
    stock.set_alert(level_id=StockLevel.objects.get(place=store).pk, alert_at=9, actor="system")
    broken = orders.paid({sku: 1})
    refund = Refund.objects.create(
        number="r1", payment=broken.payment_shares.get().payment, order=broken, kind="goodwill",
        status=RefundStatus.ABNORMAL, amount=Decimal(1), requested_by="system", created_at=clock.now(),
    )  # fmt: skip
    notice = Notice.objects.create(
        gateway="wechat", notice_id="n1", kind="payment", number="x", body="{}",
        received_at=clock.now() - timedelta(minutes=5),
    )  # fmt: skip
    client = desk("administrator")
    found = cards(client)
    expected = {
        "late_to_ship": {late.pk},
        "to_ship": {late.pk, fresh.pk, broken.pk},
        "to_hand_out": {waits.pickup.pk},
        "flagged": {fresh.pk},
        "stock_short": {StockAlert.objects.get(level__place=store).pk},
    }
    assert {code: card.count for code, card in found.items()} == {k: len(v) for k, v in expected.items()}
    for code, rows in expected.items():
        assert listed(client, found[code].link) == rows, code
    wrong = alerts(client)
    assert listed(client, wrong["refund_in_trouble"].link) == {refund.pk}
    assert listed(client, wrong["notice_unprocessed"].link) == {notice.pk}
    oldest = found["to_ship"].oldest_at
    assert oldest is not None
    assert clock.now() - oldest > timedelta(hours=29)
    assert next(iter(found.values())).tone == "urgent", "what burns stands first"


def test_nothing_to_do_says_so() -> None:
    answer = desk("administrator").get("/admin/")
    assert not [card for card in answer.context["cards"] if card.count]
    assert answer.context["waits"] is False
    assert b"bo-empty" in answer.content


def test_the_figures_of_today_are_those_of_the_orders_to_the_fen() -> None:
    sku = a_sku(price="3.33", stock=50)
    due = sum(orders.paid({sku: pieces}).due for pieces in (1, 2, 4))
    orders.place({sku: 9})
    answer = desk("administrator").get("/admin/")
    values = {tile.figure.code: tile.value for tile in answer.context["tiles"]}
    assert values["sales"] == due == Decimal("23.31")
    assert values["orders"] == 3
    assert values["average"] == Decimal("7.77")
    assert values["new_members"] == 4
    chart = dict(answer.context["charts"])["days"]
    assert chart.rows[0][1:3] == (due, 3)
    assert len(chart.rows) == 30
    assert "¥23.31" in answer.content.decode()


@pytest.mark.parametrize(
    ("now", "before", "share"),
    [(150, 100, "50.0"), (0, 10, "-100.0"), (3, 3, "0.0"), (Decimal("1.00"), Decimal("3.00"), "-66.7")],
)
def test_change_is_in_per_cent_of_what_was(now: Any, before: Any, share: str) -> None:
    assert dashboard.change(now, before) == Decimal(share)
    assert dashboard.change(now, 0 * before) is None


def test_roles_get_their_own_cards_and_places() -> None:
    here, there = live(), live()
    clerk, keeper = desk("store_clerk", places=(here,)), desk("warehouse", places=(here,))
    finance = desk("finance")
    assert set(cards(clerk)) <= {"to_hand_out", "overdue_pickup", "flagged", "stock_short"}
    assert cards(clerk)["to_hand_out"].count == 1
    assert cards(desk("administrator"))["to_hand_out"].count == 2
    assert set(cards(keeper)) <= {"late_to_ship", "to_ship", "flagged", "stock_short", "to_reorder"}
    assert set(cards(finance)) <= {"flagged"}
    assert {"refund_in_trouble", "silent"} & set(alerts(finance)) <= {"refund_in_trouble"}
    assert alerts(clerk) == {}
    mine = {tile.figure.code: tile.value for tile in clerk.get("/admin/").context["tiles"]}
    whole = {tile.figure.code: tile.value for tile in finance.get("/admin/").context["tiles"]}
    assert mine["orders"] == Order.objects.filter(place=here, paid_at__isnull=False).count()
    assert whole["orders"] == Order.objects.filter(paid_at__isnull=False).count() > mine["orders"]
    assert "new_members" not in mine
    nobody = desk().get("/admin/").context
    empty = ("cards", "tiles", "charts", "alerts", "shortcuts", "steps")
    assert [nobody[name] for name in empty] == [[]] * len(empty)
    assert there.name not in clerk.get("/admin/").content.decode()


def test_the_page_costs_a_fixed_number_of_queries() -> None:
    live()
    client = desk("administrator")

    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get("/admin/")
        return len(asked)

    cost()  # what a process learns once, such as content types
    few = cost()
    live()
    assert cost() == few <= 52
    with CaptureQueriesContext(connection) as warm:
        client.get("/admin/orders/gatewaycall/add/")
    assert not [row for row in warm if "orders_pickup" in row["sql"]], "counts are remembered for a moment"


def test_every_chore_has_a_title_a_tone_and_a_list() -> None:
    codes = [chore.code for chore in waiting.CHORES]
    assert len(set(codes)) == len(codes)
    client = desk("administrator")
    for chore in waiting.CHORES:
        assert chore.tone in waiting.TONES
        answer = client.get(chore.link())
        assert answer.status_code == 200, chore.code
        if "cl" in answer.context:  # a workbench has nothing but what waits
            assert answer.context["cl"].has_active_filters, f"{chore.code}: the list ignores the filter"


def test_the_page_speaks_chinese_and_english() -> None:
    members.member()
    client = desk("administrator")
    english = client.get("/admin/", headers={"cookie": f"{client.cookies.output(header='').strip()}"})
    assert english.status_code == 200
    client.cookies["django_language"] = "en"
    assert "To do now" in client.get("/admin/").content.decode()
