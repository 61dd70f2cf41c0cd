"""Orders that have just been paid, in the order in which they were: what rings on a counter."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from orders.models import Order, OrderTransition
from orders.selectors.todo import scoped
from orders.terms import OrderStatus


@dataclass(frozen=True, slots=True)
class Arrival:
    """One paid order; `first` is the title of its first line, `pieces` counts all of them."""

    id: int
    number: str
    paid_at: datetime
    due: Decimal
    delivery_mode: str
    first: str
    pieces: int
    buyer_note: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`cursor` goes into the next call as `after_id`; `orders` are the newest first."""

    cursor: int
    orders: tuple[Arrival, ...]


def since(user: Any, after_id: int | None, limit: int = 20) -> Arrivals:
    """Orders of the person's places that were paid after the cursor, `limit` at most, the newest of them.

    Without a cursor nothing is new: the answer only says where to go on from. One query while nothing
    happened, four otherwise. The cursor counts steps of orders: an order placed long ago and paid now is
    new.
    """
    newest = latest()
    if after_id is None or newest <= after_id:
        return Arrivals(newest, ())
    steps = OrderTransition.objects.filter(pk__gt=after_id, pk__lte=newest, to_status=OrderStatus.PAID)
    ids = list(scoped(steps, user, "order__place").order_by("-pk").values_list("order_id", flat=True)[:limit])
    if not ids:
        return Arrivals(newest, ())
    found = Order.objects.prefetch_related("lines").in_bulk(ids)
    return Arrivals(newest, tuple(_arrival(found[pk]) for pk in dict.fromkeys(ids) if pk in found))


def latest() -> int:
    """The newest step of any order; 0 in an empty shop. One query that reads the end of an index."""
    newest: int = OrderTransition.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return newest


def latest_order() -> int:
    """The newest order, paid or not; 0 in an empty shop. One query that reads the end of an index."""
    newest: int = Order.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return newest


def _arrival(order: Order) -> Arrival:
    lines = list(order.lines.all())
    return Arrival(
        id=order.pk,
        number=order.number,
        paid_at=order.paid_at or order.created_at,
        due=order.due,
        delivery_mode=order.delivery_mode,
        first=lines[0].title if lines else "",
        pieces=sum(line.quantity for line in lines),
        buyer_note=order.buyer_note,
    )
