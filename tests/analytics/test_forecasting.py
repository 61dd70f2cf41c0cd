"""The forecast without a database: what it learns, that it sees no future, and whom it beats."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.forecasting import combining, factors, scoring
from analytics.forecasting.combining import HORIZON
from analytics.forecasting.middle import middle
from analytics.forecasting.ordering import need, z_of
from analytics.forecasting.scoring import COMBINED
from tests.analytics.history_of import cdnow, of


def report_of(history) -> scoring.Report:
    days = range(28, history.days - HORIZON + 1, 7)
    return scoring.back_test(history, [combining.stand_at(history, day) for day in days])


@pytest.mark.parametrize("total", [True, False])
def test_combination_beats_last_week_and_month_on_a_public_series(total: bool) -> None:
    report = report_of(cdnow(total=total))
    for other in ("seasonal_naive", "mean_28"):
        assert report.wape(COMBINED) < report.wape(other)
        assert report.mase(COMBINED) < report.mase(other)
        assert report.rmse(COMBINED) < report.rmse(other)
    assert abs(report.bias(COMBINED)) < 0.08


def test_a_forecast_does_not_know_what_comes() -> None:
    chance = np.random.default_rng(7)
    sold = chance.poisson(chance.gamma(1, 2, (30, 1)), (30, 120))
    day = 91
    other = sold.copy()
    other[:, day:] = chance.poisson(50, (30, 120 - day))
    before, after = of(sold), of(other)
    origins = [[combining.stand_at(one, at) for at in range(28, day + 1, 7)] for one in (before, after)]
    first, second = (combining.combine(found[-1], found) for found in origins)
    assert np.array_equal(first.ahead, second.ahead)
    assert np.array_equal(first.spread, second.spread)


def test_days_without_stock_are_not_taken_for_days_without_demand() -> None:
    chance = np.random.default_rng(3)
    sold = chance.poisson(5, (20, 112)).astype(float)
    sold[0, 84:] = 0
    history = of(sold)
    closed = history.open.copy()
    closed[0, 84:] = False

    def pace(history) -> float:
        found = combining.origins(history)
        return float(combining.combine(found[-1], found).pace[0])

    assert pace(replace(history, open=closed)) > 4
    assert pace(history) < 2.5


def test_weekdays_and_promotions_are_learnt_from_all_rows_together() -> None:
    chance = np.random.default_rng(5)
    weekday = np.arange(112) % 7
    promoted = chance.random((60, 112)) < 0.1
    mean = np.where(weekday >= 5, 2.0, 1.0) * np.where(promoted, 2.0, 1.0)
    history = replace(of(chance.poisson(mean)), promoted=promoted)
    found = factors.learn(history)
    assert found.weekday[5:].min() > 1.4
    assert found.weekday[:5].max() < 0.9
    assert 1.7 < found.uplift < 2.3


def test_the_middle_of_few_is_under_the_mean_and_of_many_is_it() -> None:
    found = middle(np.array([0.3, 3.0, 500.0]), np.array([0.6, 2.5, 30.0]))
    assert found[0] == 0
    assert 2 <= found[1] <= 3
    assert found[2] == 500


@pytest.mark.parametrize(
    ("position", "minimum", "pack", "quantity"),
    [(56, 1, 1, 0), (55, 1, 1, 36), (0, 1, 24, 96), (0, 200, 24, 216)],
)
def test_need_is_demand_and_reserve_rounded_up_to_packs(
    position: int, minimum: int, pack: int, quantity: int
) -> None:
    """5 a day, 3 + 7 days: 50 and 1.645 · 1 · √10 = 5.2, so the mark is 56; with a week's 35 more, 91."""
    found = need(
        daily_mean=5,
        daily_sigma=1,
        position=position,
        lead_days=3,
        review_days=7,
        z=z_of(0.95),
        minimum=minimum,
        pack_size=pack,
    )
    assert (found.reorder_point, found.target, found.quantity) == (56, 91, quantity)


def test_nothing_is_bought_that_nobody_wants() -> None:
    found = need(daily_mean=0, daily_sigma=1, position=0, lead_days=3, review_days=7, z=1.6)
    assert found.quantity == 0
