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


@dataclass(frozen=True)
class MembersMerged(Event):
    """What belonged to the account given up belongs to the kept one from now on."""

    kept_id: int
    gone_id: int
    merge_id: int
    key_field: ClassVar[str] = "kept_id"


@dataclass(frozen=True)
class MembersParted(Event):
    """The two were joined by mistake; what had moved goes back."""

    kept_id: int
    gone_id: int
    merge_id: int
    key_field: ClassVar[str] = "kept_id"


@dataclass(frozen=True)
class MessageWritten(Event):
    message_id: int
    key_field: ClassVar[str] = "message_id"


@dataclass(frozen=True)
class WechatPushed(Event):
    push_id: int
    key_field: ClassVar[str] = "push_id"
