"""Facts about prices."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class PriceChanged(Event):
    """The list price of a SKU changed."""

    key_field: ClassVar[str] = "sku_id"
    sku_id: int
