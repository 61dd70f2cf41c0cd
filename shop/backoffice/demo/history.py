"""Three months of trade up to today, made by the shop's own services on a shifted clock; ledgers agree."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from catalog.models import Place, Product, Sku
from catalog.selectors import places as place_facts
from marketing.selectors import quotes
from members.models import Address, Member
from members.selectors import points as points_facts
from orders.models import Order, Pickup
from orders.services import (
    checkout,
    closing,
    notes,
    payments,
    pickups,
    receipts,
    refunds,
    settling,
    shipments,
)
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode, Flag, OrderStatus, PaymentMethod, RefundKind, Source
from shop.backoffice.demo.moments import moments
from shop.core import clock, numbers, outbox
from shop.core.errors import Refusal

NOTES = ("", "", "", "", "放门口就好", "麻烦挑熟一点的", "到了打电话", "请多给一个袋子", "小区东门进")
CARRIERS = ("shunfeng", "jd", "zhongtong", "own", "own")
SHIP_AFTER = timedelta(hours=26)
RECEIVE_AFTER = timedelta(days=5)


@dataclass(frozen=True)
class Trade:
    """What the generator chooses from. `now` is the real moment the history leads up to."""

    chance: Random
    now: datetime
    members: list[Member]
    addresses: dict[int, Address]
    stores: list[Place]
    skus: list[tuple[Sku, int]]


def prepare(chance: Random, members: list[Member], products: list[tuple[Product, int]]) -> Trade:
    weights = {product.pk: popularity for product, popularity in products}
    on_sale = Sku.objects.filter(is_active=True, product_id__in=weights).select_related("product")
    skus = [(sku, weights[sku.product_id]) for sku in on_sale.order_by("pk")]
    addresses = {one.member_id: one for one in Address.objects.filter(is_default=True)}
    return Trade(chance, clock.now(), members, addresses, place_facts.pickup_stores(), skus)


def trade(scene: Trade, *, orders: int, progress: Callable[[int], None]) -> None:
    """`orders` orders, more towards today; the last two days keep some in every state."""
    for number, moment in enumerate(moments(scene.chance, scene.now, orders), 1):
        with _at(moment):
            _one(scene, scene.now - moment)
        progress(number)
    _still_open(scene)


def _one(scene: Trade, age: timedelta) -> None:
    chance = scene.chance
    order = _place(scene)
    if order is None:
        return
    fate = chance.random()
    if fate < 0.06 and age > timedelta(minutes=20):
        _later(16, closing.expire_due)
        return
    if fate < 0.09:
        closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")
        return
    _later(min(chance.randint(1, 8), age / timedelta(minutes=2)), lambda: pay(order))
    order.refresh_from_db()
    if fate < 0.12 and age > timedelta(hours=1):
        _later(30, lambda: _refund(order))
    elif order.delivery_mode == DeliveryMode.PICKUP:
        _perhaps_collect(scene, order)
    elif age > SHIP_AFTER or (age > timedelta(hours=5) and fate > 0.7):
        hours = chance.uniform(2, 4) if age < SHIP_AFTER else chance.uniform(2, 20)
        _later(60 * hours, lambda: _ship(scene, order))
        if age > RECEIVE_AFTER:
            _later(60 * (hours + chance.randint(30, 90)), lambda: _receive(order))


def _perhaps_collect(scene: Trade, order: Order) -> None:
    """In their slot nearly all come; the slot of today's orders is mostly still ahead."""
    if order.slot_end is None or order.slot_start is None or order.slot_end > scene.now:
        return
    if scene.now - order.slot_end > timedelta(days=2) or scene.chance.random() < 0.8:
        with _at(order.slot_start + timedelta(minutes=scene.chance.randint(5, 50))):
            _collect(order)
            outbox.drain_all()


