"""The movement ledger by day. Written again for the last days at every run, so a missed run is harmless."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Max

from analytics.models import StockDay
from shop.core import clock
from shop.core.transactions import unit

AGAIN_DAYS = 3
KEPT_DAYS = 400

_WRITE = """
WITH moved AS (
    SELECT level.place_id, level.sku_id, (move.created_at AT TIME ZONE 'Asia/Shanghai')::date AS on_date,
           sum(CASE WHEN move.reason = 'consumed' THEN -move.delta_on_hand ELSE 0 END) AS sold,
           sum(CASE WHEN move.reason IN ('received', 'opening', 'arrived')
                    THEN move.delta_on_hand ELSE 0 END) AS received,
           sum(CASE WHEN level.pool <> 'transit' THEN move.delta_on_hand ELSE 0 END) AS on_hand,
           sum(CASE WHEN level.pool = 'spot'
                    THEN move.delta_on_hand - move.delta_reserved ELSE 0 END) AS free
    FROM catalog_stockmovement AS move JOIN catalog_stocklevel AS level ON level.id = move.level_id
    WHERE move.created_at >= %s
    GROUP BY 1, 2, 3
), now AS (
    SELECT place_id, sku_id,
           sum(CASE WHEN pool <> 'transit' THEN on_hand ELSE 0 END) AS on_hand,
           sum(CASE WHEN pool = 'spot' THEN on_hand - reserved ELSE 0 END) AS free
    FROM catalog_stocklevel GROUP BY place_id, sku_id
), closed AS (
    SELECT moved.place_id, moved.sku_id, moved.on_date, moved.sold, moved.received,
           now.on_hand - coalesce(sum(moved.on_hand) OVER later, 0) AS on_hand,
           now.free - coalesce(sum(moved.free) OVER later, 0) AS free
    FROM moved JOIN now USING (place_id, sku_id)
    WINDOW later AS (
        PARTITION BY place_id, sku_id ORDER BY moved.on_date
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    )
)
INSERT INTO analytics_stockday
    (place_id, sku_id, on_date, sold_count, received_count, on_hand, free, is_promoted)
SELECT closed.place_id, closed.sku_id, closed.on_date, greatest(closed.sold, 0),
       greatest(closed.received, 0), closed.on_hand, closed.free,
       coalesce(deal.lowest_deal_price < 0.95 * sku.list_price, false)
FROM closed JOIN catalog_sku AS sku ON sku.id = closed.sku_id
LEFT JOIN catalog_skuday AS deal ON deal.sku_id = closed.sku_id AND deal.on_date = closed.on_date
ON CONFLICT (place_id, sku_id, on_date) DO UPDATE
SET sold_count = excluded.sold_count, received_count = excluded.received_count,
    on_hand = excluded.on_hand, free = excluded.free, is_promoted = excluded.is_promoted
"""


def refresh() -> int:
    """Brings the days up to now; returns the rows written. The first run reads as much as is kept."""
    today = clock.business_day(clock.now())
    known: date | None = StockDay.objects.aggregate(last=Max("on_date"))["last"]
    oldest = today - timedelta(days=KEPT_DAYS)
    first = oldest if known is None else max(min(known, today) - timedelta(days=AGAIN_DAYS), oldest)
    return write(clock.day_bounds(first)[0])


@unit
def write(since: datetime) -> int:
    """The days from this instant on, which starts a business day; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [since])
        return int(cursor.rowcount)
