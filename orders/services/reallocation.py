"""An order that has not left yet is sent from another place."""

from catalog.models import Place
from catalog.services import reallocation
from orders import locks
from orders.errors import CollectedInStore, NotShippable, OrderNotFound
from orders.models import Order
from orders.terms import DeliveryMode, OrderStatus, ShippingStatus
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

MOVABLE = (ShippingStatus.NONE, ShippingStatus.PARTIAL)


@unit
def move(*, order_id: int, place_id: int, reason: str, actor: str) -> Order:
    """Everything of the order that has not left is held at that place from now on, in one parcel.

    Raises OrderNotFound, NotShippable (closed, or all has left), CollectedInStore, NotFound for a place that
    sends nothing, PlaceLacks; then nothing has changed.
    """
    if not reason.strip():
        raise Invalid(field="reason")
    try:
        order = locks.order(order_id)
    except Order.DoesNotExist as missing:
        raise OrderNotFound() from missing
    if order.delivery_mode == DeliveryMode.PICKUP:
        raise CollectedInStore()
    if order.status not in (OrderStatus.UNPAID, OrderStatus.PAID) or order.shipping_status not in MOVABLE:
        raise NotShippable()
    if not Place.objects.filter(pk=place_id, is_active=True).exists():
        raise NotFound(place_id=place_id)
    order.place_id = place_id
    Order.objects.filter(pk=order.pk).update(place=place_id)
    reallocation.to_place(reference=order.reference, place_id=place_id, actor=actor, reason=reason.strip())
    return order
