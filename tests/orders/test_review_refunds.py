"""Refunds meeting shipping, pickup and receipt in every awkward order: nothing sticks, nothing is given
twice."""

from decimal import Decimal

import pytest

from catalog.models import StockLevel
from members.models import PointsAccount, PointsEntry
from orders.gateways.base import RefundState
from orders.models import Order, OrderLine, Refund
from orders.selectors import orders as order_pages
from orders.selectors import todo
from orders.services import closing, pickups, receipts, refunds
from orders.terms import OrderStatus, RefundStatus
from shop.core import outbox
from tests.books import broken
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_sku
from tests.factories.orders import STAFF, an_open_payment, paid, place, settle, ship, to_store

pytestmark = pytest.mark.django_db


def reserved() -> int:
    return sum(StockLevel.objects.values_list("reserved", flat=True))


def give_back(order: Order, **what: object) -> Refund:
    return closing.give_back(order_id=order.pk, actor=STAFF, reason="x", **what)  # type: ignore[arg-type]


def the_gateway_says(refund: Refund, word: str) -> None:
    refunds.settle(state=RefundState(refund.number, word), gateway="wechat")  # type: ignore[arg-type]
    outbox.drain_all()


@pytest.mark.parametrize("how", ["everything", "amount", "pieces"])
def test_an_order_shipped_in_part_can_be_refunded_in_full_and_comes_to_an_end(
    bank: type[PaperBank], how: str
) -> None:
    order = paid({a_sku(price="10.00"): 3})
    line = order.lines.get()
    ship(order, {line.pk: 1})
    what: dict[str, object] = {
        "everything": {},
        "amount": {"amount": order.paid_amount},
        "pieces": {"quantities": {line.pk: 3}},
    }[how]
    give_back(order, **what)
    outbox.drain_all()
    line.refresh_from_db()
    order.refresh_from_db()
    assert (line.shipped_count, line.to_ship_count) == (1, 0), "what was refunded is not shipped as well"
    assert order.shipping_status == "shipped"
    assert reserved() == 0
    receipts.confirm(order_id=order.pk, actor=STAFF)
    assert not broken()


def test_a_failed_refund_of_unshipped_pieces_lets_them_be_shipped_after_all(bank: type[PaperBank]) -> None:
    order = paid({a_sku(price="10.00"): 1, a_sku(price="20.00"): 1})
    cheap, _dear = order.lines.order_by("due")
    with bank.silent():
        refund = give_back(order, quantities={cheap.pk: 1})
        outbox.drain_all()
        ship(order)
    the_gateway_says(refund, "closed")
    assert not broken()
    order = ship(Order.objects.get(pk=order.pk), {cheap.pk: 1})
    assert order.shipping_status == "shipped" and reserved() == 0
    assert not broken()


def test_a_failed_refund_of_a_collected_order_can_be_granted_again(bank: type[PaperBank]) -> None:
    store = StoreFactory()
    order = paid(
        {a_sku(price="10.00", place=store): 1, a_sku(price="20.00", place=store): 1}, delivery=to_store(store)
    )
    cheap, _dear = order.lines.order_by("due")
    with bank.silent():
        refund = give_back(order, quantities={cheap.pk: 1})
        outbox.drain_all()
        pickups.verify(code=order.pickup.code, place_ids=None, actor=STAFF)
        outbox.drain_all()
    the_gateway_says(refund, "closed")
    assert reserved() == 0, "nobody comes for it any more"
    assert not broken()
    again = give_back(order, quantities={cheap.pk: 1})
    outbox.drain_all()
    again.refresh_from_db()
    assert (again.amount, again.status) == (Decimal("10.00"), RefundStatus.SUCCEEDED)
    assert not broken()


def test_points_are_not_taken_back_for_money_that_never_earned_any(bank: type[PaperBank]) -> None:
    order = ship(paid({a_sku(price="50.00"): 1}))
    receipts.confirm(order_id=order.pk, actor=STAFF)
    give_back(order)  # before the points were written
    outbox.drain_all()
    entries = list(PointsEntry.objects.values_list("kind", "amount"))
    assert sum(amount for _, amount in entries) == 0
    account = PointsAccount.objects.get(member=order.member)
    assert account.available == 0 and not account.member.points_debts.filter(remaining__gt=0).exists()


def test_a_failed_refund_calls_for_somebody_to_look(bank: type[PaperBank]) -> None:
    order = ship(paid({a_sku(price="50.00"): 1}))
    receipts.confirm(order_id=order.pk, actor=STAFF)
    with bank.silent():
        refund = give_back(order, amount=Decimal("5.00"))
        outbox.drain_all()
    the_gateway_says(refund, "closed")
    found = {one.code: one.count for one in todo.counts(members.staff("operator"))}
    assert found["flagged"] == 1, "completed orders too"
    told = [moment.code for moment in order_pages.page(order.member, order.number).timeline]
    assert told[-1] == "refund_failed"


def test_an_amount_of_all_that_is_left_withdraws_the_goods_and_closes_the_order(
    bank: type[PaperBank],
) -> None:
    order = paid({a_sku(price="10.00"): 2})
    give_back(order, amount=Decimal("5.00"))
    outbox.drain_all()
    give_back(order, amount=order.paid_amount - Decimal("5.00"))
    outbox.drain_all()
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED and reserved() == 0
    assert OrderLine.objects.get(order=order).to_ship_count == 0
    assert not broken()


def test_stray_money_whose_refund_failed_is_not_forgotten(bank: type[PaperBank]) -> None:
    order = place()
    payment = an_open_payment(order)
    closing.cancel(order_id=order.pk, actor=STAFF)
    with bank.silent():
        settle(payment)
        outbox.drain_all()
    the_gateway_says(Refund.objects.get(), "closed")
    assert not broken()
    again = Refund.objects.get(status=RefundStatus.ABNORMAL)
    assert {one.code: one.count for one in todo.counts(members.staff("operator"))}["refund_in_trouble"] == 1
    refunds.send(refund_id=again.pk)
    again.refresh_from_db()
    payment.refresh_from_db()
    assert again.status == RefundStatus.SUCCEEDED
    assert payment.refunded_amount == payment.amount
    assert not broken()
