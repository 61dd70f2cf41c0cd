"""The middle of what may happen: for few pieces the median lies well under the mean."""

import numpy as np

from analytics.forecasting.history import Floats

LARGE = 40.0
STEPS = 160


def middle(mean: Floats, spread: Floats) -> Floats:
    """The median of a negative binomial with this mean and standard deviation; of large numbers the mean."""
    found = mean.astype(np.float64).copy()
    small = (mean < LARGE) & (mean > 0)
    if not small.any():
        return found
    expected = mean[small]
    excess = np.maximum(spread[small] ** 2 / expected, 1.0001)
    shape, chance = expected / (excess - 1), 1 / excess
    mass = chance**shape
    until = mass.copy()
    median = np.zeros_like(expected)
    for count in range(1, STEPS):
        median = np.where(until < 0.5, count, median)
        mass = mass * (shape + count - 1) / count * (1 - chance)
        until = until + mass
    found[small] = median
    return found


def band(mean: Floats, spread: Floats, z: float) -> tuple[Floats, Floats]:
    """From where to where it will mostly be, never below nothing."""
    return np.maximum(mean - z * spread, 0.0), np.asarray(mean + z * spread)
