"""How far off each method was: every error counted, of the losers too."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.forecasting.combining import HORIZON, Origin, combine
from analytics.forecasting.history import WEEK, Floats, History
from analytics.forecasting.methods import PARTS, YARDSTICKS
from analytics.forecasting.middle import middle

COMBINED, MIDDLE, NOTHING = "combined", "middle", "nothing"
NAMES = (*YARDSTICKS, *PARTS, COMBINED, MIDDLE, NOTHING)


@dataclass
class Score:
    """Sums by row of one method over all origins; HORIZON-day totals unless said otherwise."""

    off: Floats
    square: Floats
    bias: Floats
    off_by_day: Floats

    @classmethod
    def empty(cls, rows: int) -> "Score":
        return cls(*(np.zeros(rows) for _ in range(4)))

    def add(self, drawn: Floats, actual: Floats) -> None:
        error = drawn.sum(axis=1) - actual.sum(axis=1)
        self.off += np.abs(error)
        self.square += error**2
        self.bias += error
        self.off_by_day += np.abs(drawn - actual).mean(axis=1)


@dataclass
class Report:
    """Scores by method over `looks` origins. `sold` sums what was to be foretold, by row; `scale` is what a
    week-old value errs by on an earlier day, the unit of MASE."""

    sold: Floats
    scale: Floats
    looks: int = 0
    scores: dict[str, Score] = field(default_factory=dict)

    def wape(self, name: str) -> float | None:
        """Errors of HORIZON-day totals in shares of what was sold; over all rows."""
        return _ratio(self.scores[name].off.sum(), self.sold.sum())

    def bias(self, name: str) -> float | None:
        return _ratio(self.scores[name].bias.sum(), self.sold.sum())

    def mase(self, name: str) -> float | None:
        """The mean over rows of the daily error in units of the naive one; rows that never moved are out."""
        known = self.scale > 0
        if not known.any():
            return None
        return float(np.mean(self.scores[name].off_by_day[known] / self.scale[known]))

    def rmse(self, name: str) -> float:
        """Root of the mean squared error of HORIZON-day totals, pieces."""
        score = self.scores[name]
        return float(np.sqrt(score.square.sum() / max(self.looks * len(score.square), 1)))

    def row(self, index: int) -> dict[str, list[float | None]]:
        """[WAPE, MASE, bias] of one row by method."""
        sold, scale = self.sold[index], self.scale[index]
        return {
            name: [
                _ratio(score.off[index], sold),
                _ratio(score.off_by_day[index], scale),
                _ratio(score.bias[index], sold),
            ]
            for name, score in self.scores.items()
        }


def back_test(history: History, standing: Sequence[Origin]) -> Report:
    """Replays the origins whose horizon is over, but for the first ones, from which nobody could learn yet.

    At each, `combined` weighs its parts by the origins that were over by that day only; `middle` is its
    median instead of its mean; `nothing` foretells no sale.
    """
    report = Report(np.zeros(history.rows), np.zeros(history.rows))
    report.scores = {name: Score.empty(history.rows) for name in NAMES}
    for one in standing:
        if not one.is_over or one.day < standing[0].day + HORIZON:
            continue
        report.looks += 1
        report.sold += one.actual.sum(axis=1)
        past = history.sold[:, : one.day]
        report.scale += np.abs(past[:, WEEK:] - past[:, :-WEEK]).mean(axis=1)
        found = combine(one, standing)
        total = np.maximum(found.ahead.sum(axis=1), 1e-12)
        typical = found.ahead * (middle(total, found.spread) / total)[:, None]
        drawn = one.ahead | {COMBINED: found.ahead, MIDDLE: typical, NOTHING: np.zeros_like(found.ahead)}
        for name in NAMES:
            report.scores[name].add(drawn[name], one.actual)
    return report


def _ratio(value: float, unit: float) -> float | None:
    return float(value / unit) if unit > 0 else None


__all__ = ["COMBINED", "HORIZON", "MIDDLE", "NAMES", "NOTHING", "Report", "Score", "back_test"]
