"""Warning of stock that runs short: at once when it does, again when it gets worse, else once a day."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from catalog.events import StockFellShort
from catalog.models import StockLevel
from catalog.policies import ALERT_AGAIN_HOURS, COVER_DAYS, CRITICAL_SHARE
from shop.core import clock
from shop.core.events import publish
from shop.core.transactions import unit

BATCH = 20_000
NAMED_AT_ONCE = 500

_JUDGE = """
WITH judged AS (
    SELECT level.id, level.place_id, level.on_hand - level.reserved AS free,
           greatest(level.alert_at, ceil(coalesce(demand.daily_mean, 0) * coalesce(
               level.cover_days, CASE WHEN demand.is_best_seller THEN %(days)s ELSE 0 END)))::int AS mark,
           (level.on_hand - level.reserved) / nullif(demand.daily_mean, 0) AS cover_days
    FROM catalog_stocklevel AS level
    JOIN catalog_sku AS sku ON sku.id = level.sku_id AND sku.is_active
    JOIN catalog_place AS place ON place.id = level.place_id AND place.is_active
    LEFT JOIN catalog_skudemand AS demand
        ON demand.sku_id = level.sku_id AND demand.place_id = level.place_id
    WHERE level.pool = 'spot' AND (level.id > %(low)s AND level.id <= %(high)s OR level.id = ANY(%(ids)s))
), short AS MATERIALIZED (
    SELECT *, CASE WHEN free <= 0 THEN 'out' WHEN free <= mark * %(critical)s THEN 'critical' ELSE 'warn' END
           AS tier
    FROM judged WHERE mark > 0 AND free <= mark
), well AS (
    UPDATE catalog_stockalert AS alert SET closed_at = greatest(%(now)s, alert.raised_at)
    WHERE alert.closed_at IS NULL
      AND (alert.level_id > %(low)s AND alert.level_id <= %(high)s OR alert.level_id = ANY(%(ids)s))
      AND NOT EXISTS (SELECT 1 FROM short WHERE short.id = alert.level_id)
), raised AS (
    INSERT INTO catalog_stockalert AS alert
        (level_id, tier, free_count, mark, cover_days, raised_at, told_at, told_count)
    SELECT id, tier, free, mark, cover_days, %(now)s, %(now)s, 1 FROM short ORDER BY id
    ON CONFLICT (level_id) WHERE closed_at IS NULL DO UPDATE
    SET told_at = CASE WHEN alert.told_at <= %(again)s
                            OR strpos('warn critical out', excluded.tier)
                             > strpos('warn critical out', alert.tier)
                       THEN %(now)s ELSE alert.told_at END,
        told_count = alert.told_count
                   + CASE WHEN alert.told_at <= %(again)s
                                 OR strpos('warn critical out', excluded.tier)
                             > strpos('warn critical out', alert.tier)
                            THEN 1 ELSE 0 END,
        tier = excluded.tier, free_count = excluded.free_count, mark = excluded.mark,
        cover_days = excluded.cover_days
    WHERE alert.told_at <= %(again)s
       OR (alert.tier, alert.free_count, alert.mark)
          IS DISTINCT FROM (excluded.tier, excluded.free_count, excluded.mark)
    RETURNING level_id, told_at
)
SELECT short.place_id, short.id FROM short JOIN raised ON raised.level_id = short.id
WHERE raised.told_at = %(now)s ORDER BY 1, 2
"""


def scan(*, batch: int = BATCH) -> int:
    """Judge every level, so many at a time; returns how many were told of.

    One statement a batch, and two for each place in it that has news.
    """
    last = StockLevel.objects.aggregate(last=Max("pk"))["last"] or 0
    return sum(_judge(low=low, high=low + batch, ids=[]) for low in range(0, last, batch))


def check(level_ids: Collection[int]) -> int:
    """Judge these levels now, after their stock changed; joins the caller's transaction. What is well again
    may be reported anew at once when it falls."""
    return _judge(low=0, high=0, ids=sorted(level_ids)) if level_ids else 0


@unit
def _judge(**which: Any) -> int:
    now = clock.now()
    rules = {
        "now": now,
        "again": now - timedelta(hours=ALERT_AGAIN_HOURS.get()),
        "days": COVER_DAYS.get(),
        "critical": CRITICAL_SHARE.get(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, which | rules)
        told = cursor.fetchall()
    by_place: dict[int, list[int]] = {}
    for place_id, level_id in told:
        by_place.setdefault(place_id, []).append(level_id)
    for place_id, level_ids in by_place.items():
        publish(StockFellShort(place_id=place_id, level_ids=tuple(level_ids[:NAMED_AT_ONCE])))
    return len(told)
