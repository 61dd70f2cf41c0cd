"""Ways to tell the pace of each row: pieces on a normal day ahead. Every one sees the past only."""

from collections.abc import Callable

import numpy as np

from analytics.forecasting.factors import Factors, exposure
from analytics.forecasting.history import WEEK, Floats, History

SLOW, FAST = 0.1, 0.4
CHANCE_SMOOTHING, SIZE_SMOOTHING = 0.05, 0.1
LONG_MEMORY, SHORT_MEMORY = 0.985, 0.95
LEAST_SPREAD = 0.02
MONTH = 28


def seasonal_naive(history: History, factors: Factors) -> Floats:
    """The last week again; its days in their order are drawn by `ahead`."""
    return np.asarray(history.sold[:, -WEEK:].mean(axis=1))


def mean_28(history: History, factors: Factors) -> Floats:
    """The mean of the last 28 days."""
    return np.asarray(history.sold[:, -MONTH:].mean(axis=1))


def smoothed(speed: float) -> "Method":
    """Simple exponential smoothing of days made comparable; days without stock are left out."""

    def pace(history: History, factors: Factors) -> Floats:
        usual = _usual(history, factors)
        start = min(history.days, MONTH)
        level = usual[:, :start].sum(axis=1) / np.maximum(history.open[:, :start].sum(axis=1), 1)
        for day in range(history.days):
            level = level + speed * np.where(history.open[:, day], usual[:, day] - level, 0.0)
        return np.asarray(level)

    return pace


def tsb(history: History, factors: Factors) -> Floats:
    """Teunter, Syntetos and Babai: the chance of a sale and its size apart; fades when nothing sells."""
    usual = _usual(history, factors)
    sells = usual > 0
    start = 2 * MONTH
    size = usual.sum(axis=1) / np.maximum(sells.sum(axis=1), 1)
    chance = sells[:, :start].sum(axis=1) / np.maximum(history.open[:, :start].sum(axis=1), 1)
    for day in range(history.days):
        hit = sells[:, day]
        chance = chance + CHANCE_SMOOTHING * np.where(history.open[:, day], hit - chance, 0.0)
        size = size + SIZE_SMOOTHING * np.where(hit, usual[:, day] - size, 0.0)
    return np.asarray(chance * size)


def pooled(memory: float) -> "Method":
    """Each row's own pace as far as its own sales prove it, else that of its group (empirical Bayes: a gamma
    prior over Poisson paces, old days fading), at the level the group has now.
    """

    def pace(history: History, factors: Factors) -> Floats:
        fade = memory ** np.arange(history.days - 1, -1, -1)
        sold = (history.sold * history.open) @ fade
        days = np.maximum(exposure(history, factors) @ fade, 1e-9)
        groups = int(history.group.max()) + 1 if history.rows else 0
        total_days = np.maximum(np.bincount(history.group, weights=days, minlength=groups), 1e-9)
        mean = np.bincount(history.group, weights=sold, minlength=groups) / total_days
        own, centre = sold / days, mean[history.group]
        noise = centre / days
        spread = np.bincount(history.group, weights=days * ((own - centre) ** 2 - noise), minlength=groups)
        true = np.maximum(spread / total_days, LEAST_SPREAD * mean**2)[history.group]
        weight = true / np.maximum(true + noise, 1e-12)
        return np.asarray(weight * own + (1 - weight) * centre)

    return pace


def _usual(history: History, factors: Factors) -> Floats:
    """Pieces as they would have been on a normal day without a promotion."""
    lift = np.where(history.promoted, factors.uplift, 1.0) * factors.weekday[history.weekday]
    return np.asarray(history.sold * history.open / lift)


Method = Callable[[History, Factors], Floats]
YARDSTICKS: dict[str, Method] = {"seasonal_naive": seasonal_naive, "mean_28": mean_28}
PARTS: dict[str, Method] = {
    "smoothed_slow": smoothed(SLOW),
    "smoothed_fast": smoothed(FAST),
    "tsb": tsb,
    "pooled_long": pooled(LONG_MEMORY),
    "pooled_short": pooled(SHORT_MEMORY),
}


def ahead(name: str, pace: Floats, history: History, factors: Factors, days: int) -> Floats:
    """Pieces by (row, day ahead) of a method: yardsticks as the textbook has them, ours with weekdays."""
    if name == "seasonal_naive":
        return np.asarray(np.tile(history.sold[:, -WEEK:], (1, -(-days // WEEK)))[:, :days])
    if name == "mean_28":
        return np.repeat(pace[:, None], days, axis=1)
    return np.asarray(pace[:, None] * factors.weekday[history.weekdays_ahead(days)])
