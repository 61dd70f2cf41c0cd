"""One forecast out of several: each part counts by how well it did on this row, and on all, until then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.forecasting import factors as shared
from analytics.forecasting.factors import Factors
from analytics.forecasting.history import WEEK, Floats, History
from analytics.forecasting.methods import PARTS, YARDSTICKS, ahead

HORIZON = 14
LEAST_DAYS = 28
LOOKS = 6
FADE = 0.85
SHARPNESS = 8.0
DOUBT = 40.0
SPREAD_DOUBT = 3.0
NOBODY = 1e-9


@dataclass(frozen=True)
class Origin:
    """A day forecasts were made on, by what was known before it. `ahead` has pieces by (row, day) for each
    method; `actual` is what was then sold, empty for the newest origin."""

    day: int
    factors: Factors
    paces: dict[str, Floats]
    ahead: dict[str, Floats]
    actual: Floats

    @property
    def is_over(self) -> bool:
        return bool(self.actual.shape[1] == HORIZON)


@dataclass(frozen=True)
class Forecast:
    """`pace` pieces on a normal day by row; `ahead` by (row, day); `spread` the standard deviation of the
    error over HORIZON days together; `weights` by (part, row), each column adding up to 1."""

    pace: Floats
    ahead: Floats
    spread: Floats
    weights: Floats


def stand_at(history: History, day: int) -> Origin:
    """Every method's forecast with what was known before column `day`."""
    past = history.until(day)
    learnt = shared.learn(past)
    paces = {name: method(past, learnt) for name, method in (YARDSTICKS | PARTS).items()}
    drawn = {name: ahead(name, pace, past, learnt, HORIZON) for name, pace in paces.items()}
    return Origin(day, learnt, paces, drawn, history.sold[:, day : day + HORIZON])


def origins(history: History, looks: int = LOOKS) -> list[Origin]:
    """Weekly origins whose horizon is over, oldest first, then today's."""
    days = [history.days - HORIZON - WEEK * back for back in range(looks)]
    return [stand_at(history, day) for day in sorted(day for day in days if day >= LEAST_DAYS)] + [
        stand_at(history, history.days)
    ]


def combine(at: Origin, before: Sequence[Origin]) -> Forecast:
    """The forecast at an origin, weighing the parts by the origins whose horizon was over by then; others
    are not looked at. Without any, all parts count alike.
    """
    parts = np.stack([at.paces[name] for name in PARTS])
    weights = _weights(*_record(at, before, WEEK))
    squares, looks = _record(at, before, HORIZON)
    pace = (weights * parts).sum(axis=0)
    drawn = sum(weights[row][:, None] * at.ahead[name] for row, name in enumerate(PARTS))
    expected = np.asarray(drawn).sum(axis=1)
    return Forecast(pace, np.asarray(drawn), _spread(weights, squares, looks, expected), weights)


def _record(at: Origin, before: Sequence[Origin], days: int) -> tuple[Floats, float]:
    """Squared errors of `days`-day totals by (part, row), the older the less, and how many looks that is;
    only of origins that far back."""
    known = [one for one in before if one.actual.shape[1] >= days and one.day + days <= at.day][-LOOKS:]
    squares = np.zeros((len(PARTS), len(at.actual)))
    for age, one in enumerate(reversed(known)):
        total = one.actual[:, :days].sum(axis=1)
        for row, name in enumerate(PARTS):
            squares[row] += FADE**age * (one.ahead[name][:, :days].sum(axis=1) - total) ** 2
    return squares, sum(FADE**age for age in range(len(known)))


def _weights(squares: Floats, looks: float) -> Floats:
    if looks == 0:
        return np.full_like(squares, 1 / len(squares))
    everybody = squares.sum(axis=1, keepdims=True)
    shared_record = everybody / max(float(everybody.mean()), NOBODY)
    own_record = squares / np.maximum(squares.mean(axis=0, keepdims=True), NOBODY)
    record = (looks * own_record + DOUBT * shared_record) / (looks + DOUBT)
    weights = np.maximum(record, 1e-3) ** -SHARPNESS
    return np.asarray(weights / weights.sum(axis=0))


def _spread(weights: Floats, squares: Floats, looks: float, expected: Floats) -> Floats:
    """From the row's own errors and, as long as they are few, from those of all rows as sparse as it; never
    less than chance alone makes of so many pieces."""
    chance = np.maximum(expected, 0.0)
    if looks == 0:
        return np.sqrt(2 * chance)
    own = (weights * squares).sum(axis=0)
    factor = max(float(own.sum() / max(looks * float(chance.sum()), NOBODY)), 1.0)
    variance = (own + SPREAD_DOUBT * factor * chance) / (looks + SPREAD_DOUBT)
    return np.asarray(np.sqrt(np.maximum(variance, chance)))
