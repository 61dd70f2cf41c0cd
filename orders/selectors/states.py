"""What a shopper is told about an order. The one place where several machines become one word."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from orders.models import Order
from orders.terms import DeliveryMode, Hold, OrderStatus, ShippingStatus, ShopperStateCode, Tab


@dataclass(frozen=True, slots=True)
class ShopperState:
    """`code` for programs, `label` for people."""

    code: ShopperStateCode

    @property
    def label(self) -> str:
        return str(self.code.label)


IS_REFUNDING = Q(status=OrderStatus.PAID, paid_amount__gt=0, refunded_amount__gte=F("paid_amount"))
IN_HOUSE = Q(status=OrderStatus.PAID, shipping_status__in=[ShippingStatus.NONE, ShippingStatus.PARTIAL])
ON_ITS_WAY = Q(status=OrderStatus.PAID, shipping_status=ShippingStatus.SHIPPED)
TO_PICK_UP = Q(
    status=OrderStatus.PAID, shipping_status=ShippingStatus.NONE, delivery_mode=DeliveryMode.PICKUP
)

TO_SHIP = IN_HOUSE & ~Q(delivery_mode=DeliveryMode.PICKUP) & ~IS_REFUNDING & Q(hold=Hold.NOTHING)

TABS: dict[str, Q] = {
    Tab.ALL: Q(),
    Tab.TO_PAY: Q(status=OrderStatus.UNPAID),
    Tab.TO_SHIP: IN_HOUSE & ~TO_PICK_UP & ~IS_REFUNDING,
    Tab.TO_RECEIVE: (ON_ITS_WAY | TO_PICK_UP) & ~IS_REFUNDING,
    Tab.COMPLETED: Q(status=OrderStatus.COMPLETED),
    Tab.REFUNDING: Q(refunded_amount__gt=0),
}
COUNTED_TABS = (Tab.TO_PAY, Tab.TO_SHIP, Tab.TO_RECEIVE)


def is_refunding(order: Order) -> bool:
    """All money is on its way back, or is back without the order being closed."""
    return (
        order.status == OrderStatus.PAID
        and order.paid_amount > 0
        and order.refunded_amount >= order.paid_amount
    )


def shopper_state(order: Order) -> ShopperState:
    return ShopperState(_code(order))


def in_tab(orders: QuerySet[Order], tab: str) -> QuerySet[Order]:
    """Orders of one tab; an unknown tab shows all."""
    return orders.filter(TABS.get(tab, Q()))


def _code(order: Order) -> ShopperStateCode:
    if order.status == OrderStatus.UNPAID:
        return ShopperStateCode.TO_PAY
    if order.status == OrderStatus.CLOSED:
        return ShopperStateCode.CLOSED
    if order.status == OrderStatus.COMPLETED:
        return ShopperStateCode.COMPLETED
    if is_refunding(order):
        return ShopperStateCode.REFUNDING
    if order.shipping_status == ShippingStatus.SHIPPED:
        return ShopperStateCode.TO_RECEIVE
    if order.hold in (Hold.GROUP, Hold.AUDIT):
        return ShopperStateCode.IN_REVIEW
    if order.delivery_mode == DeliveryMode.PICKUP:
        return ShopperStateCode.TO_PICK_UP
    if order.shipping_status == ShippingStatus.PARTIAL:
        return ShopperStateCode.PART_SHIPPED
    return ShopperStateCode.TO_SHIP
