"""Histories to forecast: a public one, and made ones."""

import csv
from datetime import date
from pathlib import Path

import numpy as np

from analytics.forecasting.history import History

CDNOW = Path(__file__).parent / "data" / "cdnow_daily.csv"


def cdnow(*, total: bool) -> History:
    """CDs sold by CDNOW's first customers of 1997, by day: all together, or by price of a CD."""
    with CDNOW.open() as file:
        _head, *rows = list(csv.reader(file))
    sold = np.array([[float(cell or 0) for cell in row[1:]] for row in rows]).T
    return of(sold[:1] if total else sold[1:], first=date.fromisoformat(rows[0][0]))


def of(sold: np.ndarray, *, first: date = date(2026, 1, 5)) -> History:
    """Every day open, nothing promoted, all rows of one group."""
    return History(
        sold=np.asarray(sold, dtype=np.float64),
        open=np.ones(sold.shape, dtype=bool),
        promoted=np.zeros(sold.shape, dtype=bool),
        group=np.zeros(len(sold), dtype=np.int64),
        weekday=(first.weekday() + np.arange(sold.shape[1])) % 7,
    )
