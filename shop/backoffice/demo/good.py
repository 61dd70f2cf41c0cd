from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Good:
    """One product of the demo shop.

    `objects` name the 3D objects its pictures are staged from. `prices` are yuan, one per combination of the
    axes' values in order (the last axis turns fastest); `grams` likewise, or one weight for all.
    """

    title: str
    subtitle: str
    category: str
    objects: str
    unit: str
    prices: tuple[str, ...]
    grams: tuple[int, ...]
    axes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    brand: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    is_fresh: bool = False
    is_weighed: bool = False
    popularity: int = 3

    @property
    def cost_rate(self) -> Decimal:
        return Decimal("0.72") if self.is_fresh else Decimal("0.62")


def size(*values: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A single axis 规格."""
    return (("规格", values),)
