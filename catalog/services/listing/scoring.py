"""All checks together, and the score."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.services.listing import films, papers, parameters, pictures, sorting, texts, titles, words
from catalog.services.listing.facts import Facts, Finding
from catalog.terms.listing import BEST_SCORE

LOOKS = (
    titles.look,
    words.look,
    texts.look,
    sorting.look,
    pictures.look,
    films.look,
    parameters.look,
    papers.look,
)
GOOD, FAIR = 85, 60
PARAMETERS_COST = 15


@dataclass(frozen=True)
class Verdict:
    """The score of 0–100 and the findings, those that block first, then the dear ones."""

    score: int
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.blocks)

    @property
    def tone(self) -> str:
        return tone(self.score, is_blocked=bool(self.blocking))


def tone(score: int, *, is_blocked: bool) -> str:
    """danger, warning or success."""
    if is_blocked or score < FAIR:
        return "danger"
    return "success" if score >= GOOD else "warning"


def judge(facts: Facts) -> Verdict:
    """Pure: the same facts get the same verdict."""
    found = [finding for look in LOOKS for finding in look(facts)]
    if not facts.has_price:
        found += facts.rules.finding("price_missing")
    found.sort(key=lambda one: (not one.blocks, -one.points))
    return Verdict(max(0, BEST_SCORE - _cost(found)), tuple(found))


def _cost(found: Sequence[Finding]) -> int:
    """Many parameters that are missing are one gap."""
    parameter_points = sum(one.points for one in found if one.field.startswith("parameters."))
    return sum(one.points for one in found if not one.field.startswith("parameters.")) + min(
        parameter_points, PARAMETERS_COST
    )
