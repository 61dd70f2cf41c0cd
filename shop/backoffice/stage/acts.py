"""What was played on the stage: remembered in the cache, told from the rows it made."""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache

from shop.core import clock

KEY = "stage:acts"
MOST = 8


@dataclass(frozen=True, slots=True)
class Act:
    """`facts` are ids and counts of what was done when the button was pressed."""

    kind: str
    facts: dict[str, Any]
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    began_at: datetime = field(default_factory=clock.page_now)


def remember(act: Act) -> None:
    cache.set(KEY, [asdict(act), *cache.get(KEY, [])][:MOST], None)


def change(act_id: str, **facts: Any) -> None:
    rows = cache.get(KEY, [])
    for row in rows:
        if row["id"] == act_id:
            row["facts"] |= facts
    cache.set(KEY, rows, None)


def all_of_them() -> list[Act]:
    """Newest first."""
    return [Act(**row) for row in cache.get(KEY, [])]


def find(act_id: str) -> Act | None:
    return next((act for act in all_of_them() if act.id == act_id), None)
