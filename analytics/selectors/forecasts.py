"""What is expected of one SKU in one place, drawn from the same rows the purchases are made of."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from analytics.forecasting.scoring import NAMES
from analytics.models import ForecastRun, SkuForecast
from analytics.selectors import histories
from catalog.selectors import places

PAST_DAYS = 56
AHEAD_DAYS = 28
WEEK = 7


@dataclass(frozen=True)
class Picture:
    """Days from the oldest; past days have `sold`, days ahead `expected` with a band that holds four of five
    days. `closed` are days on which nothing could be sold."""

    days: list[date]
    sold: list[float | None]
    expected: list[float | None]
    low: list[float | None]
    high: list[float | None]
    closed: int


@dataclass(frozen=True)
class Line:
    """Errors of one method: WAPE over fourteen days, MASE by day, bias; None where nothing was sold."""

    name: str
    wape: float | None
    mase: float | None
    bias: float | None
    is_best: bool = False


def of_staff(user: object) -> QuerySet[SkuForecast]:
    """Forecasts of this person's places."""
    rows = SkuForecast.objects.select_related("sku__product", "place")
    mine = places.ids_of_staff(user)
    return rows if mine is None else rows.filter(place__in=mine)


def picture(row: SkuForecast) -> Picture:
    """The last eight weeks and the next four; one query."""
    last = row.made_on - timedelta(days=1)
    loaded = histories.load([(row.place_id, row.sku_id)], last=last, days=PAST_DAYS)
    sold = loaded.history.sold[0].tolist()
    ahead = [row.made_on + timedelta(days=n) for n in range(AHEAD_DAYS)]
    mean = [row.week[day.weekday()] for day in ahead]
    spread = 1.28 * max(row.daily_sigma, 0.0)
    gap: list[float | None] = [None] * PAST_DAYS
    return Picture(
        days=[loaded.first + timedelta(days=n) for n in range(PAST_DAYS)] + ahead,
        sold=[*sold, *([None] * AHEAD_DAYS)],
        expected=gap + [round(one, 2) for one in mean],
        low=gap + [round(max(one - spread, 0), 2) for one in mean],
        high=gap + [round(one + spread, 2) for one in mean],
        closed=int((~loaded.history.open[0]).sum()),
    )


def errors(row: SkuForecast) -> list[Line]:
    """Every method on this SKU, ours last but for the one that always says nothing."""
    return _lines({name: (row.errors.get(name) or [None] * 3) for name in NAMES if name in row.errors})


def of_run(run: ForecastRun) -> list[tuple[Line, float]]:
    """Every method over all SKUs, with its root mean squared error in pieces."""
    found = {name: run.scores[name] for name in NAMES if name in run.scores}
    lines = _lines({name: [one["wape"], one["mase"], one["bias"]] for name, one in found.items()})
    return [(line, found[line.name]["rmse"]) for line in lines]


def newest_run() -> ForecastRun | None:
    return ForecastRun.objects.order_by("-made_on").first()


def _lines(found: dict[str, list[float | None]]) -> list[Line]:
    known = [values[0] for name, values in found.items() if values[0] is not None and name != "nothing"]
    best = min(known, default=None)
    return [
        Line(name, values[0], values[1], values[2], values[0] is not None and values[0] == best)
        for name, values in found.items()
    ]
