"""Days of stock as matrices, for the forecast and for charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import connection

from analytics.forecasting.history import History

Key = tuple[int, int]
"""(place, SKU)"""

_DAYS = """
WITH wanted AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS w(place_id, sku_id)
)
SELECT place_id, sku_id, on_date, sold_count, free, is_promoted
FROM wanted JOIN analytics_stockday USING (place_id, sku_id)
WHERE on_date >= %s AND on_date <= %s
UNION ALL
SELECT wanted.place_id, wanted.sku_id, before.on_date, 0, before.free, false
FROM wanted CROSS JOIN LATERAL (
    SELECT on_date, free FROM analytics_stockday AS day
    WHERE day.place_id = wanted.place_id AND day.sku_id = wanted.sku_id AND day.on_date < %s
    ORDER BY on_date DESC LIMIT 1
) AS before
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Batch:
    """Histories of these keys, row by row; column 0 is `first`. `free` has the free pieces at the end of each
    day."""

    keys: Sequence[Key]
    first: date
    history: History
    free: np.ndarray[tuple[int, int], np.dtype[np.float64]]


def load(keys: Sequence[Key], *, last: date, days: int) -> Batch:
    """The `days` business days up to and with `last`; one query. Rows of one place learn from each other."""
    first = last - timedelta(days=days - 1)
    place_ids, sku_ids = [key[0] for key in keys], [key[1] for key in keys]
    rows = {key: row for row, key in enumerate(keys)}
    sold = np.zeros((len(keys), days))
    promoted = np.zeros((len(keys), days), dtype=bool)
    free = np.zeros((len(keys), days))
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [place_ids, sku_ids, first, last, first])
        for place_id, sku_id, on_date, count, left, is_promoted in cursor.fetchall():
            row, day = rows[place_id, sku_id], (on_date - first).days
            free[row, max(day, 0) :] = left
            if day >= 0:
                sold[row, day] = count
                promoted[row, day] = is_promoted
    places = {place_id: group for group, place_id in enumerate(dict.fromkeys(place_ids))}
    was_free = np.concatenate([free[:, :1], free[:, :-1]], axis=1)
    history = History(
        sold=sold,
        open=(free > 0) | (was_free > 0) | (sold > 0),
        promoted=promoted,
        group=np.array([places[place_id] for place_id in place_ids], dtype=np.int64),
        weekday=(first.weekday() + np.arange(days)) % 7,
    )
    return Batch(keys, first, history, free)
