"""The shopper has the goods: said by the shopper, or assumed after a while."""

import logging
from datetime import timedelta

from orders import locks, policies
from orders.errors import NotExtendable, NotReceivable, OrderNotFound
from orders.events import OrderCompleted, OrderReceived
from orders.models import Order, Shipment
from orders.states import ORDER, SHIPMENT, SHIPPING
from orders.terms import OrderStatus, ShipmentStatus, ShippingStatus
from shop.core import clock, refs
from shop.core.errors import Refusal
from shop.core.events import publish
from shop.core.transactions import unit

log = logging.getLogger(__name__)


@unit
def confirm(*, order_id: int, actor: str) -> Order:
    """The order is received and completed. Raises OrderNotFound, NotReceivable."""
    order = _shipped(order_id, NotReceivable)
    now = clock.now()
    SHIPPING.move(order, ShippingStatus.RECEIVED, actor=actor, received_at=now)
    ORDER.move(order, OrderStatus.COMPLETED, actor=actor, completed_at=now)
    SHIPMENT.move_many(Shipment.objects.filter(order=order), ShipmentStatus.DELIVERED, actor=actor)
    publish(OrderReceived(order_id=order.pk))
    publish(OrderCompleted(order_id=order.pk))
    return order


def confirm_due(*, limit: int = 200) -> int:
    """Confirms shipped orders whose time is over; how many."""
    now = clock.now()
    due = Order.objects.filter(
        status=OrderStatus.PAID, shipping_status=ShippingStatus.SHIPPED, auto_confirm_at__lte=now
    )
    confirmed = 0
    for order_id in due.order_by("auto_confirm_at").values_list("pk", flat=True)[:limit]:
        try:
            confirm(order_id=order_id, actor=refs.SYSTEM)
            confirmed += 1
        except Refusal as refusal:
            log.info("receipt_not_assumed", extra={"order": order_id, "code": refusal.code})
            later = now + timedelta(days=1)
            Order.objects.filter(pk=order_id, auto_confirm_at__lte=now).update(auto_confirm_at=later)
    return confirmed


@unit
def extend(*, order_id: int, actor: str) -> Order:
    """Gives the shopper more time to confirm, once. Raises OrderNotFound, NotExtendable."""
    order = _shipped(order_id, NotExtendable)
    if order.extended_at is not None or order.auto_confirm_at is None:
        raise NotExtendable()
    order.extended_at = clock.now()
    order.auto_confirm_at += timedelta(days=policies.EXTEND_DAYS.get())
    order.save(update_fields=["extended_at", "auto_confirm_at"])
    return order


def _shipped(order_id: int, refusal: type[Refusal]) -> Order:
    try:
        order = locks.order(order_id)
    except Order.DoesNotExist as missing:
        raise OrderNotFound() from missing
    if order.status != OrderStatus.PAID or order.shipping_status != ShippingStatus.SHIPPED:
        raise refusal()
    return order
