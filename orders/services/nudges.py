"""The shopper asks where the goods are, and staff hear of it."""

from orders import locks
from orders.errors import NotNudgeable, NudgedAlready, OrderNotFound
from orders.models import Order
from orders.selectors import nudges
from shop.core import clock
from shop.core.transactions import unit


@unit
def nudge(*, order_id: int) -> Order:
    """Marks the order as asked for; it waits among the to-dos until everything has left.

    Once in 24 hours. Raises OrderNotFound, NudgedAlready, NotNudgeable (nothing to ship, or just paid).
    """
    try:
        order = locks.order(order_id)
    except Order.DoesNotExist as missing:
        raise OrderNotFound() from missing
    now = clock.now()
    if not nudges.makes_sense(order, now):
        raise NotNudgeable()
    again_at = nudges.again_at(order)
    if again_at is not None and now < again_at:
        raise NudgedAlready(time=f"{again_at.astimezone(clock.SHANGHAI):%m-%d %H:%M}")
    order.nudged_at = now
    order.nudge_count += 1
    order.save(update_fields=["nudged_at", "nudge_count"])
    return order
