"""Parcels: what leaves the house, in one or several."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from catalog.services import stock
from orders import locks, policies
from orders.errors import (
    BadTrackingNumber,
    CollectedInStore,
    NotALine,
    NotShippable,
    OrderHeld,
    OrderNotFound,
    ParcelKnown,
    RefundUnderWay,
    TooManyPieces,
    UnknownCarrier,
)
from orders.events import OrderShipped
from orders.models import Order, OrderLine, Refund, Shipment, ShipmentLine
from orders.states import SHIPPING
from orders.terms import Carrier, DeliveryMode, OrderStatus, ShippingStatus
from shop.core import clock, refs
from shop.core.events import publish
from shop.core.transactions import unit

TRACKING = re.compile(r"[A-Za-z0-9-]{6,40}")


@unit
def ship(
    *,
    order_id: int,
    carrier: str,
    tracking_no: str,
    actor: str,
    lines: Mapping[int, int] | None = None,
    place_id: int | None = None,
) -> Shipment:
    """One parcel with the given pieces (line id → pieces), or with everything that is left.

    The goods leave the stock they were reserved from. Raises OrderNotFound, NotShippable, OrderHeld,
    CollectedInStore, RefundUnderWay, UnknownCarrier, BadTrackingNumber, ParcelKnown, NotALine, TooManyPieces.
    """
    carrier_name, tracking_no = _checked(carrier, tracking_no)
    order = _locked(order_id)
    waiting = {line.pk: line for line in locks.lines(order_id)}
    pieces = _pieces(waiting, lines)
    known = Shipment.objects.filter(order=order, carrier=carrier, tracking_no=tracking_no)
    if tracking_no and known.exists():
        raise ParcelKnown(number=tracking_no)
    now = clock.now()
    shipment = Shipment.objects.create(
        order=order,
        place_id=place_id or order.place_id,
        carrier=carrier,
        carrier_name=carrier_name,
        tracking_no=tracking_no,
        shipped_at=now,
        shipped_by=actor,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line_id=line_id, quantity=count) for line_id, count in pieces.items()
    )
    for line_id, count in pieces.items():
        waiting[line_id].shipped_count += count
    OrderLine.objects.bulk_update([waiting[line_id] for line_id in pieces], ["shipped_count"])
    _move(order, list(waiting.values()), actor, now)
    publish(OrderShipped(order_id=order.pk, shipment_id=shipment.pk))
    stock.consume(
        reference=order.reference,
        quantities={waiting[line_id].key: count for line_id, count in pieces.items()},
        actor=actor,
    )
    return shipment


@unit
def forget_withdrawn(*, refund_id: int) -> None:
    """After a refund the pieces it withdrew are free again; what was left to ship may be nothing now."""
    refund = Refund.objects.get(pk=refund_id)
    order = locks.order(refund.order_id)
    lines = {line.pk: line for line in locks.lines(order.pk)}
    withdrawn = {
        lines[line_id].key: count
        for line_id, count in refund.lines.values_list("line_id", "withdrawn_count")
        if line_id is not None and count
    }
    if not withdrawn or order.status == OrderStatus.CLOSED:
        return
    if order.shipping_status == ShippingStatus.PARTIAL:
        _move(order, list(lines.values()), refs.SYSTEM, clock.now())
    stock.release(reference=order.reference, quantities=withdrawn)


def _checked(carrier: str, tracking_no: str) -> tuple[str, str]:
    if carrier not in Carrier.values:
        raise UnknownCarrier()
    number = "".join(tracking_no.split()).upper()
    if not (number or carrier == Carrier.OWN) or (number and not TRACKING.fullmatch(number)):
        raise BadTrackingNumber()
    return str(Carrier(carrier).label), number


def _locked(order_id: int) -> Order:
    try:
        order = locks.order(order_id)
    except Order.DoesNotExist as missing:
        raise OrderNotFound() from missing
    if order.delivery_mode == DeliveryMode.PICKUP:
        raise CollectedInStore()
    if order.status != OrderStatus.PAID or order.shipping_status not in (
        ShippingStatus.NONE,
        ShippingStatus.PARTIAL,
    ):
        raise NotShippable()
    if order.hold:
        raise OrderHeld(hold=str(order.get_hold_display()))
    if order.paid_amount and order.refunded_amount >= order.paid_amount:
        raise RefundUnderWay()
    return order


def _pieces(waiting: Mapping[int, OrderLine], lines: Mapping[int, int] | None) -> dict[int, int]:
    if lines is None:
        pieces = {line.pk: line.to_ship_count for line in waiting.values() if line.to_ship_count}
    else:
        pieces = dict(sorted(lines.items()))
        for line_id, count in pieces.items():
            line = waiting.get(line_id)
            if line is None:
                raise NotALine(line=line_id)
            if not 1 <= count <= line.to_ship_count:
                raise TooManyPieces(title=line.title, left=line.to_ship_count)
    if not pieces:
        raise NotShippable()
    return pieces


def _move(order: Order, lines: list[OrderLine], actor: str, now: datetime) -> None:
    """With the last piece the time to confirm starts to run."""
    if any(line.to_ship_count for line in lines):
        if order.shipping_status == ShippingStatus.NONE:
            SHIPPING.move(order, ShippingStatus.PARTIAL, actor=actor)
        return
    SHIPPING.move(
        order,
        ShippingStatus.SHIPPED,
        actor=actor,
        shipped_at=now,
        auto_confirm_at=now + timedelta(days=policies.AUTO_CONFIRM_DAYS.get()),
    )
