"""What lifts or lowers all goods alike: the weekday, a promotion, the season of a group."""

from dataclasses import dataclass

import numpy as np

from analytics.forecasting.history import WEEK, Floats, History

WEEKDAY_DAYS = 84
WEEKDAY_DOUBT = 60.0
PROMOTION_DOUBT = 40.0
UPLIFT_AT_MOST = 5.0
INDEX_MEMORY = 0.2


@dataclass(frozen=True)
class Factors:
    """`weekday` by weekday, 1.0 on average; `uplift` of promoted days; `index` by (group, day), 1.0 at the
    last day."""

    weekday: Floats
    uplift: float
    index: Floats


def learn(history: History) -> Factors:
    """From all rows together, for one row alone says too little."""
    weekday = _weekday(history)
    uplift = _uplift(history)
    return Factors(weekday, uplift, _index(history, weekday, uplift))


def exposure(history: History, factors: Factors) -> Floats:
    """How much of a normal day each (row, day) was: 0 where nothing could be sold."""
    seen = history.open * factors.weekday[history.weekday]
    seen = np.where(history.promoted, seen * factors.uplift, seen)
    return np.asarray(seen * factors.index[history.group], dtype=np.float64)


def _weekday(history: History) -> Floats:
    """Shrunk towards 1 as if `WEEKDAY_DOUBT` pieces had been sold on each weekday alike."""
    sold = np.where(history.promoted, 0.0, history.sold)[:, -WEEKDAY_DAYS:].sum(axis=0)
    day = history.weekday[-WEEKDAY_DAYS:]
    counts = np.bincount(day, minlength=WEEK).astype(np.float64)
    totals = np.bincount(day, weights=sold, minlength=WEEK)
    if totals.sum() <= 0 or (counts == 0).any():
        return np.ones(WEEK)
    mean = totals.sum() / counts.sum()
    expected = mean * counts
    found = (totals + WEEKDAY_DOUBT) / (expected + WEEKDAY_DOUBT)
    return np.asarray(found / found.mean(), dtype=np.float64)


def _uplift(history: History) -> float:
    """Pieces on promoted days against what the same goods sell on others, shrunk towards 1."""
    usual_days = (history.open & ~history.promoted).sum(axis=1)
    usual = np.where(history.promoted, 0.0, history.sold).sum(axis=1) / np.maximum(usual_days, 1)
    promoted = history.promoted & history.open
    known = (usual_days >= WEEK)[:, None] & promoted
    expected = float((known * usual[:, None]).sum())
    sold = float(np.where(known, history.sold, 0.0).sum())
    return float(np.clip((sold + PROMOTION_DOUBT) / (expected + PROMOTION_DOUBT), 1.0, UPLIFT_AT_MOST))


def _index(history: History, weekday: Floats, uplift: float) -> Floats:
    """The level of each group over time, smoothed, its last day 1."""
    groups = int(history.group.max()) + 1 if history.rows else 0
    usual = np.where(history.promoted, history.sold / uplift, history.sold)
    totals = np.zeros((groups, history.days))
    np.add.at(totals, history.group, usual)
    open_rows = np.zeros((groups, history.days))
    np.add.at(open_rows, history.group, history.open.astype(np.float64))
    pace = totals / weekday[history.weekday] / np.maximum(open_rows, 1.0)
    level = np.empty_like(pace)
    start = min(history.days, 4 * WEEK)
    running = pace[:, :start].mean(axis=1)
    for day in range(history.days):
        running = running + INDEX_MEMORY * np.where(open_rows[:, day] > 0, pace[:, day] - running, 0.0)
        level[:, day] = running
    last = level[:, -1:]
    return np.where(last > 0, np.maximum(level, 1e-9) / np.maximum(last, 1e-9), 1.0)
