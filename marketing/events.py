"""Facts of marketing, past tense. A rule is named "<kind>:<id>", such as "tier:7"."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class PromotionStarted(Event):
    """A tier price, full reduction or bundle price began to count."""

    key_field: ClassVar[str] = "rule"
    rule: str


@dataclass(frozen=True)
class PromotionEnded(Event):
    """It no longer counts: its time is over or it was switched off."""

    key_field: ClassVar[str] = "rule"
    rule: str


@dataclass(frozen=True)
class CouponGranted(Event):
    """A member got a coupon."""

    key_field: ClassVar[str] = "grant_id"
    grant_id: int
