from orders.models.basket import Basket, BasketLine
from orders.models.component import LineBundle, LineComponent, RefundComponent, ShipmentComponent
from orders.models.line import OrderLine
from orders.models.notice import GatewayCall, Notice
from orders.models.order import Order, OrderTransition
from orders.models.payment import Payment, PaymentShare, PaymentTransition
from orders.models.pickup import Pickup, PickupTransition
from orders.models.recall import RecallCase
from orders.models.refund import Refund, RefundLine, RefundTransition
from orders.models.shipment import Shipment, ShipmentLine, ShipmentTransition

__all__ = [
    "Basket",
    "BasketLine",
    "GatewayCall",
    "LineBundle",
    "LineComponent",
    "Notice",
    "Order",
    "OrderLine",
    "OrderTransition",
    "Payment",
    "PaymentShare",
    "PaymentTransition",
    "Pickup",
    "PickupTransition",
    "RecallCase",
    "Refund",
    "RefundComponent",
    "RefundLine",
    "RefundTransition",
    "Shipment",
    "ShipmentComponent",
    "ShipmentLine",
    "ShipmentTransition",
]
