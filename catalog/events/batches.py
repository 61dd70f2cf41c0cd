"""Facts about batches."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class BatchRecalled(Event):
    """Batches were called back: they are stopped everywhere, and whoever has some should hear of it."""

    key_field: ClassVar[str] = "recall_id"
    recall_id: int
