"""What a SKU costs us: the moving average of what lies there and what arrives."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from catalog import locks
from catalog.models import GoodsReceiptLine, Sku, StockLevel
from catalog.policies.purchasing import COST_FOLLOWS
from catalog.terms import Pool
from shop.core import audit, money


def average_in(*, rows: Sequence[GoodsReceiptLine], actor: str) -> None:
    """Move the costs of SKUs by what is about to be taken into stock; call it before stock is.

    New cost = (pieces sellable anywhere × old cost + good pieces × landed cost) ÷ all pieces, to the fen.
    Without an old cost, or with nothing left, the landed cost holds. Does nothing when the merchant wants
    costs kept by hand.
    """
    if not COST_FOLLOWS.get():
        return
    arrived: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in rows:
        if row.good:
            arrived[row.line.sku_id].append((row.good, row.landed_cost))
    for sku_id in sorted(arrived):
        sku = locks.sku(sku_id)
        if sku is not None:
            _write(sku, averaged(sku.cost_price, _pieces(sku_id), arrived[sku_id]), actor)


def averaged(old: Decimal | None, pieces: int, arrived: Sequence[tuple[int, Decimal]]) -> Decimal:
    """The cost of a piece, yuan to the fen, after (pieces, cost) came to `pieces` that cost `old`."""
    new_pieces = sum(count for count, _cost in arrived)
    value = sum((count * cost for count, cost in arrived), Decimal(0))
    if old is None or pieces <= 0:
        return money.yuan(value / new_pieces)
    return money.yuan((pieces * old + value) / (pieces + new_pieces))


def _pieces(sku_id: int) -> int:
    sellable = StockLevel.objects.filter(sku=sku_id, pool__in=(Pool.SPOT, Pool.ACTIVITY, Pool.PRESALE))
    return sellable.aggregate(pieces=Sum("on_hand"))["pieces"] or 0


def _write(sku: Sku, cost: Decimal, actor: str) -> None:
    if cost == sku.cost_price:
        return
    audit.record(
        actor=actor,
        verb="move_cost",
        target=f"sku:{sku.pk}",
        before={"cost_price": sku.cost_price},
        after={"cost_price": cost},
    )
    Sku.objects.filter(pk=sku.pk).update(cost_price=cost)
