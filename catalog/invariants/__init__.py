"""What must always be true of stock and goods; each query returns what breaks it."""

from catalog.invariants import batches, bundles, counting, goods, purchasing, sales_channels, stock
from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    *stock.INVARIANTS,
    *batches.INVARIANTS,
    *bundles.INVARIANTS,
    *counting.INVARIANTS,
    *goods.INVARIANTS,
    *purchasing.INVARIANTS,
    *sales_channels.INVARIANTS,
]
