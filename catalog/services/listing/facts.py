"""What a listing says and what is asked of it, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.terms.listing import CODES, PaperKind, ParameterKind, Severity, Slot, WordKind


@dataclass(frozen=True)
class Finding:
    """Something wrong with a listing. `field` is what it speaks of (`parameters.12` for one parameter),
    `points` what it costs of 100; words are made of code and parameters when shown."""

    code: str
    field: str
    severity: Severity
    points: int
    parameters: Mapping[str, Any] = made(default_factory=dict)

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCKS

    def stored(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "field": self.field,
            "severity": str(self.severity.value),
            "points": self.points,
            "parameters": dict(self.parameters),
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Finding":
        return cls(
            row["code"], row["field"], Severity(row["severity"]), row["points"], dict(row["parameters"])
        )


@dataclass(frozen=True)
class Word:
    word: str
    kind: WordKind
    allowed_in: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True)
class SlotRule:
    """Pixels and shape of 0 and "" ask for nothing."""

    count: int
    long_side: int = 0
    short_side: int = 0
    ratio: str = ""


DEFAULT_SLOTS: dict[Slot, SlotRule] = {
    Slot.MAIN: SlotRule(1, 1920, 1080),
    Slot.SCENE: SlotRule(5),
    Slot.DETAIL: SlotRule(0),
    Slot.VIDEO: SlotRule(1),
}


@dataclass(frozen=True)
class Rules:
    """What holds for a category, taken together from the shop down to it."""

    is_prohibited: bool = False
    severities: Mapping[str, str] = made(default_factory=dict)
    papers: tuple[PaperKind, ...] = ()
    slots: Mapping[Slot, SlotRule] = made(default_factory=lambda: dict(DEFAULT_SLOTS))
    words: tuple[Word, ...] = ()
    title_shortest: int = 8
    title_longest: int = 30
    description_shortest: int = 60
    video_shortest: int = 15
    video_longest: int = 30
    expiry_notice_days: int = 30

    def finding(self, code: str, *, at: str = "", **parameters: Any) -> list[Finding]:
        """One finding as the category weighs it, or none when it isn't looked for there."""
        usual = CODES[code]
        severity = Severity(self.severities.get(code, usual.severity))
        if severity == Severity.OFF:
            return []
        return [Finding(code, at or usual.field, severity, usual.points, parameters)]


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    is_twin: bool = False


@dataclass(frozen=True)
class ParameterFact:
    id: int
    name: str
    kind: ParameterKind
    is_required: bool
    choices: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class Paper:
    kind: PaperKind
    expires_on: date | None


@dataclass(frozen=True)
class Nearest:
    """A category that similar goods are in; `share` of all votes, own category `own_share`."""

    category_id: int
    name: str
    share: Decimal
    own_share: Decimal


@dataclass(frozen=True)
class Facts:
    """A listing as it is, or as it stands in a form that isn't saved yet. `description` is words only."""

    title: str
    subtitle: str = ""
    description: str = ""
    detail_pictures: int = 0
    has_category: bool = True
    deeper_categories: tuple[str, ...] = ()
    nearest: Nearest | None = None
    has_price: bool = True
    pictures: tuple[Picture, ...] = ()
    video_seconds: tuple[Decimal, ...] = ()
    parameters: tuple[ParameterFact, ...] = ()
    papers: tuple[Paper, ...] = ()
    today: date = date.min
    rules: Rules = made(default_factory=Rules)
