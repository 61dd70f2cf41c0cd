"""Placing an order: price, limits, coupon, points and goods are taken in one transaction, or nothing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.errors import SoldOut
from catalog.errors.bundles import ComponentSoldOut
from catalog.models import Reservation
from catalog.selectors import bundles, skus
from catalog.selectors.skus import SkuFact
from catalog.services import stock
from marketing.pricing.quote import Adjustment, Quote
from marketing.selectors import quotes
from marketing.services import coupons, limited, limits
from members.models import Member
from members.services import points as points_ledger
from orders import locks, policies
from orders.errors import CannotDeliver, NothingToBuy, NotOnSale, NotSoldHere, QuoteChanged
from orders.events import OrderPlaced
from orders.models import Order, OrderLine
from orders.services import baskets, components, destinations
from orders.services.components import Parts
from orders.services.destinations import Delivery, Destination
from orders.terms import Source
from shop.core import clock, money, numbers
from shop.core.errors import Invalid, KeyReused, Refusal
from shop.core.events import publish
from shop.core.transactions import unit

LONGEST_NOTE = 200
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class LineRequest:
    """So many pieces of a SKU."""

    sku_id: int
    quantity: int


@unit
def place(
    *,
    member: Member,
    wants: Sequence[LineRequest],
    delivery: Delivery,
    digest: str,
    key: str,
    buyer_note: str = "",
    coupon_grant_id: int | None = None,
    points: int = 0,
    source: str = Source.BASKET,
) -> Order:
    """The order, unpaid, its goods reserved until it expires. The same key again gives the same order.

    `digest` is that of the quote the shopper agreed to. Raises, and changes nothing: QuoteChanged (with the
    new quote), NotOnSale, QuantityNotOffered, BadQuantity, NothingToBuy, AddressGone, StoreGone, SlotTaken,
    ContactMissing, CannotDeliver, LimitedGone, LimitedUsed, LimitExceeded, the coupon's and the points'
    refusals, SoldOut, ComponentSoldOut, and KeyReused when the key belongs to an order with another digest.
    """
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Invalid(field="key")
    locks.placing(member.pk, key)
    placed = Order.objects.filter(member=member, key=key).first()
    if placed is not None:
        if placed.digest != digest:
            raise KeyReused()
        return placed
    now = clock.now()
    wanted = gather(wants)
    destination = destinations.resolve(member=member, delivery=delivery)
    facts = sellable(wanted, place_id=destination.place_id)
    quote = quotes.make(
        member=member,
        wants=[(str(sku_id), sku_id, quantity) for sku_id, quantity in wanted.items()],
        delivery_mode=destination.mode,
        region_code=destination.region_code,
        coupon_grant_id=coupon_grant_id,
        points=points or None,
        at=now,
        facts=facts,
    )
    if quote.undeliverable:
        sku_id = quote.line(quote.undeliverable[0]).sku_id
        raise CannotDeliver(sku_id=sku_id, title=facts[sku_id].title)
    if quote.digest != digest:
        raise QuoteChanged(quote)
    contents = bundles.of_facts(facts)
    if any(inside.version != facts[sku_id].bundle_version for sku_id, inside in contents.items()):
        raise QuoteChanged(quote)
    order, lines = _write(member, destination, quote, facts, key, now, coupon_grant_id, buyer_note, source)
    parts = components.write(lines, contents)
    publish(OrderPlaced(order_id=order.pk))
    if source == Source.BASKET:
        baskets.clear_bought(member=member, sku_ids=list(wanted))
    if order.coupon_grant_id is not None:
        coupons.hold(
            grant_id=order.coupon_grant_id,
            member_id=member.pk,
            reference=order.reference,
            amount=_coupon_amount(quote),
            at=now,
        )
    limited.use(member_id=member.pk, reference=order.reference, taken=_limited(quote), at=now)
    limits.use(
        member_id=member.pk,
        wants=list(wanted.items()),
        reference=order.reference,
        products={sku_id: fact.product_id for sku_id, fact in facts.items()},
        at=now,
    )
    if quote.points_used:
        points_ledger.spend(member_id=member.pk, points=quote.points_used, source=order.reference, at=now)
    try:
        held = stock.reserve(
            reference=order.reference,
            wants=components.wants(lines, parts),
            mode=destination.mode,
            place_id=destination.place_id,
            region_code=destination.region_code,
            point=destination.point,
        )
    except SoldOut as short:
        raise _named(short, lines, parts) from None
    if destination.place_id is None:
        _note_place(order, held)
    return order


def gather(wants: Sequence[LineRequest]) -> dict[int, int]:
    """Pieces by SKU, in SKU order. Raises NothingToBuy, BadQuantity."""
    wanted: dict[int, int] = {}
    for want in sorted(wants, key=lambda one: one.sku_id):
        baskets.check_quantity(want.quantity)
        wanted[want.sku_id] = wanted.get(want.sku_id, 0) + want.quantity
        baskets.check_quantity(wanted[want.sku_id])
    if not wanted:
        raise NothingToBuy()
    return wanted


def sellable(wanted: Mapping[int, int], *, place_id: int | None = None) -> dict[int, SkuFact]:
    """What the catalog says of the SKUs, in this store where one is chosen. Raises NotOnSale, NotSoldHere,
    QuantityNotOffered."""
    facts = skus.facts(list(wanted), place_id=place_id)
    for sku_id, quantity in wanted.items():
        fact = facts.get(sku_id)
        if fact is None or not fact.is_on_sale:
            raise not_offered(sku_id, fact)
        baskets.check_offered(fact, quantity)
    return facts


def not_offered(sku_id: int, fact: SkuFact | None) -> Refusal:
    """Why this SKU can't be bought, or not in this store."""
    if fact is not None and not fact.is_sold_here:
        return NotSoldHere(sku_id=sku_id, title=fact.title)
    return NotOnSale(sku_id=sku_id, title=fact.title if fact else "")


