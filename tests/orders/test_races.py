"""R1, R2, R8, R9, R13: many at once on real rows; each with a control that goes wrong without the rule."""

import os
from typing import Any

import pytest
from django.db import IntegrityError, connection

from catalog import locks as stock_locks
from catalog.errors import SoldOut
from catalog.models import StockLevel
from orders import errors
from orders import locks as order_locks
from orders.models import Order, OrderLine, Refund
from orders.services import checkout, closing, payments, placing
from orders.terms import OrderStatus, ShippingStatus
from shop.core.errors import Busy, Refusal
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.orders import an_open_payment, digest_of, paid, settle, ship, to_address, wants
from tests.races import Meeting, run_all, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


ROUNDS = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 12


def a_buyer(pieces: dict[Any, int]) -> dict[str, Any]:
    """Everything a press of the button sends."""
    member = members.member()
    delivery = to_address(member)
    return {
        "member": member,
        "wants": wants(pieces),
        "delivery": delivery,
        "digest": digest_of(member, pieces, delivery),
        "key": f"key-{member.pk}",
        "source": "direct",
    }


def test_r1_of_the_last_piece_fifty_buyers_make_one_order() -> None:
    sku = a_sku(stock=1)
    buyers = [a_buyer({sku: 1}) for _ in range(50)]
    outcome = run_together(50, lambda n: checkout.place(**buyers[n]), pass_number=True, seconds=90)
    assert len(outcome.results) == 1
    assert len(outcome.of(SoldOut)) + len(outcome.of(Busy)) == 49
    assert Order.objects.count() == 1
    level = StockLevel.objects.get(sku=sku)
    assert (level.on_hand, level.reserved) == (1, 1)


def test_r1_control_reading_first_and_writing_later_sells_the_piece_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sku = a_sku(stock=1)
    buyers = [a_buyer({sku: 1}) for _ in range(4)]
    meeting = Meeting(4)

    def write_what_was_read(changes: dict[int, Any]) -> bool:
        meeting.wait()
        with connection.cursor() as cursor:
            for level_id in changes:
                cursor.execute("UPDATE catalog_stocklevel SET reserved = 1 WHERE id = %s", [level_id])
        return True

    monkeypatch.setattr(stock_locks, "change_levels", write_what_was_read)
    outcome = run_together(4, lambda n: checkout.place(**buyers[n]), pass_number=True)
    assert len(outcome.results) > 1


def test_r2_twenty_presses_of_one_button_make_one_order() -> None:
    sku = a_sku(stock=1)
    press = a_buyer({sku: 1})
    outcome = run_together(20, lambda: checkout.place(**press))
    assert not outcome.problems
    assert len({order.number for order in outcome.results}) == 1
    assert Order.objects.count() == 1
    assert StockLevel.objects.get(sku=sku).reserved == 1


def test_r2_control_without_waiting_for_the_first_press_others_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    press = a_buyer({a_sku(stock=1): 1})
    meeting = Meeting(6)
    monkeypatch.setattr(order_locks, "placing", lambda member_id, key: None)
    sellable = placing.sellable

    def all_have_looked(wanted: Any, **place: Any) -> Any:
        meeting.wait()
        return sellable(wanted, **place)

    monkeypatch.setattr(placing, "sellable", all_have_looked)
    outcome = run_together(6, lambda: checkout.place(**press))
    assert outcome.problems, "without the wait the unique key or the stock refuses the later presses"
    assert Order.objects.count() == 1, "the constraint stands behind it"


def cancel(order: Order) -> Any:
    return closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")


def told_apart(order: Order) -> bool:
    """Either the goods are on their way or the money is, never both."""
    order.refresh_from_db()
    is_shipped = order.shipping_status == ShippingStatus.SHIPPED
    return is_shipped != Refund.objects.filter(order=order).exists()


def test_r9_an_order_is_cancelled_or_shipped_never_both(bank: type[PaperBank]) -> None:
    for _ in range(6):
        order = paid({a_sku(): 1})
        outcome = run_all([lambda order=order: cancel(order), lambda order=order: ship(order)])
        assert len(outcome.results) == 1
        assert len(outcome.of(Refusal)) == 1
        assert told_apart(order)


