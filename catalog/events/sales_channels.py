"""Facts about what is free to sell, for those who sell elsewhere."""

from dataclasses import dataclass

from shop.core.events import Event


@dataclass(frozen=True)
class FreeStockChanged(Event):
    """These levels changed; published only while sales channels want to know."""

    level_ids: tuple[int, ...]
