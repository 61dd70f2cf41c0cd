"""What waits for staff, with the age of the oldest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from catalog.selectors import places
from orders.models import Order, Pickup, Refund
from orders.selectors.nudges import ASKED_FOR
from orders.selectors.states import TO_SHIP
from orders.terms import Flag, OrderStatus, PickupStatus, RefundStatus, ShippingStatus
from shop.core import clock

LATE_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Todo:
    """`code` is the name of a filter of the order, pickup or refund list."""

    code: str
    count: int
    oldest_at: datetime | None


def scoped(rows: QuerySet[Any], user: Any, path: str = "place") -> QuerySet[Any]:
    """Only rows of the places the person works for."""
    ids = places.ids_of_staff(user)
    return rows if ids is None else rows.filter(**{f"{path}__in": ids})


def counts(user: Any) -> list[Todo]:
    """To ship, late to ship, asked for by the shopper, to hand out, overdue pickups, refunds in trouble,
    flagged red.

    Four queries and the person's places.
    """
    ids: Collection[int] | None = places.ids_of_staff(user)
    now = clock.page_now()
    late = TO_SHIP & Q(paid_at__lt=now - LATE_AFTER)
    in_house = Order.objects.filter(
        status=OrderStatus.PAID, shipping_status__in=[ShippingStatus.NONE, ShippingStatus.PARTIAL]
    )
    orders = _at(in_house, ids, "place").aggregate(
        to_ship=Count("pk", filter=TO_SHIP),
        to_ship_oldest=Min("paid_at", filter=TO_SHIP),
        late=Count("pk", filter=late),
        late_oldest=Min("paid_at", filter=late),
        nudged=Count("pk", filter=ASKED_FOR),
        nudged_oldest=Min("nudged_at", filter=ASKED_FOR),
    )
    red = _at(Order.objects.filter(flag=Flag.RED), ids, "place").aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    overdue = Q(slot_end__lt=now)
    pickups = _at(Pickup.objects.filter(status=PickupStatus.WAITING), ids, "place").aggregate(
        waiting=Count("pk"),
        oldest=Min("created_at"),
        overdue=Count("pk", filter=overdue),
        overdue_oldest=Min("slot_end", filter=overdue),
    )
    refunds = _at(Refund.objects.filter(status=RefundStatus.ABNORMAL), ids, "order__place").aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    return [
        Todo("to_ship", orders["to_ship"], orders["to_ship_oldest"]),
        Todo("late_to_ship", orders["late"], orders["late_oldest"]),
        Todo("nudged", orders["nudged"], orders["nudged_oldest"]),
        Todo("to_hand_out", pickups["waiting"], pickups["oldest"]),
        Todo("overdue_pickup", pickups["overdue"], pickups["overdue_oldest"]),
        Todo("refund_in_trouble", refunds["count"], refunds["oldest"]),
        Todo("flagged", red["count"], red["oldest"]),
    ]


def _at(rows: QuerySet[Any], ids: Collection[int] | None, path: str) -> QuerySet[Any]:
    return rows if ids is None else rows.filter(**{f"{path}__in": ids})
