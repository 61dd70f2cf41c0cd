"""What analytics found out about demand, written where stock can read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from shop.core.transactions import unit

_WRITE = """
INSERT INTO catalog_skudemand
    (place_id, sku_id, daily_mean, daily_sigma, method, error, is_best_seller, computed_at)
SELECT place_id, sku_id, daily_mean, daily_sigma, method, error, false, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::text[], %s::float8[])
    AS d(place_id, sku_id, daily_mean, daily_sigma, method, error)
ORDER BY sku_id, place_id
ON CONFLICT (sku_id, place_id) DO UPDATE
SET daily_mean = excluded.daily_mean, daily_sigma = excluded.daily_sigma, method = excluded.method,
    error = excluded.error, computed_at = excluded.computed_at
"""
_RANK = """
WITH ranked AS (
    SELECT id, daily_mean > 0 AND percent_rank() OVER (PARTITION BY place_id ORDER BY daily_mean DESC, sku_id)
           < %s AS is_best
    FROM catalog_skudemand
)
UPDATE catalog_skudemand AS demand SET is_best_seller = ranked.is_best
FROM ranked WHERE ranked.id = demand.id AND demand.is_best_seller <> ranked.is_best
"""


@dataclass(frozen=True)
class Demand:
    """Pieces a day and their spread; `error` is a WAPE, None when it could not be tested."""

    place_id: int
    sku_id: int
    daily_mean: float
    daily_sigma: float
    method: str
    error: float | None


@unit
def record(*, found: Sequence[Demand], at: datetime) -> None:
    """Write these, in one statement; what was known before is replaced."""
    if not found:
        return
    columns: list[list[Any]] = [
        [one.place_id for one in found],
        [one.sku_id for one in found],
        [one.daily_mean for one in found],
        [one.daily_sigma for one in found],
        [one.method for one in found],
        [one.error for one in found],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [at, *columns])


@unit
def rank(*, share: float) -> int:
    """Mark the best sellers: this share of each place's SKUs by expected pieces; returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(_RANK, [share])
        return int(cursor.rowcount)
