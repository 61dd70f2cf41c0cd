"""An open order moves to who stands by: one click when a supplier fails."""

from collections import defaultdict

from catalog import locks
from catalog.errors.purchasing import NoOtherSupplier
from catalog.models import PurchaseLine, PurchaseOrder
from catalog.selectors import supply
from catalog.selectors.supply import SupplyTerms
from catalog.services import purchase_orders
from catalog.states.purchasing import PURCHASE
from catalog.terms.purchasing import PurchaseOrigin, PurchaseStatus, SourceRank
from shop.core.errors import IllegalMove, NotFound
from shop.core.transactions import unit

REISSUED = (PurchaseStatus.SENT, PurchaseStatus.CONFIRMED, PurchaseStatus.DECLINED, PurchaseStatus.PARTIAL)


@unit
def reissue(*, order_id: int, actor: str, reason: str = "") -> list[PurchaseOrder]:
    """End the order and write what is still open of it to other suppliers, handed in where they deliver so
    little. One supplier for all of it when somebody has everything (who stands by first, else the cheapest),
    else the best for each line. Returns the new orders.

    Raises NoOtherSupplier (nothing changes), IllegalMove, NotFound.
    """
    order = locks.purchase_order(order_id)
    if order is None:
        raise NotFound(order_id=order_id)
    if order.status not in REISSUED:
        raise IllegalMove(noun=PURCHASE.name, status=order.status, to=PurchaseStatus.CANCELLED)
    chosen = choose(order)
    if order.status == PurchaseStatus.PARTIAL:
        purchase_orders.close(order_id=order.pk, actor=actor, reason=reason)
    else:
        purchase_orders.cancel(order_id=order.pk, actor=actor, reason=reason)
    return [_write(order, supplier_id, lines, actor) for supplier_id, lines in sorted(chosen.items())]


def choose(order: PurchaseOrder) -> dict[int, list[PurchaseLine]]:
    """Lines by the supplier who would get them. Raises NoOtherSupplier."""
    lines = [line for line in order.lines.select_related("sku") if _missing(line)]
    terms = supply.terms_for([line.sku_id for line in lines])
    offers = {
        line.sku_id: [one for one in terms.get(line.sku_id, []) if one.supplier_id != order.supplier_id]
        for line in lines
    }
    orphans = [line.sku.code for line in lines if not offers[line.sku_id]]
    if orphans or not lines:
        raise NoOtherSupplier(codes=", ".join(orphans) or "—")
    everything = set.intersection(*({one.supplier_id for one in found} for found in offers.values()))
    if everything:
        best = min(everything, key=lambda supplier: _rating(supplier, lines, offers))
        return {best: lines}
    chosen: dict[int, list[PurchaseLine]] = defaultdict(list)
    for line in lines:
        chosen[min(offers[line.sku_id], key=_rank).supplier_id].append(line)
    return dict(chosen)


def _missing(line: PurchaseLine) -> int:
    """Pieces that won't come from the first supplier: what it refused counts as well."""
    return max(line.quantity - line.received, 0)


def _rank(offer: SupplyTerms) -> tuple[bool, object, int]:
    return offer.rank != SourceRank.CONTINGENCY, offer.piece_price, offer.supplier_id


def _rating(
    supplier_id: int, lines: list[PurchaseLine], offers: dict[int, list[SupplyTerms]]
) -> tuple[int, object, int]:
    """Fewest lines for which it doesn't stand by, then the smallest sum."""
    mine = [next(one for one in offers[line.sku_id] if one.supplier_id == supplier_id) for line in lines]
    strange = sum(one.rank != SourceRank.CONTINGENCY for one in mine)
    total = sum(one.piece_price * line.quantity for one, line in zip(mine, lines, strict=True))
    return strange, total, supplier_id


def _write(order: PurchaseOrder, supplier_id: int, lines: list[PurchaseLine], actor: str) -> PurchaseOrder:
    made = purchase_orders.draft(
        supplier_id=supplier_id,
        place_id=order.place_id,
        lines=[(line.sku_id, _missing(line), None) for line in lines],
        actor=actor,
        reference=order.reference,
        origin=PurchaseOrigin.REISSUED,
        wanted_on=order.wanted_on,
        note=order.note,
        replaces_id=order.pk,
    )
    if purchase_orders.minimum_problem(made) is None:
        return purchase_orders.submit(order_id=made.pk, actor=actor)
    return made
