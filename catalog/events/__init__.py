"""Facts the catalog publishes, a file a subject; they carry ids only."""

from catalog.events.goods import (
    ProductPutOnShelf,
    ProductTakenOffShelf,
)
from catalog.events.prices import (
    PriceChanged,
)
from catalog.events.stock import (
    StockFellShort,
)

__all__ = [
    "PriceChanged",
    "ProductPutOnShelf",
    "ProductTakenOffShelf",
    "StockFellShort",
]
