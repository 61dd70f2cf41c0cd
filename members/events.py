"""What has happened to people. Ids only; readers look the rest up."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class MemberJoined(Event):
    user_id: int
    key_field: ClassVar[str] = "user_id"


@dataclass(frozen=True)
class LevelChanged(Event):
    member_id: int
    key_field: ClassVar[str] = "member_id"


@dataclass(frozen=True)
class PointsEarned(Event):
    member_id: int
    source: str
    key_field: ClassVar[str] = "member_id"
