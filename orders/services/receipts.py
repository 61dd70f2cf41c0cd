"""The shopper has the goods: said by the shopper, or assumed after a while."""

from datetime import timedelta

from orders import locks, policies
from orders.errors import NotExtendable, NotReceivable, OrderNotFound
from orders.events import OrderCompleted, OrderReceived
from orders.models import Order, Shipment
from orders.states import ORDER, SHIPMENT, SHIPPING
from orders.terms import OrderStatus, ShipmentStatus, ShippingStatus
from shop.core import clock, refs, scans
from shop.core.errors import Refusal
from shop.core.events import publish
from shop.core.transactions import unit


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
    ids = list(due.order_by("auto_confirm_at").values_list("pk", flat=True)[:limit])
    return scans.each(ids, lambda pk: confirm(order_id=pk, actor=refs.SYSTEM), put_off=_try_tomorrow)


def _try_tomorrow(order_id: int, problem: Exception) -> None:
    now = clock.now()
    due = Order.objects.filter(pk=order_id, auto_confirm_at__lte=now)
    due.update(auto_confirm_at=now + timedelta(days=1))


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
