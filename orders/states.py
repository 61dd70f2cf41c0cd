"""Transition tables of the trade. Machine.move() is the only writer of a status."""

from orders.terms import (
    OrderStatus,
    PaymentStatus,
    PickupStatus,
    RefundStatus,
    ShipmentStatus,
    ShippingStatus,
)
from shop.core.locks import Rank
from shop.core.states import Machine

ORDER = Machine(
    "order",
    rank=Rank.ORDER,
    initial=OrderStatus.UNPAID,
    moves={
        OrderStatus.UNPAID: (OrderStatus.PAID, OrderStatus.CLOSED),
        OrderStatus.PAID: (OrderStatus.COMPLETED, OrderStatus.CLOSED),
    },
)

# Back to PARTIAL when the refund of the pieces that stayed at home fails: they are to be shipped after all.
SHIPPING = Machine(
    "shipping",
    rank=Rank.ORDER,
    field="shipping_status",
    initial=ShippingStatus.NONE,
    moves={
        ShippingStatus.NONE: (ShippingStatus.PARTIAL, ShippingStatus.SHIPPED, ShippingStatus.RECEIVED),
        ShippingStatus.PARTIAL: (ShippingStatus.SHIPPED,),
        ShippingStatus.SHIPPED: (ShippingStatus.RECEIVED, ShippingStatus.PARTIAL),
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

# Money that arrives after a payment was closed or refused is never lost: those two may still become paid.
PAYMENT = Machine(
    "payment",
    initial=PaymentStatus.CREATED,
    moves={
        PaymentStatus.CREATED: (
            PaymentStatus.PENDING,
            PaymentStatus.PAID,
            PaymentStatus.CLOSED,
            PaymentStatus.FAILED,
        ),
        PaymentStatus.PENDING: (PaymentStatus.PAID, PaymentStatus.CLOSED, PaymentStatus.FAILED),
        PaymentStatus.CLOSED: (PaymentStatus.PAID,),
        PaymentStatus.FAILED: (PaymentStatus.PAID,),
    },
)

# ABNORMAL is not final: staff mend it at the gateway and ask again.
REFUND = Machine(
    "refund",
    initial=RefundStatus.CREATED,
    moves={
        RefundStatus.CREATED: (
            RefundStatus.PROCESSING,
            RefundStatus.SUCCEEDED,
            RefundStatus.CLOSED,
            RefundStatus.ABNORMAL,
        ),
        RefundStatus.PROCESSING: (RefundStatus.SUCCEEDED, RefundStatus.CLOSED, RefundStatus.ABNORMAL),
        RefundStatus.ABNORMAL: (RefundStatus.PROCESSING, RefundStatus.SUCCEEDED, RefundStatus.CLOSED),
    },
)
