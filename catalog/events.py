"""Facts the catalog publishes; they carry ids only."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class ProductPutOnShelf(Event):
    """A product can be bought from now on."""

    key_field: ClassVar[str] = "product_id"
    product_id: int


@dataclass(frozen=True)
class ProductTakenOffShelf(Event):
    """A product can no longer be bought."""

    key_field: ClassVar[str] = "product_id"
    product_id: int


@dataclass(frozen=True)
class StockFellShort(Event):
    """What is left at a level is at or under its alert mark."""

    key_field: ClassVar[str] = "level_id"
    level_id: int


@dataclass(frozen=True)
class PriceChanged(Event):
    """The list price of a SKU changed."""

    key_field: ClassVar[str] = "sku_id"
    sku_id: int
