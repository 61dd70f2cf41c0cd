"""What must always be true of stock and goods; each query returns what breaks it."""

from catalog.invariants import goods, stock
from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [*stock.INVARIANTS, *goods.INVARIANTS]
