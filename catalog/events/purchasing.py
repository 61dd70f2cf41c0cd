"""Facts about buying in."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class SupplierToBeTold(Event):
    """An order was sent, and its supplier shall get the link to it by text message."""

    key_field: ClassVar[str] = "order_id"
    order_id: int
