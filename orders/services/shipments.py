"""Parcels: what leaves the house, in one or several."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from catalog.selectors import held
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
from orders.models import (
    LineComponent,
    Order,
    OrderLine,
    Refund,
    RefundComponent,
    Shipment,
    ShipmentComponent,
    ShipmentLine,
)
from orders.services import components
from orders.services.components import Parts
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
    pieces_of: Mapping[int, int] | None = None,
    place_id: int | None = None,
) -> Shipment:
    """One parcel with the given pieces: line id → pieces, and for bundles component id → pieces. Without
    them it takes everything that is left, or everything that is held at `place_id`.

    The goods leave the stock they were reserved from, first that of the place. Raises OrderNotFound,
    NotShippable, OrderHeld, CollectedInStore, RefundUnderWay, UnknownCarrier, BadTrackingNumber, ParcelKnown,
    NotALine, TooManyPieces.
    """
    carrier_name, tracking_no = _checked(carrier, tracking_no)
    order = _locked(order_id)
    waiting = {line.pk: line for line in locks.lines(order_id)}
    parts = components.of(waiting.values())
    stored = held.by_place(order.reference)
    if lines is None and pieces_of is None:
        lines, pieces_of = _all(waiting, parts, stored.get(place_id, {}) if place_id else None)
    pieces, of_bundles = _chosen(waiting, parts, lines or {}, pieces_of or {})
    quantities = _keys(waiting, parts, pieces, of_bundles)
    place_id = place_id or _most(stored, quantities, order.place_id)
    known = Shipment.objects.filter(order=order, carrier=carrier, tracking_no=tracking_no)
    if tracking_no and known.exists():
        raise ParcelKnown(number=tracking_no)
    now = clock.now()
    shipment = Shipment.objects.create(
        order=order,
        place_id=place_id,
        carrier=carrier,
        carrier_name=carrier_name,
        tracking_no=tracking_no,
        shipped_at=now,
        shipped_by=actor,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line_id=line_id, quantity=count) for line_id, count in pieces.items()
    )
    ShipmentComponent.objects.bulk_create(
        ShipmentComponent(shipment=shipment, component_id=pk, quantity=count)
        for pk, count in of_bundles.items()
    )
    for line_id, count in pieces.items():
        waiting[line_id].shipped_count += count
    components.send(waiting, parts, of_bundles)
    OrderLine.objects.bulk_update(waiting.values(), ["shipped_count"])
    _move(order, list(waiting.values()), actor, now)
    publish(OrderShipped(order_id=order.pk, shipment_id=shipment.pk))
    stock.consume(reference=order.reference, quantities=quantities, actor=actor, place_id=place_id)
    return shipment


@unit
def forget_withdrawn(*, refund_id: int) -> None:
    """After a refund the pieces it withdrew are free again; what was left to ship may be nothing now."""
    refund = Refund.objects.get(pk=refund_id)
    order = locks.order(refund.order_id)
    lines = {line.pk: line for line in locks.lines(order.pk)}
    parts = components.of(lines.values())
    withdrawn = {
        lines[line_id].key: count
        for line_id, count in refund.lines.values_list("line_id", "withdrawn_count")
        if line_id is not None and count and line_id not in parts
    } | dict(
        RefundComponent.objects.filter(refund_line__refund=refund, withdrawn_count__gt=0).values_list(
            "component__key", "withdrawn_count"
        )
    )
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


def _all(
    waiting: Mapping[int, OrderLine], parts: Parts, here: Mapping[str, int] | None
) -> tuple[dict[int, int], dict[int, int]]:
    """Everything that is left, of plain lines and of components; `here` limits it to what a place holds."""

    def left(one: OrderLine | LineComponent) -> int:
        return one.to_ship_count if here is None else min(one.to_ship_count, here.get(one.key, 0))

    plain = {line.pk: left(line) for line in waiting.values() if line.pk not in parts}
    inside = {one.pk: left(one) for group in parts.values() for one in group}
    return {pk: count for pk, count in plain.items() if count}, {
        pk: count for pk, count in inside.items() if count
    }


def _chosen(
    waiting: Mapping[int, OrderLine], parts: Parts, lines: Mapping[int, int], pieces_of: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Pieces by plain line and by component; whole bundles are taken apart."""
    plain, inside = {}, dict(pieces_of)
    for line_id, count in sorted(lines.items()):
        line = waiting.get(line_id)
        if line is None:
            raise NotALine(line=line_id)
        if not 1 <= count <= line.to_ship_count:
            raise TooManyPieces(title=line.title, left=line.to_ship_count)
        if line_id not in parts:
            plain[line_id] = count
            continue
        for pk, pieces in components.pieces_of(line, parts[line_id], count).items():
            inside[pk] = inside.get(pk, 0) + pieces
    components.check(parts, inside)
    if not plain and not inside:
        raise NotShippable()
    return plain, dict(sorted(inside.items()))


def _keys(
    waiting: Mapping[int, OrderLine], parts: Parts, plain: Mapping[int, int], inside: Mapping[int, int]
) -> dict[str, int]:
    """The same pieces by the keys stock knows them under."""
    keys = {one.pk: one.key for group in parts.values() for one in group}
    return {waiting[pk].key: count for pk, count in plain.items()} | {
        keys[pk]: count for pk, count in inside.items()
    }


def _most(
    stored: Mapping[int, Mapping[str, int]], quantities: Mapping[str, int], usual: int | None
) -> int | None:
    """The place that holds most of these pieces; of equal ones the order's usual place."""

    def there(place_id: int) -> int:
        return sum(min(count, stored[place_id].get(key, 0)) for key, count in quantities.items())

    return max(sorted(stored), key=lambda place_id: (there(place_id), place_id == usual), default=usual)


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
