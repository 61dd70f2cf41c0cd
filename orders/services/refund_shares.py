"""How a refund spreads over the lines of an order: arithmetic over stored shares, no discount is worked
out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from django.db.models import Sum

from orders.errors import NotALine, TooManyPieces
from orders.models import LineComponent, Order, OrderLine, RefundLine
from orders.services import components
from orders.services.components import Given
from orders.terms import RefundStatus
from shop.core import money

NIL = Decimal("0.00")
Bundles = Mapping[int, Sequence[LineComponent]]
NO_BUNDLES: Bundles = {}


@dataclass(frozen=True, slots=True)
class Part:
    """`line_id` is None for freight; amount in yuan; so many of the pieces have not left the house.

    `components` says the same of a bundle piece by piece; their amounts add up to the part's.
    """

    line_id: int | None
    quantity: int
    amount: Decimal
    withdrawn_count: int = 0
    components: tuple[Given, ...] = ()


def freight_returned(order: Order) -> Decimal:
    """Freight that open and done refunds give back already."""
    rows = RefundLine.objects.filter(refund__order=order, line=None).exclude(
        refund__status=RefundStatus.CLOSED
    )
    return rows.aggregate(total=Sum("amount"))["total"] or NIL


def everything(order: Order, lines: Sequence[OrderLine], returned_freight: Decimal) -> list[Part]:
    """All pieces and all money that are left."""
    parts = [
        Part(line.pk, line.quantity - line.refunded_count, line.due - line.refunded_amount)
        for line in lines
        if line.quantity > line.refunded_count or line.due > line.refunded_amount
    ]
    return [*parts, *_freight(order.freight_due - returned_freight)]


def by_pieces(
    order: Order,
    lines: Sequence[OrderLine],
    quantities: Mapping[int, int],
    returned_freight: Decimal,
    *,
    with_freight: bool,
    bundles: Bundles = NO_BUNDLES,
    pieces_of: Mapping[int, int] | None = None,
) -> list[Part]:
    """So many pieces of each line, and of single components (`pieces_of`) of bundles. The last pieces take
    what is left, so nothing is lost to rounding.

    Freight goes back `with_freight` once no piece of the order is left. Raises NotALine, TooManyPieces.
    """
    known = {line.pk: line for line in lines}
    parts = []
    for line_id, count in sorted(quantities.items()):
        line = known.get(line_id)
        if line is None:
            raise NotALine(line=line_id)
        left = line.quantity - line.refunded_count
        if not 1 <= count <= left:
            raise TooManyPieces(title=line.title, left=left)
        rest = line.due - line.refunded_amount
        amount = rest if count == left else (rest * count / left).quantize(money.FEN, ROUND_DOWN)
        parts.append(Part(line_id, count, amount))
    parts += _single(bundles, pieces_of or {}, quantities)
    kept = _kept(lines, bundles, parts)
    return [*parts, *(_freight(order.freight_due - returned_freight) if with_freight and not kept else [])]


def _single(bundles: Bundles, pieces_of: Mapping[int, int], whole: Mapping[int, int]) -> list[Part]:
    """Parts of single components, a line each. Raises NotALine, also for a bundle that goes back whole."""
    strange = pieces_of.keys() - {one.pk for group in bundles.values() for one in group}
    parts = []
    for line_id, group in bundles.items():
        given = components.give_pieces(group, pieces_of)
        if given and line_id in whole:
            raise NotALine(line=line_id)
        if given:
            amount = sum((one.amount for one in given), NIL)
            parts.append(Part(line_id, 0, amount, components=given))
    if strange:
        raise NotALine(line=min(strange))
    return parts


def _kept(lines: Sequence[OrderLine], bundles: Bundles, parts: Sequence[Part]) -> int:
    """Pieces nobody has been refunded for when these parts have gone; a bundle counts while one is left."""
    whole = {part.line_id: part.quantity for part in parts}
    single = {one.component_id: one.quantity for part in parts for one in part.components}
    kept = 0
    for line in lines:
        left = line.quantity - line.refunded_count - whole.get(line.pk, 0)
        of_components = [
            one.quantity - one.refunded_count - single.get(one.pk, 0) for one in bundles.get(line.pk, ())
        ]
        kept += min(left, sum(of_components)) if of_components else left
    return kept


def by_amount(
    order: Order, lines: Sequence[OrderLine], amount: Decimal, returned_freight: Decimal
) -> list[Part]:
    """An amount without pieces, spread over what is left of the lines; freight gives only what lines
    can't."""
    rests = {line.pk: line.due - line.refunded_amount for line in lines if line.due > line.refunded_amount}
    of_lines = min(amount, sum(rests.values(), NIL))
    shares = money.split(of_lines, rests) if of_lines else {}
    parts = [Part(line_id, 0, share) for line_id, share in shares.items() if share]
    return [*parts, *_freight(min(amount - of_lines, order.freight_due - returned_freight))]


def withdrawing(
    parts: Sequence[Part],
    lines: Sequence[OrderLine],
    bundles: Bundles = NO_BUNDLES,
    *,
    sent_only: bool = False,
) -> list[Part]:
    """The parts, each with the pieces it keeps from being shipped: unshipped ones of a line come first. Those
    of bundles are spread over their components. `sent_only`: the money is that of pieces that were sent, so
    those still in the house are sent all the same."""
    known = {line.pk: line for line in lines}
    return [
        _withdrawing(part, known[part.line_id], bundles, sent_only) if part.line_id else part
        for part in parts
    ]


def _withdrawing(part: Part, line: OrderLine, bundles: Bundles, sent_only: bool) -> Part:
    group = bundles.get(line.pk)
    if group is None:
        kept = 0 if sent_only else min(part.quantity, line.to_ship_count)
        return replace(part, withdrawn_count=kept)
    if part.components:
        return part
    return replace(
        part,
        withdrawn_count=0 if sent_only else min(part.quantity, components.untouched(line, group)),
        components=components.give_bundles(line, group, part.quantity, part.amount, sent_only=sent_only),
    )


def _freight(amount: Decimal) -> list[Part]:
    return [Part(None, 0, amount)] if amount > 0 else []
