"""Ending orders: by the shopper, by staff, by time, or because the money went back.

An unpaid order is closed only after its payment is closed at the gateway, so that nothing is released while
money may still arrive. Gateways are asked outside of transactions.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from catalog.services import stock
from marketing.services import coupons, limited, limits
from members.selectors import points as points_facts
from members.services import points
from orders import locks
from orders.errors import JustPaid, NotCancellable, OrderNotFound, PaymentOutstanding, RefundUnderWay
from orders.events import OrderClosed
from orders.models import Order, OrderLine, PaymentShare, Pickup, Refund
from orders.selectors import refunded
from orders.services import components, payments, refunds, settling
from orders.states import ORDER, PICKUP
from orders.terms import (
    CloseReason,
    OrderStatus,
    PickupStatus,
    RefundKind,
    RefundStatus,
    ShippingStatus,
)
from shop.core import clock, refs, scans
from shop.core.events import publish
from shop.core.transactions import unit

LOOK_AGAIN = timedelta(minutes=1)
ATTEMPTS = 3


def cancel(*, order_id: int, actor: str, reason: str = "") -> Order:
    """Unpaid: closes it and frees what it held. Paid, nothing shipped: grants a full refund that closes it.

    Raises NotCancellable, RefundUnderWay, JustPaid and PaymentOutstanding (the gateway is silent); then
    nothing has changed.
    """
    order = Order.objects.select_related("member").filter(pk=order_id).first()
    if order is None:
        raise OrderNotFound()
    if order.status == OrderStatus.UNPAID:
        is_shopper = refs.user_id(actor) == order.member.user_id
        why = CloseReason.CANCELLED_BY_SHOPPER if is_shopper else CloseReason.CANCELLED_BY_STAFF
        _close_unpaid(order_id=order_id, why=why, actor=actor, reason=reason)
    else:
        _cancel_paid(order_id=order_id, actor=actor, reason=reason)
    return Order.objects.get(pk=order_id)


@unit
def give_back(
    *,
    order_id: int,
    actor: str,
    reason: str,
    amount: Decimal | None = None,
    quantities: Mapping[int, int] | None = None,
    pieces_of: Mapping[int, int] | None = None,
) -> Refund:
    """Staff give money back: pieces (line id → pieces, component id → pieces of bundles), an amount in yuan,
    or everything that is left.

    Pieces that have not left the house are withdrawn with it. It counts as goodwill as soon as it pays for
    anything that has left, or for no pieces at all.
    Raises OrderNotFound and what refunds.request raises.
    """
    try:
        order = locks.order(order_id)
    except Order.DoesNotExist as missing:
        raise OrderNotFound() from missing
    lines = locks.lines(order_id)
    if amount == order.paid_amount - order.refunded_amount:
        amount = None
    if quantities or pieces_of:
        in_house = _are_in_house(lines, quantities or {}, pieces_of or {})
    else:
        in_house = amount is None and order.shipping_status == ShippingStatus.NONE
    kind = RefundKind.BEFORE_SHIPMENT if in_house else RefundKind.GOODWILL
    return refunds.request(
        order_id=order_id,
        reason=reason,
        kind=kind,
        actor=actor,
        amount=amount,
        quantities=quantities,
        pieces_of=pieces_of,
    )


def _are_in_house(
    lines: Sequence[OrderLine], quantities: Mapping[int, int], pieces_of: Mapping[int, int]
) -> bool:
    """Whether none of these pieces has left; a bundle has when one of its components has."""
    bundles = components.of(lines)
    left = {
        line.pk: components.untouched(line, bundles[line.pk]) if line.pk in bundles else line.to_ship_count
        for line in lines
    }
    inside = {one.pk: one.to_ship_count for group in bundles.values() for one in group}
    return all(count <= left.get(pk, 0) for pk, count in quantities.items()) and all(
        count <= inside.get(pk, 0) for pk, count in pieces_of.items()
    )


def expire_due(*, limit: int = 100) -> int:
    """Closes unpaid orders whose time is over; how many. A silent gateway is asked again in a minute."""
    now = clock.now()
    due = Order.objects.filter(status=OrderStatus.UNPAID, close_after__lte=now).order_by("close_after")
    return scans.each(list(due.values_list("pk", flat=True)[:limit]), _expire, put_off=_look_again)


def _expire(order_id: int) -> None:
    _close_unpaid(order_id=order_id, why=CloseReason.EXPIRED, actor=refs.SYSTEM, reason="")


def _look_again(order_id: int, problem: Exception) -> None:
    waiting = Order.objects.filter(pk=order_id, status=OrderStatus.UNPAID)
    waiting.update(close_after=clock.now() + LOOK_AGAIN)


@unit
def close_refunded(*, order_id: int) -> bool:
    """Closes a paid order whose money is all back before anything left the house; False for any other."""
    order = locks.order(order_id)
    if order.status != OrderStatus.PAID or order.shipping_status != ShippingStatus.NONE:
        return False
    done = Refund.objects.filter(order=order, status=RefundStatus.SUCCEEDED).exclude(kind__in=refunds.STRAY)
    if sum(refund.amount for refund in done) < order.paid_amount:
        return False
    _close(order, why=CloseReason.REFUNDED, actor=refs.SYSTEM, reason="")
    return True


@unit
def return_points(*, refund_id: int) -> None:
    """Pieces given back bring their share of the points that paid for them; a closed order has returned all.
    Harmless when repeated."""
    refund = Refund.objects.get(pk=refund_id)
    order = locks.order(refund.order_id)
    if order.status == OrderStatus.CLOSED or not order.points_used:
        return
    returned = order.points_used - points_facts.spent(order.member_id, order.reference)
    wanted = refunded.points_due_back(order) - returned
    if wanted > 0:
        points.give_back(
            member_id=order.member_id,
            source=order.reference,
            back_source=f"refund:{refund.number}",
            points=wanted,
        )


def _close_unpaid(*, order_id: int, why: CloseReason, actor: str, reason: str) -> None:
    for _ in range(ATTEMPTS):
        _close_payments(order_id)
        if _close_if_quiet(order_id=order_id, why=why, actor=actor, reason=reason):
            return
    raise PaymentOutstanding()


def _close_payments(order_id: int) -> None:
    """Raises JustPaid when one of them turned out to be paid, PaymentOutstanding when that isn't known."""
    shares = PaymentShare.objects.filter(order_id=order_id, is_open=True)
    for payment_id in list(shares.values_list("payment_id", flat=True)):
        word = payments.close(payment_id=payment_id)
        if word == "unknown":
            raise PaymentOutstanding()
        if word == "paid":
            settling.ask(payment_id=payment_id)
            raise JustPaid()