def test_r9_control_without_the_locks_only_the_constraint_is_left(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = paid({a_sku(): 1})
    meeting = Meeting(2)

    def read_and_wait(order_id: int) -> list[OrderLine]:
        found = list(OrderLine.objects.filter(order_id=order_id))
        meeting.wait()
        return found

    monkeypatch.setattr(order_locks, "order", lambda order_id: Order.objects.get(pk=order_id))
    monkeypatch.setattr(order_locks, "lines", read_and_wait)
    outcome = run_all([lambda: cancel(order), lambda: ship(order)])
    assert outcome.of(IntegrityError), "both went ahead until the table refused"
    assert told_apart(order)


def test_r9_expiry_and_cancelling_close_once(bank: type[PaperBank]) -> None:
    sku = a_sku(stock=3)
    order = checkout.place(**a_buyer({sku: 2}))
    Order.objects.filter(pk=order.pk).update(close_after=order.created_at)
    outcome = run_all([closing.expire_due, lambda: cancel(order), closing.expire_due])
    assert all(isinstance(problem, errors.NotCancellable) for problem in outcome.problems)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    assert order.transitions.count() == 1
    assert StockLevel.objects.get(sku=sku).reserved == 0


def pay_at(bank: type[PaperBank], order: Order) -> None:
    """The shopper pays, if the bank still lets them, and the bank tells us."""
    payment = order.payment_shares.get().payment
    if bank.pay(payment.number):
        settle(payment)


def an_order_to_expire(bank: type[PaperBank]) -> Order:
    order = checkout.place(**a_buyer({a_sku(): 1}))
    payment = an_open_payment(order)
    bank.amounts[payment.number] = payment.amount
    Order.objects.filter(pk=order.pk).update(close_after=order.created_at)
    return order


def test_r8_the_closing_job_and_the_money_agree(bank: type[PaperBank]) -> None:
    for _ in range(6):
        order = an_order_to_expire(bank)
        outcome = run_all([closing.expire_due, lambda order=order: pay_at(bank, order)])
        assert not outcome.problems
        order.refresh_from_db()
        number = order.payment_shares.get().payment.number
        assert (order.status, bank.words[number]) in (("paid", "paid"), ("closed", "closed"))
    assert not Refund.objects.exists(), "a payment closed at the bank first can't be paid late"


def test_r8_control_closing_without_asking_the_bank_lets_money_come_late(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_to_expire(bank)
    monkeypatch.setattr(
        payments, "close", lambda payment_id: payments.mark_closed(payment_id=payment_id, actor="system")
    )
    assert closing.expire_due() == 1
    pay_at(bank, order)
    assert Refund.objects.get().kind == "late_payment", "the money is safe, but it came and went in vain"


def test_r13_baskets_in_opposite_order_never_meet_in_a_deadlock() -> None:
    first, second = a_sku(stock=1000), a_sku(stock=1000)
    there = [a_buyer({first: 1, second: 1}) for _ in range(4)]
    back = [{**a_buyer({second: 1, first: 1}), "wants": wants({second: 1, first: 1})} for _ in range(4)]
    buyers = there + back

    def keep_buying(number: int) -> int:
        for turn in range(ROUNDS):
            checkout.place(**{**buyers[number], "key": f"{number}-{turn}"})
        return ROUNDS

    outcome = run_together(8, keep_buying, pass_number=True, seconds=120)
    assert not outcome.problems
    assert Order.objects.count() == 8 * ROUNDS
    assert {level.reserved for level in StockLevel.objects.all()} == {8 * ROUNDS}


def test_r13_control_rows_locked_in_the_order_of_the_basket_deadlock() -> None:
    levels = [a_sku(stock=9).levels.get().pk for _ in range(2)]
    meeting = Meeting(2)

    def lock_as_given(order: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                for level_id in order:
                    cursor.execute(
                        "UPDATE catalog_stocklevel SET reserved = reserved + 1 WHERE id = %s", [level_id]
                    )
                    meeting.wait()
            finally:
                cursor.execute("ROLLBACK")

    outcome = run_all([lambda: lock_as_given(levels), lambda: lock_as_given(levels[::-1])])
    assert any("deadlock" in str(problem) for problem in outcome.problems)
