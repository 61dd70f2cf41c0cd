"""Ending orders: what they held goes back, once, and never while money may still arrive."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import StockLevel, StockMovement
from members.models import PointsAccount
from orders import errors
from orders.models import Order, Refund
from orders.selectors.states import shopper_state
from orders.services import closing, refunds
from orders.terms import (
    CloseReason,
    OrderStatus,
    PaymentStatus,
    PickupStatus,
    RefundKind,
    RefundStatus,
    ShopperStateCode,
)
from shop.core import clock, outbox
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_sku
from tests.factories.orders import an_open_payment, paid, pay, place, settle, ship, to_store

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=16)


def shopper(order: Order) -> str:
    return f"user:{order.member.user_id}"


def reserved() -> int:
    return sum(StockLevel.objects.values_list("reserved", flat=True))


def test_an_unpaid_order_is_cancelled_and_everything_goes_back() -> None:
    member = members.member(points_available=500)
    order = place({a_sku(price="100.00"): 2}, member=member, points=500)
    assert reserved() == 2
    closed = closing.cancel(order_id=order.pk, actor=shopper(order), reason="不想要了")
    assert (closed.status, closed.close_reason) == (OrderStatus.CLOSED, CloseReason.CANCELLED_BY_SHOPPER)
    assert closed.transitions.get().reason == "不想要了"
    assert reserved() == 0
    assert PointsAccount.objects.get(member=member).available == 500
    movements = StockMovement.objects.count()
    with pytest.raises(errors.NotCancellable):
        closing.cancel(order_id=order.pk, actor=shopper(order))
    assert StockMovement.objects.count() == movements


def test_staff_who_cancel_are_named_in_the_reason() -> None:
    order = place()
    assert closing.cancel(order_id=order.pk, actor="user:0").close_reason == CloseReason.CANCELLED_BY_STAFF
    with pytest.raises(errors.OrderNotFound):
        closing.cancel(order_id=0, actor="user:0")


def test_time_closes_unpaid_orders_and_only_those(bank: type[PaperBank]) -> None:
    waiting, paid_one = place(), paid()
    assert closing.expire_due() == 0
    with clock.shifted(LATER):
        assert closing.expire_due() == 1
        assert closing.expire_due() == 0
    waiting.refresh_from_db()
    paid_one.refresh_from_db()
    assert (waiting.status, waiting.close_reason) == (OrderStatus.CLOSED, CloseReason.EXPIRED)
    assert paid_one.status == OrderStatus.PAID
    assert reserved() == 1


def test_nothing_is_released_while_the_gateway_is_silent(bank: type[PaperBank]) -> None:
    order = place()
    payment = an_open_payment(order)
    with clock.shifted(LATER):
        with bank.silent():
            assert closing.expire_due() == 0
            with pytest.raises(errors.PaymentOutstanding):
                closing.cancel(order_id=order.pk, actor=shopper(order))
        order.refresh_from_db()
        assert order.status == OrderStatus.UNPAID
        assert reserved() == 1
        assert closing.expire_due() == 0, "it is looked at again in a minute, not at once"
    with clock.shifted(LATER + timedelta(minutes=2)):
        assert closing.expire_due() == 1
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CLOSED
    assert reserved() == 0


def test_money_that_came_at_the_last_moment_wins_over_the_closing(bank: type[PaperBank]) -> None:
    order = place()
    payment = an_open_payment(order)
    bank.amounts[payment.number] = payment.amount
    bank.pay(payment.number)
    with clock.shifted(LATER):
        assert closing.expire_due() == 0
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert reserved() == 1


def test_late_payment_of_closed_order_is_refunded_and_the_order_stays_closed(bank: type[PaperBank]) -> None:
    order = place()
    payment = an_open_payment(order)
    closing.cancel(order_id=order.pk, actor=shopper(order))
    settle(payment)
    outbox.drain_all()
    order.refresh_from_db()
    refund = Refund.objects.get()
    assert order.status == OrderStatus.CLOSED
    assert order.paid_amount == order.refunded_amount == 0
    assert (refund.kind, refund.status, refund.amount) == (
        RefundKind.LATE_PAYMENT,
        RefundStatus.SUCCEEDED,
        payment.amount,
    )
    assert reserved() == 0


def test_a_paid_order_is_refunded_first_and_closed_when_the_money_is_back(bank: type[PaperBank]) -> None:
    order = paid({a_sku(price="30.00"): 2})
    with bank.silent():
        order = closing.cancel(order_id=order.pk, actor=shopper(order), reason="买错了")
        outbox.drain_all()
        order.refresh_from_db()
        assert order.status == OrderStatus.PAID
        assert shopper_state(order).code == ShopperStateCode.REFUNDING
        assert reserved() == 2
        with pytest.raises(errors.RefundUnderWay):
            closing.cancel(order_id=order.pk, actor=shopper(order))
        with pytest.raises(errors.RefundUnderWay):
            ship(order)
    refunds.ask(refund_id=Refund.objects.get().pk)
    outbox.drain_all()
    order.refresh_from_db()
    assert (order.status, order.close_reason) == (OrderStatus.CLOSED, CloseReason.REFUNDED)
    assert order.refunded_amount == Decimal("60.00")
    assert reserved() == 0


def test_cancelling_a_pickup_spoils_its_code(bank: type[PaperBank]) -> None:
    store = StoreFactory()
    order = paid({a_sku(place=store): 1}, delivery=to_store(store))
    closing.cancel(order_id=order.pk, actor=shopper(order))
    outbox.drain_all()
    order = Order.objects.get()
    assert order.status == OrderStatus.CLOSED
    assert order.pickup.status == PickupStatus.CANCELLED


def test_a_shipped_order_can_not_be_cancelled(bank: type[PaperBank]) -> None:
    order = ship(paid())
    with pytest.raises(errors.NotCancellable):
        closing.cancel(order_id=order.pk, actor=shopper(order))
    assert not Refund.objects.exists()


def test_pieces_refunded_before_shipment_are_withdrawn_and_free_again(bank: type[PaperBank]) -> None:
    order = paid({a_sku(price="10.00", stock=10): 3, a_sku(price="7.00"): 1})
    line = order.lines.get(quantity=3)
    closing.give_back(order_id=order.pk, actor="user:0", reason="缺货", quantities={line.pk: 2})
    outbox.drain_all()
    line.refresh_from_db()
    assert (line.withdrawn_count, line.refunded_count, line.to_ship_count) == (2, 2, 1)
    assert reserved() == 2
    order = ship(order)
    assert reserved() == 0
    assert {one.quantity for one in order.shipments.get().lines.all()} == {1}


def test_the_last_pieces_refunded_complete_a_partial_shipment(bank: type[PaperBank]) -> None:
    order = paid({a_sku(price="10.00"): 3})
    line = order.lines.get()
    order = ship(order, {line.pk: 1})
    assert order.shipping_status == "partial"
    closing.give_back(order_id=order.pk, actor="user:0", reason="缺货", quantities={line.pk: 2})
    outbox.drain_all()
    order.refresh_from_db()
    assert (order.status, order.shipping_status) == ("paid", "shipped")
    assert order.auto_confirm_at is not None
    assert reserved() == 0


def test_goodwill_leaves_the_goods_where_they_are(bank: type[PaperBank]) -> None:
    order = paid({a_sku(price="10.00"): 3})
    closing.give_back(order_id=order.pk, actor="user:0", reason="补偿", amount=Decimal("5.00"))
    outbox.drain_all()
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert order.refunded_amount == Decimal("5.00")
    assert Refund.objects.get().kind == RefundKind.GOODWILL
    assert reserved() == 3


def test_points_come_back_with_a_refunded_order(bank: type[PaperBank]) -> None:
    member = members.member(points_available=300)
    order = pay(place({a_sku(price="50.00"): 1}, member=member, points=300))
    closing.cancel(order_id=order.pk, actor=shopper(order))
    outbox.drain_all()
    assert PointsAccount.objects.get(member=member).available == 300
