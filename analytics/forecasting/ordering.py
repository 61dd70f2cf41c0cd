"""When to buy and how much: plain arithmetic over a forecast."""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class Need:
    """What one SKU in one place needs. `expected` and `safety` add up to `reorder_point`; below that,
    `quantity` pieces bring it to `target`, in whole packs and at least the minimum; 0 is nothing to buy.
    """

    expected: float
    safety: float
    reorder_point: int
    target: int
    quantity: int


def z_of(service_level: float) -> float:
    """How many standard deviations cover this share of what may happen."""
    return max(NormalDist().inv_cdf(service_level), 0.0)


def need(
    *,
    daily_mean: float,
    daily_sigma: float,
    position: int,
    lead_days: int,
    review_days: int,
    z: float,
    minimum: int = 1,
    pack_size: int = 1,
) -> Need:
    """`position` is what is free plus what is on its way.

    Reorder point = mean × (lead + review) + z · sigma · √(lead + review); what is bought lasts one review
    longer, so that not a piece is ordered every night.
    """
    days = lead_days + review_days
    expected = daily_mean * days
    safety = z * daily_sigma * sqrt(days)
    point = ceil(expected + safety - 1e-9)
    target = max(point, ceil(expected + safety + daily_mean * review_days - 1e-9))
    if daily_mean <= 0 or position >= point:
        return Need(expected, safety, point, target, 0)
    wanted = max(target - position, minimum)
    return Need(expected, safety, point, target, ceil(wanted / pack_size) * pack_size)
