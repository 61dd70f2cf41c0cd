"""Facts about goods."""

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
