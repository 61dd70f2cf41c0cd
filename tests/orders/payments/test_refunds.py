import time
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from orders import locks
from orders.errors import NothingToRefund, RefundBeforePayment, RefundTooMuch, TooManyPieces
from orders.models import Order, OrderLine, Payment, Refund
from orders.services import refund_shares, refunds
from orders.terms import RefundKind, RefundStatus
from shop.core import outbox
from tests.orders.payments.scenes import an_order
from tests.orders.payments.test_paying import paid_order
from tests.races import run_together
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("payments")]


@pytest.fixture
def shop(sandbox: Sandbox, live_server: Any, settings: Any) -> Sandbox:
    settings.SHOP_URL = live_server.url
    return sandbox


def ask_back(order: Order, amount: str | None = None, **more: Any) -> Refund:
    return refunds.request(
        order_id=order.pk,
        reason="缺货",
        kind=more.pop("kind", RefundKind.GOODWILL),
        actor="user:1",
        amount=Decimal(amount) if amount else None,
        **more,
    )


def state(refund: Refund) -> str:
    return Refund.objects.get(pk=refund.pk).status


def asked(refund: Refund) -> str:
    """The state after asking until the gateway has made up its mind."""
    for _ in range(60):
        if refunds.ask(refund_id=refund.pk) not in (RefundStatus.CREATED, RefundStatus.PROCESSING):
            break
        time.sleep(0.2)
    return state(refund)


def test_refund_reaches_the_shopper_and_both_books(shop: Sandbox) -> None:
    order, payment = paid_order(shop, "30.00", "6.80", freight="6.00")
    refund = ask_back(order, kind=RefundKind.BEFORE_SHIPMENT)
    assert refund.amount == Decimal("42.80")
    outbox.drain_all()
    assert asked(refund) == RefundStatus.SUCCEEDED
    assert shop.ledger()["net_fen"] == 0
    line = order.lines.first()
    assert line is not None and (line.withdrawn_count, line.refunded_amount) == (1, line.due)
    assert Payment.objects.get(pk=payment.pk).refunded_amount == Decimal("42.80")


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "500_after", "429", "bad_signature"])
def test_unknown_refund_keeps_its_number_until_it_is_known(shop: Sandbox, fault: str) -> None:
    order, _payment = paid_order(shop, "30.00")
    refund = ask_back(order, "10.00")
    shop.fault(fault, operation="refund")
    outbox.drain_all()
    assert state(refund) == RefundStatus.CREATED
    shop.clear()
    assert asked(refund) == RefundStatus.SUCCEEDED
    assert shop.ledger()["refunded"] == {"count": 1, "fen": 1000}


def test_refund_notice_before_the_answer_counts_once(shop: Sandbox) -> None:
    order, _payment = paid_order(shop, "30.00")
    shop.fault("refund_callback_before_answer")
    refund = ask_back(order, "10.00")
    outbox.drain_all()
    assert asked(refund) == RefundStatus.SUCCEEDED
    assert Refund.objects.get(pk=refund.pk).transitions.filter(to_status="succeeded").count() == 1


def test_failed_refund_gives_its_amount_free_again(shop: Sandbox) -> None:
    order, payment = paid_order(shop, "30.00")
    shop.fault("refund_closed")
    refund = ask_back(order, "10.00")
    outbox.drain_all()
    assert asked(refund) == RefundStatus.CLOSED
    order.refresh_from_db()
    assert order.refunded_amount == 0 and Payment.objects.get(pk=payment.pk).refunded_amount == 0
    assert OrderLine.objects.get(order=order).refunded_amount == 0


def test_abnormal_and_refused_refunds_wait_for_staff(shop: Sandbox) -> None:
    order, _payment = paid_order(shop, "30.00")
    shop.fault("refund_abnormal")
    refund = ask_back(order, "10.00")
    outbox.drain_all()
    assert asked(refund) == RefundStatus.ABNORMAL
    order.refresh_from_db()
    assert order.refunded_amount == Decimal("10.00"), "money that may still leave stays counted"


def test_merchant_without_balance_tries_the_same_number_again(shop: Sandbox) -> None:
    order, _payment = paid_order(shop, "30.00")
    shop.fault("balance_not_enough")
    refund = ask_back(order, "10.00")
    outbox.drain_all()
    assert state(refund) == RefundStatus.CREATED and Refund.objects.get().trouble
    shop.clear()
    assert asked(refund) == RefundStatus.SUCCEEDED


def test_bad_requests_change_nothing(shop: Sandbox) -> None:
    with pytest.raises(RefundBeforePayment):
        ask_back(an_order("9.90"))
    order, _payment = paid_order(shop, "30.00")
    for amount in ("0.00", "-1.00", "30.01"):
        with pytest.raises(RefundTooMuch):
            ask_back(order, amount)
    line = order.lines.get()
    with pytest.raises(TooManyPieces):
        ask_back(order, quantities={line.pk: 2})
    ask_back(order)
    with pytest.raises(NothingToRefund):
        ask_back(order, "0.01")
    assert Refund.objects.count() == 1


# R10: two people refund at once


def test_two_full_refunds_at_once_are_one(shop: Sandbox) -> None:
    order, payment = paid_order(shop, "100.00")
    outcome = run_together(2, lambda: ask_back(order))
    assert len(outcome.results) == 1 and len(outcome.of(NothingToRefund)) == 1
    assert Payment.objects.get(pk=payment.pk).refunded_amount == Decimal("100.00")


def test_two_partial_refunds_never_exceed_the_payment(shop: Sandbox) -> None:
    order, _payment = paid_order(shop, "100.00")
    outcome = run_together(2, lambda: ask_back(order, "60.00"))
    assert len(outcome.results) == 1 and len(outcome.of(RefundTooMuch)) == 1


def test_negative_control_without_locks_the_check_constraint_is_what_is_left(
    shop: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, payment = paid_order(shop, "100.00")
    lines = list(OrderLine.objects.filter(order=order))
    read = {"order": Order.objects.get(pk=order.pk), "lines": lines, "payment": payment}
    for name, before in read.items():  # what both saw before either wrote, a repeated unit too
        monkeypatch.setattr(locks, name, lambda _pk, before=before: deepcopy(before))
    outcome = run_together(2, lambda: ask_back(order, "60.00"))
    assert len(outcome.of(IntegrityError)) == 1, "both passed the check; the database stopped the second"


@given(
    due=st.decimals(min_value="0.00", max_value="999.99", places=2),
    quantity=st.integers(1, 20),
    cuts=st.lists(st.integers(1, 20), max_size=6),
)
def test_pieces_refunded_one_after_another_give_exactly_the_due(
    due: Decimal, quantity: int, cuts: list[int]
) -> None:
    order = Order(freight_due=Decimal("6.00"))
    line = OrderLine(pk=1, quantity=quantity, due=due, title="x")
    given_back = Decimal("0.00")
    for cut in [*cuts, quantity]:
        left = line.quantity - line.refunded_count
        if not left:
            break
        parts = refund_shares.by_pieces(
            order, [line], {1: min(cut, left)}, Decimal("0.00"), with_freight=False
        )
        assert all(part.amount >= 0 for part in parts)
        given_back += parts[0].amount
        line.refunded_count += parts[0].quantity
        line.refunded_amount += parts[0].amount
    assert line.refunded_amount == given_back
    assert given_back == due or line.refunded_count < quantity
