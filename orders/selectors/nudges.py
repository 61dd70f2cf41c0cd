"""When a shopper may ask for the goods, and who has."""

from datetime import datetime, timedelta

from django.db.models import Q

from orders import policies
from orders.models import Order
from orders.selectors.states import TO_SHIP, shopper_state
from orders.terms import ShopperStateCode

PAUSE = timedelta(hours=24)
WAITING = (ShopperStateCode.TO_SHIP, ShopperStateCode.PART_SHIPPED)

ASKED_FOR = TO_SHIP & Q(nudged_at__isnull=False)


def makes_sense(order: Order, now: datetime) -> bool:
    """Something is still to be sent, and the shop has had its time since the payment."""
    if shopper_state(order).code not in WAITING or order.paid_at is None:
        return False
    return now >= order.paid_at + timedelta(hours=policies.NUDGE_AFTER_HOURS.get())


def again_at(order: Order) -> datetime | None:
    """When the shopper may ask once more; None when they haven't asked yet."""
    return order.nudged_at + PAUSE if order.nudged_at else None


def may_nudge(order: Order, now: datetime) -> bool:
    """Whether the button works now."""
    again = again_at(order)
    return makes_sense(order, now) and (again is None or now >= again)
