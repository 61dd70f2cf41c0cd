"""Facts about stock."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class StockFellShort(Event):
    """What is left at these levels of a place is at or under their marks, newly, more urgently, or still
    after a day."""

    key_field: ClassVar[str] = "place_id"
    place_id: int
    level_ids: tuple[int, ...]