def _place(scene: Trade) -> Order | None:
    chance = scene.chance
    now = clock.page_now()
    known = [member for member in scene.members if member.user.joined_at <= now]
    member = chance.choice(known[:12]) if chance.random() < 0.4 else chance.choice(known)
    count = chance.choices((1, 2, 3, 4, 5, 6), (18, 26, 24, 16, 10, 6))[0]
    offered = [(sku, weight) for sku, weight in scene.skus if (sku.product.on_shelf_at or now) <= now]
    chosen = chance.choices([sku for sku, _w in offered], [weight for _sku, weight in offered], k=count)
    wants = {sku.pk: chance.choices((1, 2, 3), (78, 17, 5))[0] for sku in chosen}
    delivery = _delivery(scene, member)
    points = points_facts.balance(member.pk) if chance.random() < 0.1 else 0
    try:
        quote = quotes.make(
            member=member,
            wants=[(str(sku_id), sku_id, quantity) for sku_id, quantity in sorted(wants.items())],
            delivery_mode=delivery.mode,
            region_code=scene.addresses[member.pk].region_code
            if delivery.mode == DeliveryMode.EXPRESS
            else "",
            points=points,
        )
        return checkout.place(
            member=member,
            wants=[LineRequest(sku_id, quantity) for sku_id, quantity in sorted(wants.items())],
            delivery=delivery,
            digest=quote.digest,
            key=numbers.token(12),
            buyer_note=chance.choice(NOTES),
            points=points,
            source=Source.DIRECT if count == 1 else Source.BASKET,
        )
    except Refusal:
        return None


def _delivery(scene: Trade, member: Member) -> Delivery:
    if scene.chance.random() < 0.62:
        return Delivery(mode=DeliveryMode.EXPRESS, address_id=scene.addresses[member.pk].pk)
    store = scene.chance.choice(scene.stores)
    _day, slots = place_facts.days(store)[0]
    start, end = scene.chance.choice(slots[:4])
    return Delivery(
        mode=DeliveryMode.PICKUP,
        place_id=store.pk,
        slot_start=start,
        slot_end=end,
        contact_name=scene.addresses[member.pk].recipient,
        contact_phone=scene.addresses[member.pk].phone,
    )


def pay(order: Order) -> None:
    """Settle an order as if its notice had come; the sandbox's ledger is told afterwards by `ledger.seed`."""
    if order.status != OrderStatus.UNPAID:
        return
    payment, _order = payments.open_attempt(
        order_id=order.pk, method=PaymentMethod.H5, payer_openid="", gateway="wechat"
    )
    settling.settle(
        payment_number=payment.number,
        gateway="wechat",
        transaction_id=f"42000{numbers.new()}",
        amount=payment.amount,
        paid_at=clock.now(),
        payer=f"demo-{order.member_id}",
    )


def _refund(order: Order) -> None:
    refund = refunds.request(
        order_id=order.pk,
        reason="买多了",
        kind=RefundKind.BEFORE_SHIPMENT,
        actor=f"user:{order.member.user_id}",
    )
    refunds.settle(
        state=refunds.RefundState(
            number=refund.number,
            word="succeeded",
            payment_number=refund.payment.number,
            amount=refund.amount,
            gateway_refund_id=f"50000{numbers.new()}",
            done_at=clock.now(),
        ),
        gateway="wechat",
    )


def _ship(scene: Trade, order: Order) -> None:
    carrier = scene.chance.choice(CARRIERS)
    shipments.ship(
        order_id=order.pk,
        carrier=carrier,
        tracking_no=f"{carrier[:2].upper()}{scene.chance.randrange(10**11, 10**12)}",
        actor="system",
    )


def _collect(order: Order) -> None:
    pickup = Pickup.objects.get(order=order)
    pickups.verify(code=pickup.code, place_ids=None, actor="system")


def _receive(order: Order) -> None:
    receipts.confirm(order_id=order.pk, actor=f"user:{order.member.user_id}")


def _later(minutes: float, act: Callable[[], object]) -> None:
    with clock.shifted(timedelta(minutes=minutes)):
        act()
        outbox.drain_all()


def _at(moment: datetime) -> AbstractContextManager[None]:
    return clock.shifted(moment - clock.page_now())


def _still_open(scene: Trade) -> None:
    """What is on the desk this morning: to ship, to hand out, to be paid, and one that somebody marked."""
    for _ in range(8):
        order = _place(scene)
        if order is not None and scene.chance.random() < 0.75:
            pay(order)
            outbox.drain_all()
    for member in scene.members[:2]:
        _at_every_station(replace(scene, members=[member]))
    marked = Order.objects.filter(status=OrderStatus.PAID, shipping_status="none").order_by("pk").first()
    if marked is not None:
        notes.write(order_id=marked.pk, note="顾客来电: 到货前先打电话, 冷冻品请分开装。", flag=Flag.RED)


def _at_every_station(scene: Trade) -> None:
    """One order on its way, one to be shipped or collected, one to be paid: what a login wants to see."""
    for act in (lambda order: _ship(scene, order), lambda order: None):
        order = _place(scene)
        if order is not None:
            pay(order)
            outbox.drain_all()
            if order.delivery_mode == DeliveryMode.EXPRESS:
                act(order)
                outbox.drain_all()
    _place(scene)
