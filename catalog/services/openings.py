"""Opening stock: what already lies in a place when a SKU is first written down."""

from collections.abc import Mapping, Sequence

from catalog.models import Product, Sku, StockMovement
from catalog.services import spec_matrix, stock
from catalog.services.spec_matrix import AxisRow, SkuRow
from catalog.terms import MovementReason
from shop.core.transactions import unit


@unit
def save_table(
    *,
    product: Product,
    axes: Sequence[AxisRow],
    rows: Sequence[SkuRow],
    openings: Mapping[int, int],
    place_id: int | None,
    actor: str,
) -> list[Sku]:
    """`spec_matrix.save_matrix`, and the opening stock of its rows (pieces by row number) in a place.

    Raises what it raises; SKUs that ever had stock are left alone.
    """
    saved = spec_matrix.save_matrix(product=product, axes=axes, rows=rows, actor=actor)
    if place_id is not None:
        take_in(
            pieces={saved[number]: count for number, count in openings.items()},
            place_id=place_id,
            actor=actor,
        )
    return saved


@unit
def take_in(*, pieces: Mapping[Sku, int], place_id: int, actor: str) -> int:
    """Put opening stock of SKUs into a place, once; returns for how many SKUs. Those that ever had stock in
    any place are left alone."""
    wanted = {sku.pk: sku for sku, count in pieces.items() if count > 0}
    moved = with_stock_history(wanted)
    fresh = [sku for pk, sku in sorted(wanted.items()) if pk not in moved]
    for sku in fresh:
        stock.receive(
            place_id=place_id,
            sku_id=sku.pk,
            quantity=pieces[sku],
            actor=actor,
            key=f"opening:{sku.pk}",
            cost=sku.cost_price,
            reason=MovementReason.OPENING,
        )
    return len(fresh)


def with_stock_history(sku_ids: Mapping[int, object] | Sequence[int]) -> set[int]:
    """Those of the SKUs that ever had stock somewhere."""
    found = StockMovement.objects.filter(level__sku__in=list(sku_ids))
    return set(found.order_by().values_list("level__sku", flat=True).distinct())