@unit
def _close_if_quiet(*, order_id: int, why: CloseReason, actor: str, reason: str) -> bool:
    """False when somebody opened a payment meanwhile: it has to be closed first."""
    order = locks.order(order_id)
    if order.status == OrderStatus.CLOSED:
        return True
    if order.status != OrderStatus.UNPAID:
        raise JustPaid()
    if PaymentShare.objects.filter(order=order, is_open=True).exists():
        return False
    _close(order, why=why, actor=actor, reason=reason)
    return True


@unit
def _cancel_paid(*, order_id: int, actor: str, reason: str) -> None:
    order = locks.order(order_id)
    if order.status != OrderStatus.PAID or order.shipping_status != ShippingStatus.NONE:
        raise NotCancellable()
    if not order.paid_amount:
        _close(order, why=CloseReason.REFUNDED, actor=actor, reason=reason)
        return
    if order.refunded_amount >= order.paid_amount:
        raise RefundUnderWay()
    refunds.request(order_id=order_id, reason=reason, kind=RefundKind.BEFORE_SHIPMENT, actor=actor)


def _close(order: Order, *, why: CloseReason, actor: str, reason: str) -> None:
    """The order is locked. What it held goes back in the order of ranks, stock last."""
    ORDER.move(order, OrderStatus.CLOSED, actor=actor, reason=reason, closed_at=clock.now(), close_reason=why)
    pickup = Pickup.objects.filter(order=order, status=PickupStatus.WAITING).first()
    if pickup is not None:
        PICKUP.move(pickup, PickupStatus.CANCELLED, actor=actor, reason=reason)
    publish(OrderClosed(order_id=order.pk))
    if order.coupon_grant_id is not None:
        coupons.release(reference=order.reference)
    limited.release(reference=order.reference)
    limits.release(reference=order.reference)
    if order.points_used:
        points.give_back(
            member_id=order.member_id, source=order.reference, back_source=f"close:{order.number}"
        )
    stock.release(reference=order.reference)
