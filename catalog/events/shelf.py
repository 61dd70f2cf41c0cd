"""Facts about goods on the shelf."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class ProductTakenDown(Event):
    """A product was taken down at once: its promotions stop, somebody looks after those who bought it."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    take_down_id: int


@dataclass(frozen=True)
class TakeDownSettled(Event):
    """What followed a take-down is done; `may_return` says whether the product may be offered again."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    take_down_id: int
    may_return: bool


@dataclass(frozen=True)
class SpotCheckFailed(Event):
    """A product on the shelf is not as it should be; it was taken down."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    check_id: int


@dataclass(frozen=True)
class ProductIdle(Event):
    """A product sold nothing for so long that somebody should decide."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    warning_id: int


@dataclass(frozen=True)
class MilestoneLate(Event):
    """A date of a seasonal plan passed and what it asks for isn't done."""

    key_field: ClassVar[str] = "plan_id"
    plan_id: int
    milestone: str
