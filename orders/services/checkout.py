"""From the wish to the order: what the checkout page shows, and the one call that places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from catalog.models import Place
from catalog.selectors import bundles, places, skus
from catalog.selectors.bundles import Contents
from catalog.selectors.skus import SkuFact
from marketing.pricing.quote import Quote, QuoteLine
from marketing.selectors import quotes
from marketing.selectors.coupon_choice import CouponOption
from members.models import Address, Member
from members.selectors import addresses as address_book
from orders.errors import CannotDeliver, PhoneNeeded, QuantityNotOffered
from orders.models import Order
from orders.services import baskets, placing, tenders
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode, OrderStatus, Source
from shop.core import numbers
from shop.core.errors import Refusal
from shop.core.transactions import unit

T = TypeVar("T", Address, Place)


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """`is_short` says that fewer pieces are there than wanted; `contents` what a bundle is made of."""

    fact: SkuFact
    price: QuoteLine
    is_short: bool
    contents: Contents | None = None


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """All a checkout page shows; `stores` only for pickup. It can be placed when `troubles` is empty and the
    delivery is complete."""

    lines: tuple[CheckoutLine, ...]
    quote: Quote | None
    delivery: Delivery
    address: Address | None
    addresses: tuple[Address, ...]
    store: Place | None
    stores: tuple[Place, ...]
    points_available: int
    key: str
    coupons: tuple[CouponOption, ...] = ()
    coupon_grant_id: int | None = None
    troubles: tuple[Refusal, ...] = field(default=())

    @property
    def digest(self) -> str:
        return self.quote.digest if self.quote else ""

    @property
    def piece_count(self) -> int:
        return sum(line.price.quantity for line in self.lines)


def preview(
    *,
    member: Member,
    wants: Sequence[LineRequest],
    delivery: Delivery,
    coupon_grant_id: int | None = None,
    points: int = 0,
    picks_best: bool = False,
    wants_all_points: bool = False,
) -> CheckoutPage:
    """Prices the wish for a delivery that may still be incomplete: without an address the default one is
    taken, without a store the first. With `picks_best` the member's best coupon is taken instead of a given
    one. What can't be bought is named in `troubles` and left out of the quote.

    Raises NothingToBuy, BadQuantity.
    """
    wanted = placing.gather(wants)
    known = tuple(address_book.of(member))
    stores = tuple(places.pickup_stores()) if delivery.mode == DeliveryMode.PICKUP else ()
    address, store = None, None
    if delivery.mode == DeliveryMode.PICKUP:
        store = _chosen(stores, delivery.place_id)
        region = store.region_code if store else ""
    else:
        address = _chosen(known, delivery.address_id)
        region = address.region_code if address else ""
    facts = skus.facts(list(wanted), place_id=store.pk if store else None)
    troubles: list[Refusal] = []
    offered = _offered(wanted, facts, troubles)
    chosen = None
    if offered:
        chosen = quotes.choose(
            member=member,
            wants=[(str(sku_id), sku_id, quantity) for sku_id, quantity in offered.items()],
            delivery_mode=delivery.mode,
            region_code=region,
            coupon_grant_id=coupon_grant_id,
            points=points,
            picks_best=picks_best,
            wants_all_points=wants_all_points,
            facts=facts,
        )
    quote = chosen.quote if chosen else None
    if quote:
        for key in quote.undeliverable:
            sku_id = quote.line(key).sku_id
            troubles.append(CannotDeliver(sku_id=sku_id, title=facts[sku_id].title))
    contents = bundles.of_facts(facts, place_id=store.pk if store else None)
    lines = [
        CheckoutLine(
            facts[one.sku_id],
            one,
            is_short=facts[one.sku_id].available < one.quantity,
            contents=contents.get(one.sku_id),
        )
        for one in (quote.lines if quote else ())
    ]
    return CheckoutPage(
        lines=tuple(lines),
        quote=quote,
        delivery=delivery,
        address=address,
        addresses=known,
        store=store,
        stores=stores,
        points_available=chosen.points_available if chosen else 0,
        key=numbers.token(),
        coupons=chosen.coupons if chosen else (),
        coupon_grant_id=chosen.coupon_grant_id if chosen else None,
        troubles=tuple(troubles),
    )


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
    """As placing.place; an order of which nothing is due is paid at once, in the same transaction. Raises
    PhoneNeeded too: whoever came by WeChat gives a number with the first order."""
    if not member.user.phone_tail:
        raise PhoneNeeded()
    order = placing.place(
        member=member,
        wants=wants,
        delivery=delivery,
        digest=digest,
        key=key,
        buyer_note=buyer_note,
        coupon_grant_id=coupon_grant_id,
        points=points,
        source=source,
    )
    if not order.due and order.status == OrderStatus.UNPAID:
        tenders.settle_zero(order_id=order.pk)
        order.refresh_from_db()
    return order


def _chosen(rows: Sequence[T], wanted_id: int | None) -> T | None:
    """The one asked for; without a wish the default one, else the first."""
    if wanted_id is not None:
        return next((row for row in rows if row.pk == wanted_id), None)
    return next((row for row in rows if getattr(row, "is_default", False)), rows[0] if rows else None)


def _offered(wanted: dict[int, int], facts: dict[int, SkuFact], troubles: list[Refusal]) -> dict[int, int]:
    offered = {}
    for sku_id, quantity in wanted.items():
        fact = facts.get(sku_id)
        if fact is None or not fact.is_on_sale:
            troubles.append(placing.not_offered(sku_id, fact))
            continue
        try:
            baskets.check_offered(fact, quantity)
        except QuantityNotOffered as refusal:
            troubles.append(refusal)
        offered[sku_id] = quantity
    return offered
