"""Transition tables of the trade. Machine.move() is the only writer of a status."""

from shop.core.states import Machine

from orders.terms import OrderStatus, PickupStatus, ShipmentStatus, ShippingStatus

ORDER = Machine(
    "order",
    initial=OrderStatus.UNPAID,
    moves={
        OrderStatus.UNPAID: (OrderStatus.PAID, OrderStatus.CLOSED),
        OrderStatus.PAID: (OrderStatus.COMPLETED, OrderStatus.CLOSED),
    },
)

SHIPPING = Machine(
    "order shipping",
    field="shipping_status",
    initial=ShippingStatus.NONE,
    moves={
        ShippingStatus.NONE: (ShippingStatus.PARTIAL, ShippingStatus.SHIPPED, ShippingStatus.RECEIVED),
        ShippingStatus.PARTIAL: (ShippingStatus.SHIPPED,),
        ShippingStatus.SHIPPED: (ShippingStatus.RECEIVED,),
    },
)

SHIPMENT = Machine(
    "shipment",
    initial=ShipmentStatus.SHIPPED,
    moves={ShipmentStatus.SHIPPED: (ShipmentStatus.DELIVERED,)},
)

PICKUP = Machine(
    "pickup",
    initial=PickupStatus.WAITING,
    moves={PickupStatus.WAITING: (PickupStatus.COLLECTED, PickupStatus.CANCELLED)},
)
