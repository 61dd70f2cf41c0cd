"""Limited-time prices: the pieces of a quota, taken inside the order's transaction and given back with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, QuerySet, Sum

from marketing import locks
from marketing.errors import LimitedGone, LimitedUsed
from marketing.models import LimitedPrice, PromotionUse
from marketing.terms import OfferKind
from shop.core import clock
from shop.core.transactions import unit

PREFIX = f"{OfferKind.LIMITED}:"


@dataclass(frozen=True, slots=True)
class Taken:
    """So many pieces of a SKU at the price of `rule` ("limited:7"), which takes `amount` yuan off them."""

    rule: str
    sku_id: int
    pieces: int
    amount: Decimal


@unit
def use(*, member_id: int, reference: str, taken: Sequence[Taken], at: datetime | None = None) -> None:
    """Takes the pieces from their quotas until `reference` is released, or raises LimitedGone, LimitedUsed.

    The quota is a conditional UPDATE; two orders of one member wait for each other at its row, so both
    together never get more than one member may have. Nothing happens the second time for the same reference.
    """
    if not taken:
        return
    prices = _prices({(one.rule, one.sku_id) for one in taken}, reference)
    if any(price.is_taken for price in prices):
        return
    wanted = {(one.rule, one.sku_id): one for one in taken}
    now = at or clock.now()
    uses = []
    for price in prices:
        one = wanted[f"{PREFIX}{price.discount_id}", price.sku_id]
        if not locks.take_pieces(price.pk, one.pieces):
            raise LimitedGone(sku_id=price.sku_id)
        _check_own(price, member_id, one.pieces)
        uses.append(
            PromotionUse(
                rule=price.use_rule,
                member_id=member_id,
                reference=reference,
                quantity=one.pieces,
                amount=one.amount,
                created_at=now,
            )
        )
    PromotionUse.objects.bulk_create(uses)


@unit
def release(*, reference: str) -> None:
    """The order is closed: its pieces are free for others. Harmless when repeated."""
    keep(reference=reference, pieces=None)


@unit
def keep(*, reference: str, pieces: Mapping[int, int] | None) -> None:
    """Of these SKUs the order keeps so many pieces (None: nothing at all); the others go back to the quota.
    Never takes more. Harmless when repeated."""
    found = [_parts(use.rule) for use in _live(reference)]
    if not found:
        return
    ids = [discount_id for discount_id, _ in found], [sku_id for _, sku_id in found]
    prices = {price.use_rule: price for price in locks.limited_prices(*ids)}
    now = clock.now()
    for use in _live(reference):
        sku_id = _parts(use.rule)[1]
        kept = 0 if pieces is None else min(use.quantity, pieces.get(sku_id, use.quantity))
        if price := prices.get(use.rule):
            back = use.quantity - kept
            LimitedPrice.objects.filter(pk=price.pk).update(taken_count=F("taken_count") - back)
        if kept:
            PromotionUse.objects.filter(pk=use.pk).update(quantity=kept)
        else:
            PromotionUse.objects.filter(pk=use.pk).update(released_at=now)


def _check_own(price: LimitedPrice, member_id: int, pieces: int) -> None:
    """The row of the price is locked: no other order of this member is between its count and its use."""
    most = price.discount.per_member
    if most is None:
        return
    mine = PromotionUse.objects.filter(member=member_id, rule=price.use_rule, released_at=None)
    had = mine.aggregate(pieces=Sum("quantity"))["pieces"] or 0
    if had + pieces > most:
        raise LimitedUsed(sku_id=price.sku_id, left=max(0, most - had))


def _prices(wanted: set[tuple[str, int]], reference: str) -> list[Any]:
    """In key order, with `is_taken` where the reference has taken pieces already. A price that was removed
    meanwhile is LimitedGone."""
    discount_ids = {int(rule.removeprefix(PREFIX)) for rule, _ in wanted}
    rows = LimitedPrice.objects.filter(discount__in=discount_ids, sku__in={sku_id for _, sku_id in wanted})
    found = [
        price
        for price in rows.select_related("discount")
        .annotate(is_taken=Exists(_live(reference)))
        .order_by("pk")
        if (f"{PREFIX}{price.discount_id}", price.sku_id) in wanted
    ]
    if len(found) < len(wanted):
        raise LimitedGone(sku_id=min(sku_id for _, sku_id in wanted))
    return found


def _live(reference: str) -> QuerySet[PromotionUse]:
    return PromotionUse.objects.filter(reference=reference, rule__startswith=PREFIX, released_at=None)


def _parts(rule: str) -> tuple[int, int]:
    """Discount and SKU of "limited:7:12"."""
    _kind, discount_id, sku_id = rule.split(":")
    return int(discount_id), int(sku_id)
