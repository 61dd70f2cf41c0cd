"""What pages are told about orders: states in words, tabs, ledger, timeline, next steps."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import errors, states
from orders.models import Order
from orders.selectors import actors, orders, todo
from orders.selectors.states import shopper_state
from orders.services import closing, notes
from shop.core import clock, money
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_freight_template, a_sku
from tests.factories.marketing import a_level, a_reduction, a_tier
from tests.factories.orders import collected, paid, place, received, ship, shipped, to_store

pytestmark = pytest.mark.django_db

README = Path(__file__).resolve().parents[2] / "orders" / "README.md"


def test_every_state_has_its_word_its_tab_and_its_next_step(bank: type[PaperBank]) -> None:
    member, store = members.member(), StoreFactory()
    waiting = place(member=member)
    ready = paid(member=member)
    partly = paid({a_sku(): 2}, member=member)
    ship(partly, {partly.lines.get().pk: 1})
    sent = shipped(member=member)
    in_store = paid({a_sku(place=store): 1}, delivery=to_store(store), member=member)
    done = received(member=member)
    closed = place(member=member)
    closing.cancel(order_id=closed.pk, actor="system")
    held, refunding = paid(member=member), paid(member=member)
    Order.objects.filter(pk=held.pk).update(hold="audit")
    with bank.silent():
        closing.cancel(order_id=refunding.pk, actor="system")
    expected = {
        waiting: ("to_pay", "to_pay", "pay"),
        ready: ("to_ship", "to_ship", "cancel"),
        held: ("in_review", None, "cancel"),
        partly: ("part_shipped", "to_ship", ""),
        sent: ("to_receive", "to_receive", "confirm"),
        in_store: ("to_pick_up", "to_receive", "show_code"),
        done: ("completed", "completed", "buy_again"),
        closed: ("closed", None, "buy_again"),
        refunding: ("refunding", "refunding", ""),
    }
    for order, (code, tab, step) in expected.items():
        order = Order.objects.get(pk=order.pk)
        assert shopper_state(order).code == code
        assert shopper_state(order).label
        assert (list(orders.next_actions(order)) or [""])[0] == step
        if tab:
            cards = orders.listing(member=member, tab=tab).cards
            assert order.number in [card.number for card in cards], (code, tab)
    assert orders.tab_counts(member) == {"to_pay": 1, "to_ship": 3, "to_receive": 2}
    assert len(orders.listing(member=member).cards) == 9
    assert orders.listing(member=members.member()).cards == ()


def test_a_list_is_paged_by_key_with_two_queries_a_page() -> None:
    member, sku = members.member(), a_sku(stock=50)
    numbers = [place({sku: 1}, member=member).number for _ in range(12)][::-1]
    with CaptureQueriesContext(connection) as spent:
        first = orders.listing(member=member)
    assert len(spent) == 2
    rest = orders.listing(member=member, cursor=first.next_cursor)
    assert [card.number for card in (*first.cards, *rest.cards)] == numbers
    assert rest.next_cursor is None
    for nonsense in ("x", "-1", "٣", "9" * 40):
        assert len(orders.listing(member=member, cursor=nonsense).cards) == 10


def test_a_foreign_order_number_does_not_exist() -> None:
    order = place()
    assert orders.page(order.member, order.number).order == order
    assert orders.page(None, order.number).order == order
    for number in (order.number, "0" * 18, "", "1 or 1=1"):
        with pytest.raises(errors.OrderNotFound):
            orders.page(members.member(), number)


def test_a_page_costs_the_same_for_any_number_of_lines_and_parcels() -> None:
    def cost(order: Order) -> int:
        with CaptureQueriesContext(connection) as spent:
            orders.page(None, order.number)
        return len(spent)

    small = shipped()
    large = paid({a_sku(): 2, a_sku(): 1, a_sku(): 1})
    ship(large, {large.lines.first().pk: 1})
    assert cost(small) == cost(ship(large)) <= 9


def test_the_ledger_adds_up_and_says_why() -> None:
    a_freight_template(is_default=True)
    a_tier((2, "0.9"))
    a_reduction(("100", "10"))
    order = paid({a_sku(price="100.00"): 2}, member=members.member(level=a_level(rate="0.9")))
    page = orders.page(None, order.number)
    rows = page.ledger.rows
    assert [(row.kind, str(row.amount)) for row in rows] == [
        ("goods", "200.00"),
        ("off", "-20.00"),
        ("off", "-18.00"),
        ("off", "-10.00"),
        ("freight", "7.00"),
        ("due", "159.00"),
        ("paid", "159.00"),
    ]
    assert all(row.text and row.shown for row in rows)
    (line,) = page.ledger.lines
    assert sum((row.amount for row in line.rows if row.kind != "due"), money.ZERO) == line.rows[-1].amount


def test_explain_order_prints_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    a_reduction(("100", "10"), name="满百减十")
    order = place({a_sku(price="60.00", title="红富士苹果"): 2})
    call_command("explain_order", order.number)
    printed = capsys.readouterr().out
    assert order.number in printed
    assert "满百减十" in printed
    assert "¥110.00" in printed
    call_command("explain_order", order.number, "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["due"] == "110.00"
    assert answer["lines"][0]["title"] == "红富士苹果"
    assert [row["amount"] for row in answer["rows"]] == ["120.00", "-10.00", "110.00"]
    with pytest.raises(CommandError):
        call_command("explain_order", "0" * 18)


def test_the_timeline_tells_what_happened_in_order(bank: type[PaperBank]) -> None:
    order = received()
    codes = [moment.code for moment in orders.page(None, order.number).timeline]
    assert codes == ["placed", "paid", "parcel", "shipped", "received", "completed"]
    cancelled = paid()
    closing.cancel(order_id=cancelled.pk, actor="system", reason="缺货")
    closed = orders.page(None, cancelled.number).timeline
    assert [moment.code for moment in closed][:3] == ["placed", "paid", "refund"]
    assert {moment.detail for moment in closed} >= {"缺货"}


def test_actors_have_names() -> None:
    user = members.user(display_name="小周")
    found = actors.names([f"user:{user.pk}", "system", "gateway:wechat", "user:0", ""])
    assert found[f"user:{user.pk}"] == "小周"
    assert all(found.values())
    assert "" not in found


def test_todo_counts_by_place_with_the_age_of_the_oldest() -> None:
    store = StoreFactory()
    late = paid()
    Order.objects.filter(pk=late.pk).update(paid_at=clock.now() - timedelta(hours=30))
    paid({a_sku(place=store): 1}, delivery=to_store(store))
    shipped()
    collected({a_sku(place=store): 1}, store=store)
    flagged = paid()
    notes.write(order_id=flagged.pk, flag="red")
    with clock.shifted(timedelta(days=30)):
        found = {one.code: one for one in todo.counts(members.staff("operator"))}
    assert {code: one.count for code, one in found.items()} == {
        "to_ship": 2,
        "late_to_ship": 2,
        "nudged": 0,
        "to_hand_out": 1,
        "overdue_pickup": 1,
        "refund_in_trouble": 0,
        "flagged": 1,
    }
    late.refresh_from_db()
    assert found["to_ship"].oldest_at == late.paid_at
    nobody = {one.code: one.count for one in todo.counts(members.staff("warehouse"))}
    assert not any(nobody.values())


def test_the_readme_shows_the_machines_as_they_are() -> None:
    text = README.read_text()
    for machine in (states.ORDER, states.SHIPPING, states.PICKUP, states.PAYMENT, states.REFUND):
        for source, targets in machine.moves.items():
            for target in targets:
                assert f'"{source}" -> "{target}"' in text, machine.name