def _write(
    member: Member,
    destination: Destination,
    quote: Quote,
    facts: Mapping[int, SkuFact],
    key: str,
    now: datetime,
    coupon_grant_id: int | None,
    buyer_note: str,
    source: str,
) -> tuple[Order, list[OrderLine]]:
    expires_at = now + timedelta(minutes=policies.PAYMENT_MINUTES.get())
    order = Order.objects.create(
        number=numbers.new(now),
        member=member,
        key=key,
        source=source,
        delivery_mode=destination.mode,
        place_id=destination.place_id,
        recipient=destination.recipient,
        phone_cipher=destination.phone,
        phone_tail=destination.phone_tail,
        phone_hash=destination.phone_hash,
        region_code=destination.region_code,
        address_text=destination.address_text,
        slot_start=destination.slot_start,
        slot_end=destination.slot_end,
        list_total=quote.goods_list,
        goods_due=quote.goods_due,
        freight_due=quote.freight_due,
        due=quote.due,
        points_used=quote.points_used,
        coupon_grant_id=coupon_grant_id if quote.uses(f"coupon:{coupon_grant_id}") else None,
        quote=quote.as_json(),
        digest=quote.digest,
        buyer_note=buyer_note.strip()[:LONGEST_NOTE],
        created_at=now,
        expires_at=expires_at,
        close_after=expires_at,
    )
    locks.made(order)
    lines = [_line(order, quote, line.key, facts[line.sku_id]) for line in quote.lines]
    return order, OrderLine.objects.bulk_create(lines)


def _line(order: Order, quote: Quote, key: str, fact: SkuFact) -> OrderLine:
    line = quote.line(key)
    return OrderLine(
        order=order,
        key=key,
        sku_id=line.sku_id,
        product_id=fact.product_id,
        title=fact.title,
        spec_text=fact.spec_text,
        image_path=fact.image_path or "",
        sale_unit=fact.sale_unit,
        nominal_grams=fact.nominal_grams,
        price_basis_grams=fact.price_basis_grams,
        no_reason_return=fact.no_reason_return,
        promised_ship_hours=fact.promised_ship_hours,
        quantity=line.quantity,
        list_price=line.list_price,
        unit_price=line.unit_price,
        list_amount=line.list_amount,
        due=line.due,
        shares=[_share(adjustment, amount) for adjustment, amount in quote.shares_of(key)],
    )


def _named(short: SoldOut, lines: Sequence[OrderLine], parts: Parts) -> Refusal:
    """Says which bundle the goods were for that are short, unless they were wanted by themselves."""
    sku_id = short.extra["sku_id"]
    if any(line.sku_id == sku_id for line in lines):
        return short
    for line in lines:
        for one in parts.get(line.pk, ()):
            if one.sku_id == sku_id:
                return ComponentSoldOut(
                    sku_id=line.sku_id,
                    title=line.title,
                    component=one.name,
                    available=short.extra["available"],
                )
    return short


def _share(adjustment: Adjustment, amount: Decimal) -> dict[str, str]:
    return {
        "lane": adjustment.lane,
        "rule": adjustment.rule,
        "code": adjustment.code,
        "amount": str(amount),
    }


def _coupon_amount(quote: Quote) -> Decimal:
    return sum((one.amount for one in quote.adjustments if one.rule.startswith("coupon:")), money.ZERO)


def _limited(quote: Quote) -> list[limited.Taken]:
    """What the order takes at limited-time prices."""
    return [
        limited.Taken(one.rule, (line := quote.line(key)).sku_id, line.quantity, amount)
        for one in quote.adjustments
        if one.code == "limited_price"
        for key, amount in one.shares.items()
    ]


def _note_place(order: Order, held: Sequence[Reservation]) -> None:
    """The place most pieces come from ships the order, and its people see it."""
    pieces: dict[int, int] = {}
    rows = Reservation.objects.filter(pk__in=[one.pk for one in held])
    for place_id, quantity in rows.values_list("level__place_id", "quantity"):
        pieces[place_id] = pieces.get(place_id, 0) + quantity
    order.place_id = max(sorted(pieces), key=lambda place_id: pieces[place_id])
    Order.objects.filter(pk=order.pk).update(place=order.place_id)
