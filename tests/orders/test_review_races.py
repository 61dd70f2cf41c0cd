"""Goods and money of one order pulled at from two sides at the same moment."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from orders.errors import CodeUsed, NotCancellable, PickupCancelled, RefundUnderWay
from orders.gateways.base import RefundState
from orders.models import Order, Refund, Shipment
from orders.services import closing, pickups, receipts, refunds
from orders.terms import OrderStatus, RefundKind
from shop.core import outbox
from shop.core.errors import Refusal
from tests.books import broken
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_sku
from tests.factories.orders import STAFF, paid, ship, shipped, to_store
from tests.races import run_all, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def waiting_in_store() -> Order:
    store = StoreFactory()
    return paid({a_sku(price="10.00", place=store): 2}, delivery=to_store(store))


def hand_out(order: Order) -> Callable[[], object]:
    code = order.pickup.code
    return lambda: pickups.verify(code=code, place_ids=None, actor=STAFF)


def cancel(order: Order) -> Callable[[], object]:
    return lambda: closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")


def test_five_clerks_with_one_code_hand_the_goods_out_once(bank: type[PaperBank]) -> None:
    order = waiting_in_store()
    outcome = run_together(5, hand_out(order))
    assert len(outcome.results) == 1 and len(outcome.of(CodeUsed)) == 4
    outbox.drain_all()
    assert not broken()


@pytest.mark.parametrize("_round", range(4))
def test_goods_are_handed_out_or_the_money_goes_back_never_both(bank: type[PaperBank], _round: int) -> None:
    order = waiting_in_store()
    outcome = run_all([hand_out(order), cancel(order)])
    assert len(outcome.results) == 1
    lost = (RefundUnderWay, PickupCancelled, NotCancellable)
    assert len(outcome.problems) == 1 and isinstance(outcome.problems[0], lost)
    outbox.drain_all()
    order.refresh_from_db()
    assert (order.status == OrderStatus.COMPLETED) != Refund.objects.filter(order=order).exists()
    assert not broken()


@pytest.mark.parametrize("_round", range(4))
def test_a_piece_is_shipped_or_refunded_never_both(bank: type[PaperBank], _round: int) -> None:
    order = paid({a_sku(price="10.00"): 3, a_sku(price="4.00"): 1})
    line = order.lines.get(quantity=3)
    give = {"order_id": order.pk, "actor": STAFF, "reason": "x", "quantities": {line.pk: 2}}
    outcome = run_all([lambda: ship(order), lambda: closing.give_back(**give)])  # type: ignore[arg-type]
    assert all(isinstance(problem, Refusal) for problem in outcome.problems)
    outbox.drain_all()
    line.refresh_from_db()
    kind = Refund.objects.values_list("kind", flat=True).first()
    withdrawn = 2 if kind == RefundKind.BEFORE_SHIPMENT else 0
    assert (line.shipped_count, line.withdrawn_count) == (3 - withdrawn, withdrawn)
    assert not broken()


@pytest.mark.parametrize("_round", range(4))
def test_a_refund_fails_while_the_rest_is_shipped(bank: type[PaperBank], _round: int) -> None:
    order = paid({a_sku(price="10.00"): 1, a_sku(price="4.00"): 1})
    line = order.lines.order_by("due").first()
    assert line is not None
    with bank.silent():
        refund = closing.give_back(order_id=order.pk, actor=STAFF, reason="x", quantities={line.pk: 1})
        outbox.drain_all()
    said = RefundState(refund.number, "closed", amount=Decimal("4.00"))
    run_all([lambda: ship(order), lambda: refunds.settle(state=said, gateway="wechat")])
    outbox.drain_all()
    assert not broken()
    order.refresh_from_db()
    line.refresh_from_db()
    if line.to_ship_count:
        ship(order)
    receipts.confirm(order_id=order.pk, actor=STAFF)
    assert sum(one.quantity for parcel in Shipment.objects.all() for one in parcel.lines.all()) == 2
    assert not broken()


@pytest.mark.parametrize("_round", range(4))
def test_a_refund_fails_while_the_shopper_confirms(bank: type[PaperBank], _round: int) -> None:
    order = paid({a_sku(price="10.00"): 1, a_sku(price="4.00"): 1})
    line = order.lines.order_by("due").first()
    assert line is not None
    with bank.silent():
        refund = closing.give_back(order_id=order.pk, actor=STAFF, reason="x", quantities={line.pk: 1})
        outbox.drain_all()
        ship(order)
    said = RefundState(refund.number, "closed", amount=Decimal("4.00"))
    run_all(
        [
            lambda: receipts.confirm(order_id=order.pk, actor=STAFF),
            lambda: refunds.settle(state=said, gateway="wechat"),
        ]
    )
    outbox.drain_all()
    assert not broken()


def test_two_confirmations_give_points_once(bank: type[PaperBank]) -> None:
    order = shipped({a_sku(price="10.00"): 1})
    outcome = run_together(4, lambda: receipts.confirm(order_id=order.pk, actor=STAFF))
    assert len(outcome.results) == 1
    outbox.drain_all()
    assert order.member.points_entries.count() == 1
    assert not broken()
