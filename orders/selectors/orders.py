"""Orders as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Prefetch, QuerySet

from members.models import Member
from orders.errors import OrderNotFound
from orders.models import Order, OrderLine, Pickup, Refund, Shipment
from orders.selectors import ledger, nudges, states, timeline
from orders.selectors.ledger import Ledger
from orders.selectors.states import ShopperState
from orders.selectors.timeline import Moment
from orders.terms import DeliveryMode, OrderStatus, PickupStatus, ShippingStatus, ShopperStateCode, Tab
from shop.core import clock

PAGE_SIZE = 10

shopper_state = states.shopper_state


@dataclass(frozen=True, slots=True)
class Thumbnail:
    title: str
    spec_text: str
    image_path: str
    quantity: int
    product_id: int


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One order in a list; `next_action` is the one sensible thing to do, or empty."""

    number: str
    state: ShopperState
    created_at: datetime
    due: Decimal
    piece_count: int
    thumbnails: tuple[Thumbnail, ...]
    next_action: str
    expires_at: datetime
    delivery_mode: str


@dataclass(frozen=True, slots=True)
class OrderListing:
    """`next_cursor` goes into the next call; None at the end."""

    cards: tuple[OrderCard, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    order: Order
    lines: tuple[OrderLine, ...]
    state: ShopperState
    ledger: Ledger
    timeline: tuple[Moment, ...]
    shipments: tuple[Shipment, ...]
    refunds: tuple[Refund, ...]
    pickup: Pickup | None
    next_actions: tuple[str, ...]


def listing(*, member: Member, tab: str = Tab.ALL, cursor: str | None = None) -> OrderListing:
    """Newest first, ten a page, two queries. A cursor that isn't ours starts from the top."""
    rows = states.in_tab(Order.objects.filter(member=member), tab).order_by("-pk")
    if cursor and cursor.isascii() and cursor.isdigit():
        rows = rows.filter(pk__lt=int(cursor[:18]))
    found = list(rows.prefetch_related("lines")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return OrderListing(
        cards=tuple(card(order) for order in shown),
        next_cursor=str(shown[-1].pk) if more else None,
    )


def tab_counts(member: Member) -> dict[str, int]:
    """How many orders wait in the tabs that ask for something; one query over open orders."""
    is_open = Order.objects.filter(member=member, status__in=[OrderStatus.UNPAID, OrderStatus.PAID])
    counts = {tab.value: Count("pk", filter=states.TABS[tab]) for tab in states.COUNTED_TABS}
    return dict(is_open.aggregate(**counts))


def card(order: Order) -> OrderCard:
    """The card of an order whose lines are prefetched."""
    lines = list(order.lines.all())
    actions = next_actions(order)
    return OrderCard(
        number=order.number,
        state=states.shopper_state(order),
        created_at=order.created_at,
        due=order.due,
        piece_count=sum(line.quantity for line in lines),
        thumbnails=tuple(
            Thumbnail(line.title, line.spec_text, line.image_path, line.quantity, line.product_id)
            for line in lines
        ),
        next_action=actions[0] if actions else "",
        expires_at=order.expires_at,
        delivery_mode=order.delivery_mode,
    )


def page(member: Member | None, number: str) -> OrderPage:
    """All about one order; for a member only their own. Raises OrderNotFound. A fixed number of queries."""
    rows = Order.objects.select_related("member__user", "place", "pickup__place")
    order = with_parts(rows).filter(number=number).first()
    if order is None or (member is not None and order.member_id != member.pk):
        raise OrderNotFound()
    return page_of(order)


def with_parts(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Prefetches what `page_of` reads."""
    parcels = Shipment.objects.prefetch_related("lines__line", "components__component__line")
    parcels = parcels.select_related("place")
    lines = OrderLine.objects.prefetch_related("components").select_related("bundle__partner")
    return rows.prefetch_related(
        Prefetch("lines", queryset=lines), "transitions", "refunds", Prefetch("shipments", queryset=parcels)
    )


def page_of(order: Order) -> OrderPage:
    """The page of an order that came through `with_parts`."""
    lines = list(order.lines.all())
    shipments = list(order.shipments.all())
    refunds = sorted(order.refunds.all(), key=lambda refund: refund.pk)
    return OrderPage(
        order=order,
        lines=tuple(lines),
        state=states.shopper_state(order),
        ledger=ledger.of(order, lines),
        timeline=tuple(timeline.of(order, order.transitions.all(), shipments, refunds)),
        shipments=tuple(shipments),
        refunds=tuple(refunds),
        pickup=getattr(order, "pickup", None),
        next_actions=tuple(next_actions(order)),
    )


def next_actions(order: Order) -> Sequence[str]:
    """What the shopper can do, the most sensible first.

    Of pay, show_code, confirm, extend, nudge, cancel, buy_again.
    """
    code = states.shopper_state(order).code
    if code == ShopperStateCode.TO_PAY:
        return ["pay", "cancel"]
    if code == ShopperStateCode.TO_PICK_UP:
        return ["show_code", "cancel"]
    if code in (ShopperStateCode.TO_SHIP, ShopperStateCode.IN_REVIEW):
        return [*_nudge(order), "cancel"]
    if code == ShopperStateCode.PART_SHIPPED:
        return _nudge(order)
    if code == ShopperStateCode.TO_RECEIVE:
        return ["confirm", *([] if order.extended_at else ["extend"])]
    if code in (ShopperStateCode.COMPLETED, ShopperStateCode.CLOSED):
        return ["buy_again"]
    return []


def _nudge(order: Order) -> list[str]:
    return ["nudge"] if nudges.may_nudge(order, clock.page_now()) else []


def staff_actions(order: Order) -> Sequence[str]:
    """What staff can do now, the next step first: ship, verify, move, cancel, refund, note."""
    actions = []
    is_paid = order.status == OrderStatus.PAID
    is_busy = bool(order.hold) or states.is_refunding(order)
    if is_paid and not is_busy and order.delivery_mode == DeliveryMode.PICKUP:
        pickup = getattr(order, "pickup", None)
        if pickup is not None and pickup.status == PickupStatus.WAITING:
            actions.append("verify")
    elif is_paid and not is_busy and order.shipping_status in (ShippingStatus.NONE, ShippingStatus.PARTIAL):
        actions.append("ship")
    is_at_home = order.status in (OrderStatus.UNPAID, OrderStatus.PAID) and order.shipping_status in (
        ShippingStatus.NONE,
        ShippingStatus.PARTIAL,
    )
    if is_at_home and order.delivery_mode != DeliveryMode.PICKUP:
        actions.append("move")
    if order.status == OrderStatus.UNPAID:
        actions.append("cancel")
    if is_paid and order.shipping_status == ShippingStatus.NONE and not states.is_refunding(order):
        actions.append("cancel")
    if (
        order.status in (OrderStatus.PAID, OrderStatus.COMPLETED)
        and order.refunded_amount < order.paid_amount
    ):
        actions.append("refund")
    return [*actions, "note"]
