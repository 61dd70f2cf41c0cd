"""Charts of the back office: what is drawn, and the same as a table beside it.

`{% include "admin/core/chart.html" %}` with `chart` draws one; it reads in both themes and without colours.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Words = str | Promise

SOLID = "var(--bo-solid)"
FAINT = "var(--bo-faint)"

TICKS: dict[str, Any] = {"color": "#8F857A"}
AXIS: dict[str, Any] = {"ticks": TICKS, "border": {"display": False}}
OPTIONS: dict[str, Any] = {
    "animation": False,
    "responsive": True,
    "maintainAspectRatio": False,
    "interaction": {"mode": "index", "intersect": False},
    "plugins": {
        "legend": {
            "display": True,
            "align": "end",
            "labels": {"boxWidth": 14, "boxHeight": 2, "color": "#8F857A"},
        },
        "tooltip": {"displayColors": True},
    },
    "scales": {
        "x": AXIS
        | {
            "grid": {"display": False},
            "ticks": TICKS | {"maxTicksLimit": 10, "maxRotation": 0, "autoSkipPadding": 16},
        },
        "y": AXIS | {"beginAtZero": True, "ticks": TICKS | {"maxTicksLimit": 5}},
    },
}


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one row of bars; None is a gap. `is_faint` for what is compared with, `is_stepped` for what
    holds until it changes (a price), `fills_to` names the series (by its place) a band is filled to."""

    label: Words
    values: Sequence[Any]
    is_faint: bool = False
    is_stepped: bool = False
    colour: str = ""
    fills_to: int | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with its table: `heads` and `rows` say the same in figures. `kind` is Chart.js's."""

    title: Words
    definition: Words
    kind: str
    data: str
    options: str
    heads: Sequence[Words]
    rows: Sequence[Sequence[Any]]


def line(
    title: Words, labels: Sequence[Any], series: Sequence[Series], *, definition: Words = "", head: Words = ""
) -> Drawing:
    """Lines over time, the oldest first; the table has the newest first."""
    return _drawing("line", title, labels, series, definition, head, _line, newest_first=True)


def bars(
    title: Words, labels: Sequence[Any], series: Sequence[Series], *, definition: Words = "", head: Words = ""
) -> Drawing:
    """Bars for a ranking or for few periods."""
    return _drawing("bar", title, labels, series, definition, head, _bar, newest_first=False)


def _drawing(
    kind: str,
    title: Words,
    labels: Sequence[Any],
    series: Sequence[Series],
    definition: Words,
    head: Words,
    draw: Any,
    *,
    newest_first: bool,
) -> Drawing:
    rows = [list(row) for row in zip(labels, *(one.values for one in series), strict=True)]
    return Drawing(
        title=title,
        definition=definition,
        kind=kind,
        data=json.dumps({"labels": [str(one) for one in labels], "datasets": [draw(one) for one in series]}),
        options=json.dumps(OPTIONS),
        heads=[head, *(one.label for one in series)],
        rows=list(reversed(rows)) if newest_first else rows,
    )


def _line(one: Series) -> dict[str, Any]:
    colour = one.colour or (FAINT if one.is_faint else SOLID)
    drawn: dict[str, Any] = {
        "label": str(one.label),
        "data": _numbers(one.values),
        "borderColor": colour,
        "backgroundColor": colour,
        "borderWidth": 1.5 if one.is_faint else 2.5,
        "pointRadius": 0,
        "pointHitRadius": 12,
        "tension": 0 if one.is_stepped else 0.25,
        "stepped": one.is_stepped,
    }
    return drawn if one.fills_to is None else drawn | {"fill": one.fills_to}


def _bar(one: Series) -> dict[str, Any]:
    colour = one.colour or (FAINT if one.is_faint else SOLID)
    return {
        "label": str(one.label),
        "data": _numbers(one.values),
        "backgroundColor": colour,
        "borderRadius": 4,
        "maxBarThickness": 28,
    }


def _numbers(values: Sequence[Any]) -> list[float | None]:
    return [None if value is None else float(value) for value in values]
