"""Orders for tests, made the way shoppers make them: previewed, placed, paid, shipped, received."""

from collections.abc import Mapping
from typing import Any

from catalog.models import Place, Sku
from catalog.selectors import places
from members.models import Address, Member
from orders.models import Order, Payment, PaymentShare
from orders.services import checkout, pickups, receipts, settling, shipments
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import Carrier, DeliveryMode, PaymentMethod, PaymentStatus
from shop.core import clock, numbers, outbox
from tests.factories import members
from tests.factories.catalog import StoreFactory, a_sku

STAFF = "user:0"


def wants(pieces: Mapping[Sku, int]) -> list[LineRequest]:
    return [LineRequest(sku.pk, quantity) for sku, quantity in pieces.items()]


def to_address(member: Member, address: Address | None = None) -> Delivery:
    """Express to the given address, else to the member's only one, made when there is none."""
    known = Address.objects.filter(member=member, deleted_at=None).first()
    return Delivery(mode=DeliveryMode.EXPRESS, address_id=(address or known or members.address(member)).pk)


def to_store(store: Place | None = None) -> Delivery:
    """Pickup in the last slot a store offers."""
    store = store or StoreFactory()
    _day, slots = places.days(store)[-1]
    return Delivery(
        mode=DeliveryMode.PICKUP,
        place_id=store.pk,
        slot_start=slots[-1][0],
        slot_end=slots[-1][1],
        contact_name="李雷",
        contact_phone="13800138000",
    )


def digest_of(member: Member, pieces: Mapping[Sku, int], delivery: Delivery, **chosen: Any) -> str:
    """The digest of the price a shopper would see."""
    return checkout.preview(member=member, wants=wants(pieces), delivery=delivery, **chosen).digest


def place(
    pieces: Mapping[Sku, int] | None = None,
    *,
    member: Member | None = None,
    delivery: Delivery | None = None,
    key: str | None = None,
    digest: str | None = None,
    source: str = "direct",
    buyer_note: str = "",
    **chosen: Any,
) -> Order:
    """An unpaid order; one piece of one SKU unless told otherwise."""
    member = member or members.member()
    pieces = pieces or {a_sku(): 1}
    delivery = delivery or to_address(member)
    if digest is None:
        digest = digest_of(member, pieces, delivery, **chosen)
    return checkout.place(
        member=member,
        wants=wants(pieces),
        delivery=delivery,
        digest=digest,
        key=key or numbers.token(),
        source=source,
        buyer_note=buyer_note,
        **chosen,
    )


def an_open_payment(order: Order) -> Payment:
    """A payment waiting for the shopper, as if the gateway had opened it."""
    now = clock.now()
    payment = Payment.objects.create(
        number=numbers.new(now),
        gateway="wechat",
        method=PaymentMethod.NATIVE,
        status=PaymentStatus.PENDING,
        amount=order.due,
        created_at=now,
        expires_at=order.expires_at,
    )
    PaymentShare.objects.create(payment=payment, order=order, amount=order.due)
    return payment


def settle(payment: Payment) -> None:
    """The gateway's word that it was paid."""
    settling.settle(
        payment_number=payment.number,
        gateway=payment.gateway,
        transaction_id=f"T{payment.number}",
        amount=payment.amount,
        paid_at=clock.now(),
    )


def pay(order: Order, *, drain: bool = True) -> Order:
    """The order, paid; with everything that follows from it."""
    settle(an_open_payment(order))
    if drain:
        outbox.drain_all()
    order.refresh_from_db()
    return order


def paid(pieces: Mapping[Sku, int] | None = None, **how: Any) -> Order:
    return pay(place(pieces, **how))


def ship(order: Order, lines: Mapping[int, int] | None = None, *, tracking_no: str = "") -> Order:
    shipments.ship(
        order_id=order.pk,
        carrier=Carrier.SF,
        tracking_no=tracking_no or f"SF{numbers.new_code()}",
        lines=lines,
        actor=STAFF,
    )
    order.refresh_from_db()
    return order


def shipped(pieces: Mapping[Sku, int] | None = None, **how: Any) -> Order:
    return ship(paid(pieces, **how))


def received(pieces: Mapping[Sku, int] | None = None, **how: Any) -> Order:
    """Shipped and confirmed by the shopper, points and all."""
    order = shipped(pieces, **how)
    receipts.confirm(order_id=order.pk, actor=f"user:{order.member.user_id}")
    outbox.drain_all()
    order.refresh_from_db()
    return order


def collected(pieces: Mapping[Sku, int] | None = None, *, store: Place | None = None, **how: Any) -> Order:
    store = store or StoreFactory()
    order = paid(pieces, delivery=to_store(store), **how)
    pickups.verify(code=order.pickup.code, place_ids={store.pk}, actor=STAFF)
    outbox.drain_all()
    order.refresh_from_db()
    return order
