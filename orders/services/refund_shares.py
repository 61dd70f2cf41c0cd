"""How a refund spreads over the lines of an order: arithmetic over stored shares, no discount is worked
out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from django.db.models import Sum

from orders.errors import NotALine, TooManyPieces
from orders.models import Order, OrderLine, RefundLine
from orders.terms import RefundStatus
from shop.core import money

NIL = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Part:
    """`line_id` is None for freight; amount in yuan; so many of the pieces have not left the house."""

    line_id: int | None
    quantity: int
    amount: Decimal
    withdrawn_count: int = 0


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
) -> list[Part]:
    """So many pieces of each line. The last pieces of a line take what is left of it, so nothing is lost
    to rounding.

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
    kept = sum(line.quantity - line.refunded_count for line in lines) - sum(quantities.values())
    return [*parts, *(_freight(order.freight_due - returned_freight) if with_freight and not kept else [])]


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


def withdrawing(parts: Sequence[Part], lines: Sequence[OrderLine]) -> list[Part]:
    """The parts, each with the pieces it keeps from being shipped: unshipped ones of a line come first."""
    in_house = {line.pk: line.to_ship_count for line in lines}
    return [
        replace(part, withdrawn_count=min(part.quantity, in_house[part.line_id])) if part.line_id else part
        for part in parts
    ]


def _freight(amount: Decimal) -> list[Part]:
    return [Part(None, 0, amount)] if amount > 0 else []
