"""Three months of trade up to today, made by the shop's own services on a shifted clock, so every ledger agrees."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from catalog.models import Place, Product, Sku
from catalog.selectors import places as place_facts
from marketing.selectors import quotes
from members.models import Address, Member
from orders.models import Order, Payment, Pickup
from orders.services import checkout, closing, payments, pickups, receipts, refunds, settling, shipments
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode, OrderStatus, PaymentMethod, RefundKind, Source
from shop.core import clock, numbers, outbox
from shop.core.errors import Refusal

DAYS = 90
HOURS = (7, 8, 9, 10, 11, 12, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21)
NOTES = ("", "", "", "", "放门口就好", "麻烦挑熟一点的", "到了打电话", "请多给一个袋子", "小区东门进")
CARRIERS = ("shunfeng", "jd", "zhongtong", "own", "own")


@dataclass(frozen=True)
class Trade:
    """What the generator chooses from."""

    chance: Random
    members: list[Member]
    addresses: dict[int, Address]
    stores: list[Place]
    skus: list[tuple[Sku, int]]


def prepare(chance: Random, members: list[Member], products: list[tuple[Product, int]]) -> Trade:
    weights = dict((product.pk, popularity) for product, popularity in products)
    skus = [
        (sku, weights[sku.product_id]) for sku in Sku.objects.filter(is_active=True, product_id__in=weights)
    ]
    addresses = {one.member_id: one for one in Address.objects.filter(is_default=True)}
    return Trade(chance, members, addresses, place_facts.pickup_stores(), skus)


def trade(scene: Trade, *, orders: int, progress: Callable[[int], None]) -> None:
    """`orders` orders, more towards today; the last two days keep some in every state."""
    now = clock.now()
    ages = sorted((_age(scene.chance) for _ in range(orders)), reverse=True)
    for number, age in enumerate(ages, 1):
        moment = _opening_moment(now - age, scene.chance)
        with clock.shifted(min(moment - now, timedelta(seconds=-30))):
            _one(scene, age)
        progress(number)
    _still_open(scene)


def _one(scene: Trade, age: timedelta) -> None:
    order = _place(scene)
    if order is None:
        return
    fate = scene.chance.random()
    if fate < 0.06:
        _later(minutes=16, act=lambda: closing.expire_due())
        return
    if fate < 0.09:
        closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")
        return
    with clock.shifted(timedelta(minutes=scene.chance.randint(1, 8))):
        pay(order)
        outbox.drain_all()
    order.refresh_from_db()
    if fate < 0.12:
        _later(minutes=30, act=lambda: _refund(order))
    elif order.delivery_mode == DeliveryMode.PICKUP:
        if age > timedelta(hours=20):
            _later(minutes=scene.chance.randint(60, 600), act=lambda: _collect(order))
    elif age > timedelta(hours=30):
        hours = scene.chance.randint(2, 20)
        _later(minutes=60 * hours, act=lambda: _ship(scene, order))
        if age > timedelta(days=5):
            _later(minutes=60 * (hours + scene.chance.randint(30, 90)), act=lambda: _receive(order))


def _place(scene: Trade) -> Order | None:
    chance = scene.chance
    member = chance.choice(scene.members[:12]) if chance.random() < 0.4 else chance.choice(scene.members)
    count = chance.choices((1, 2, 3, 4, 5, 6), (18, 26, 24, 16, 10, 6))[0]
    chosen = chance.choices([sku for sku, _w in scene.skus], [w for _sku, w in scene.skus], k=count)
    wants = {sku.pk: chance.choices((1, 2, 3), (78, 17, 5))[0] for sku in chosen}
    delivery = _delivery(scene, member)
    try:
        quote = quotes.make(
            member=member,
            wants=[(str(sku_id), sku_id, quantity) for sku_id, quantity in sorted(wants.items())],
            delivery_mode=delivery.mode,
            region_code=scene.addresses[member.pk].region_code
            if delivery.mode == DeliveryMode.EXPRESS
            else "",
        )
        return checkout.place(
            member=member,
            wants=[LineRequest(sku_id, quantity) for sku_id, quantity in sorted(wants.items())],
            delivery=delivery,
            digest=quote.digest,
            key=numbers.token(12),
            buyer_note=chance.choice(NOTES),
            source=Source.DIRECT if count == 1 else Source.BASKET,
        )
    except Refusal:
        return None


def _delivery(scene: Trade, member: Member) -> Delivery:
    if scene.chance.random() < 0.62:
        return Delivery(mode=DeliveryMode.EXPRESS, address_id=scene.addresses[member.pk].pk)
    store = scene.chance.choice(scene.stores)
    days = [slots for _day, slots in place_facts.days(store) if slots]
    slot = scene.chance.choice(days[0])
    return Delivery(
        mode=DeliveryMode.PICKUP,
        place_id=store.pk,
        slot_start=slot.start,
        slot_end=slot.end,
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


def _later(*, minutes: int, act: Callable[[], object]) -> None:
    with clock.shifted(timedelta(minutes=minutes)):
        act()
        outbox.drain_all()


def _age(chance: Random) -> timedelta:
    """Trade grows: today is about twice as likely as the first day."""
    return timedelta(days=DAYS * (1 - chance.random() ** 0.72), minutes=chance.randint(0, 600))


def _opening_moment(moment: datetime, chance: Random) -> datetime:
    local = moment.astimezone(clock.SHANGHAI)
    return local.replace(
        hour=chance.choice(HOURS), minute=chance.randint(0, 59), second=chance.randint(0, 59)
    )


def _still_open(scene: Trade) -> None:
    """What is on the desk this morning: to ship, to hand out, to be paid."""
    for _ in range(8):
        order = _place(scene)
        if order is not None and scene.chance.random() < 0.75:
            pay(order)
            outbox.drain_all()


def ledger_rows() -> list[dict[str, object]]:
    """Our paid payments with their refunds, as the sandbox's seed wants them (fen, RFC 3339)."""
    paid = Payment.objects.filter(status="paid", gateway="wechat").prefetch_related("refunds")
    return [
        {
            "out_trade_no": payment.number,
            "transaction_id": payment.transaction_id,
            "amount_total": int(payment.amount * 100),
            "success_time": payment.paid_at.isoformat() if payment.paid_at else None,
            "description": "街角鲜生",
            "refunds": [
                {
                    "out_refund_no": refund.number,
                    "amount": int(refund.amount * 100),
                    "success_time": refund.done_at.isoformat() if refund.done_at else None,
                    "refund_id": refund.gateway_refund_id,
                }
                for refund in payment.refunds.all()
                if refund.status == "succeeded"
            ],
        }
        for payment in paid
    ]
