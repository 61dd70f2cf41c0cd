"""What staff write about an order, and the address they are shown to send it."""

from orders import locks
from orders.errors import OrderNotFound
from orders.models import Order
from orders.terms import Flag
from shop.core.errors import Invalid
from shop.core.transactions import unit

LONGEST_NOTE = 500


@unit
def write(*, order_id: int, note: str | None = None, flag: str | None = None) -> Order:
    """Replaces the note, the flag or both; None leaves it as it is. Raises OrderNotFound, Invalid."""
    if flag is not None and flag not in Flag.values:
        raise Invalid(field="flag")
    if note is not None and len(note) > LONGEST_NOTE:
        raise Invalid(field="note")
    try:
        order = locks.order(order_id)
    except Order.DoesNotExist as missing:
        raise OrderNotFound() from missing
    order.staff_note = order.staff_note if note is None else note.strip()
    order.flag = order.flag if flag is None else flag
    order.save(update_fields=["staff_note", "flag"])
    return order
