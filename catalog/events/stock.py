"""Facts about stock."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class StockFellShort(Event):
    """What is left at a level is at or under its alert mark."""

    key_field: ClassVar[str] = "level_id"
    level_id: int
