"""Foretells what leaves each place, every night, a batch of SKUs at a time, and tells the catalog."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from analytics.forecasting import combining, scoring
from analytics.forecasting.combining import HORIZON, Forecast
from analytics.forecasting.history import WEEK
from analytics.forecasting.methods import PARTS
from analytics.forecasting.scoring import Report
from analytics.models import ForecastRun, SkuForecast
from analytics.policies import BEST_SELLER_SHARE
from analytics.selectors import histories
from analytics.selectors.histories import Batch, Key
from analytics.services import stock_days
from catalog.models import StockLevel
from catalog.services import demand
from catalog.services.demand import Demand
from catalog.terms import Pool
from shop.core import clock
from shop.core.transactions import unit

DAYS = 126
LOOKS = 8
BATCH = 5_000
MONTH = 28


@dataclass
class _Sums:
    """What a run's scores are made of, over all its batches."""

    sold: float = 0.0
    rows: int = 0
    known: int = 0
    looks: int = 0
    by_method: dict[str, list[float]] = field(default_factory=dict)

    def add(self, report: Report) -> None:
        self.sold += float(report.sold.sum())
        self.rows += len(report.sold)
        self.looks = max(self.looks, report.looks)
        known = report.scale > 0
        self.known += int(known.sum())
        for name, score in report.scores.items():
            sums = self.by_method.setdefault(name, [0.0, 0.0, 0.0, 0.0])
            sums[0] += float(score.off.sum())
            sums[1] += float(score.square.sum())
            sums[2] += float(score.bias.sum())
            sums[3] += float((score.off_by_day[known] / report.scale[known]).sum())

    def scores(self) -> dict[str, dict[str, float]]:
        return {
            name: {
                "wape": off / max(self.sold, 1.0),
                "rmse": float((square / max(self.rows * self.looks, 1)) ** 0.5),
                "bias": bias / max(self.sold, 1.0),
                "mase": scaled / max(self.known, 1),
            }
            for name, (off, square, bias, scaled) in self.by_method.items()
        }


def run(*, batch: int = BATCH) -> int:
    """Foretell every SKU in every place from the days until yesterday; returns how many.

    Four queries a batch; each batch stands for itself, so a run that ends early is made up for by the next.
    """
    started = time.monotonic()
    stock_days.refresh()
    now = clock.now()
    today = clock.business_day(now)
    sums = _Sums()
    for keys in _keys(batch):
        sums.add(_foretell(keys, today))
    demand.rank(share=float(BEST_SELLER_SHARE.get()))
    ForecastRun.objects.update_or_create(
        made_on=today,
        defaults={
            "series_count": sums.rows,
            "seconds": time.monotonic() - started,
            "scores": sums.scores(),
            "made_at": now,
        },
    )
    return sums.rows


def _keys(size: int) -> Iterator[list[Key]]:
    """(place, SKU) of everything that is sold somewhere, in order, so many at a time."""
    rows = StockLevel.objects.filter(pool=Pool.SPOT, sku__is_active=True, place__is_active=True)
    last: Key = (0, 0)
    while True:
        after = rows.extra(
            where=["(catalog_stocklevel.place_id, catalog_stocklevel.sku_id) > (%s, %s)"], params=list(last)
        )
        found = list(after.order_by("place_id", "sku_id").values_list("place_id", "sku_id")[:size])
        if not found:
            return
        yield found
        last = found[-1]


def _foretell(keys: Sequence[Key], today: date) -> Report:
    loaded = histories.load(keys, last=today - timedelta(days=1), days=DAYS)
    standing = combining.origins(loaded.history, LOOKS)
    found = combining.combine(standing[-1], standing)
    report = scoring.back_test(loaded.history, standing)
    _write(loaded, found, report, today)
    return report


@unit
def _write(loaded: Batch, found: Forecast, report: Report, today: date) -> None:
    week = _by_weekday(found.ahead, today)
    sigma = found.spread / HORIZON**0.5
    month = loaded.history.sold[:, -MONTH:].sum(axis=1)
    rows = [_row(report, row) for row in range(len(loaded.keys))]
    SkuForecast.objects.bulk_create(
        [
            SkuForecast(
                place_id=place_id,
                sku_id=sku_id,
                made_on=today,
                week=[round(value, 5) for value in week[row].tolist()],
                daily_sigma=round(float(sigma[row]), 5),
                sold_28=int(month[row]),
                weights={name: round(float(found.weights[part, row]), 3) for part, name in enumerate(PARTS)},
                errors=rows[row],
            )
            for row, (place_id, sku_id) in enumerate(loaded.keys)
        ],
        update_conflicts=True,
        unique_fields=["sku", "place"],
        update_fields=["made_on", "week", "daily_sigma", "sold_28", "weights", "errors"],
    )
    mean = week.mean(axis=1)
    demand.record(
        found=[
            Demand(
                place_id=place_id,
                sku_id=sku_id,
                daily_mean=round(float(mean[row]), 6),
                daily_sigma=round(float(sigma[row]), 6),
                method=scoring.COMBINED,
                error=rows[row][scoring.COMBINED][0],
            )
            for row, (place_id, sku_id) in enumerate(loaded.keys)
        ],
        at=clock.page_now(),
    )


def _by_weekday(ahead: Any, today: date) -> Any:
    """Expected pieces by (row, weekday), Monday first; the days ahead start today."""
    first = ahead[:, :WEEK]
    return np.roll(first, today.weekday(), axis=1)


def _row(report: Report, row: int) -> dict[str, list[float | None]]:
    return {
        name: [None if value is None else round(value, 3) for value in values]
        for name, values in report.row(row).items()
    }
