"""Goods that are collected in a store against a code, once."""

from collections.abc import Collection

from django.db.models import F

from catalog.services import stock
from orders import locks
from orders.errors import (
    CodeOfAnotherStore,
    CodeUsed,
    NotShippable,
    OrderHeld,
    PickupCancelled,
    RefundUnderWay,
    WrongPickupCode,
)
from orders.events import OrderCollected, OrderCompleted, OrderReceived
from orders.models import LineComponent, Order, OrderLine, Pickup
from orders.services import components
from orders.states import ORDER, PICKUP, SHIPPING
from orders.terms import DeliveryMode, OrderStatus, PickupStatus, ShippingStatus
from shop.core import clock, numbers
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def open_for(*, order_id: int) -> Pickup | None:
    """Makes the code of a paid pickup order, once; None for any other order."""
    order = locks.order(order_id)
    is_paid_pickup = order.delivery_mode == DeliveryMode.PICKUP and order.status == OrderStatus.PAID
    if not is_paid_pickup or order.place_id is None:
        return None
    pickup, _ = Pickup.objects.get_or_create(
        order=order,
        defaults={
            "place_id": order.place_id,
            "code": numbers.new_code(),
            "slot_start": order.slot_start,
            "slot_end": order.slot_end,
            "contact_name": order.recipient,
            "phone_cipher": order.phone,
            "created_at": clock.now(),
        },
    )
    return pickup


def peek(*, code: str, place_ids: Collection[int] | None) -> Pickup:
    """The pickup a code stands for, so that the clerk sees what to hand out. Changes nothing.

    `place_ids` are the stores the clerk works for, None for all.
    Raises WrongPickupCode, CodeOfAnotherStore, CodeUsed, PickupCancelled.
    """
    digits = "".join(code.split()).replace("-", "")
    if len(digits) != 12 or not numbers.is_valid(digits):
        raise WrongPickupCode()
    pickup = Pickup.objects.select_related("order", "place").filter(code=digits).first()
    if pickup is None:
        raise WrongPickupCode()
    if place_ids is not None and pickup.place_id not in place_ids:
        raise CodeOfAnotherStore(store=pickup.place.name)
    _refuse_ended(pickup)
    return pickup


@unit
def verify(*, code: str, place_ids: Collection[int] | None, actor: str) -> Pickup:
    """Hands the goods out: the code is spent, the order received and completed.

    Raises what `peek` raises, OrderHeld and RefundUnderWay; then nothing has changed.
    """
    found = peek(code=code, place_ids=place_ids)
    order = locks.order(found.order_id)
    lines = locks.lines(order.pk)
    pickup = Pickup.objects.select_related("order", "place").get(pk=found.pk)
    _refuse_ended(pickup)
    if order.hold:
        raise OrderHeld(hold=str(order.get_hold_display()))
    if order.status != OrderStatus.PAID:
        raise NotShippable()
    if order.paid_amount and order.refunded_amount >= order.paid_amount:
        raise RefundUnderWay()
    now = clock.now()
    PICKUP.move(pickup, PickupStatus.COLLECTED, actor=actor, verified_at=now, verified_by=actor)
    all_of_it = {"shipped_count": F("quantity") - F("withdrawn_count")}
    parts = components.of(lines)
    OrderLine.objects.filter(order=order).update(**all_of_it)
    LineComponent.objects.filter(line__order=order).update(**all_of_it)
    SHIPPING.move(order, ShippingStatus.RECEIVED, actor=actor, shipped_at=now, received_at=now)
    ORDER.move(order, OrderStatus.COMPLETED, actor=actor, completed_at=now)
    for fact in (OrderCollected, OrderReceived, OrderCompleted):
        publish(fact(order_id=order.pk))
    handed_out = {
        one.key: one.to_ship_count
        for line in lines
        for one in parts.get(line.pk, [line])
        if one.to_ship_count
    }
    stock.consume(reference=order.reference, quantities=handed_out, actor=actor)
    pickup.order = Order.objects.get(pk=order.pk)
    return pickup


def _refuse_ended(pickup: Pickup) -> None:
    if pickup.status == PickupStatus.COLLECTED:
        at = pickup.verified_at.isoformat() if pickup.verified_at else ""
        raise CodeUsed(verified_at=at)
    if pickup.status == PickupStatus.CANCELLED:
        raise PickupCancelled()
