"""Facts about listings and their review."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class ListingSubmitted(Event):
    """A listing passed the check and waits for a person."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    review_id: int


@dataclass(frozen=True)
class ListingApproved(Event):
    """A person let a listing pass."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    review_id: int


@dataclass(frozen=True)
class ListingRejected(Event):
    """A listing was sent back, by the check or by a person."""

    key_field: ClassVar[str] = "product_id"
    product_id: int
    review_id: int
