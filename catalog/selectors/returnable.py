"""What of a supplier lies in a place and could go back, batch by batch."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from catalog.models import BatchLevel, PurchaseLine, StockLevel, SupplierSku
from catalog.terms import Pool

POOLS = (Pool.DEFECT, Pool.FROZEN, Pool.SPOT)


@dataclass(frozen=True)
class Row:
    """Pieces of a SKU in a pool, of one batch or of none; `free` may go back."""

    key: str
    sku: Any
    pool: str
    batch: str
    expires_on: date | None
    free: int

    @property
    def pool_label(self) -> str:
        return str(Pool(self.pool).label)


def rows(*, supplier_id: int, place_id: int) -> list[Row]:
    """Defective pieces first, then frozen ones, then what is sold; three queries."""
    bought = PurchaseLine.objects.filter(order__supplier=supplier_id).values("sku")
    listed = SupplierSku.objects.filter(supplier=supplier_id).values("sku")
    levels = StockLevel.objects.filter(
        Q(sku__in=bought) | Q(sku__in=listed), place=place_id, pool__in=POOLS, on_hand__gt=0
    ).select_related("sku__product")
    found = {one.pk: one for one in levels}
    batches: dict[int, list[BatchLevel]] = {}
    for part in BatchLevel.objects.filter(level__in=found, on_hand__gt=0).select_related("batch"):
        batches.setdefault(part.level_id, []).append(part)
    made = [row for level in found.values() for row in _of_level(level, batches.get(level.pk, []))]
    return sorted(made, key=lambda row: (POOLS.index(Pool(row.pool)), row.sku.product.title, row.key))


def _of_level(level: StockLevel, parts: list[BatchLevel]) -> list[Row]:
    free = level.available
    made = []
    for part in parts:
        label = part.batch
        pieces = min(part.on_hand, free)
        made.append(Row(f"{level.pk}-{part.pk}", level.sku, level.pool, label.code, label.expires_on, pieces))
    loose = min(level.on_hand - sum(part.on_hand for part in parts), free)
    if loose > 0:
        made.append(Row(f"{level.pk}-0", level.sku, level.pool, "", None, loose))
    return [row for row in made if row.free > 0]
