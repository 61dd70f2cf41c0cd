"""How fast every SKU turns over and how dead its stock is, made anew every night, so many SKUs at a time."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from analytics.policies import CAPITAL_RATE, HOLDING_COST
from catalog.models import Sku
from shop.core import clock
from shop.core.transactions import unit

DAYS = 90
BATCH = 10_000

_WRITE = """
WITH sku AS (
    SELECT id, list_price, volume_cm3, coalesce(cost_price, round(list_price * 0.7, 2)) AS cost,
           EXISTS (SELECT 1 FROM catalog_suppliersku AS source
                   WHERE source.sku_id = catalog_sku.id AND source.is_active) AS has_supplier
    FROM catalog_sku WHERE id > %(low)s AND id <= %(high)s
), stock AS (
    SELECT sku_id, sum(on_hand) AS on_hand FROM catalog_stocklevel
    WHERE sku_id > %(low)s AND sku_id <= %(high)s AND pool <> 'transit' GROUP BY sku_id
), day AS (
    SELECT *, coalesce(lead(on_date) OVER (PARTITION BY sku_id, place_id ORDER BY on_date),
                       %(today)s) AS until
    FROM analytics_stockday
    WHERE sku_id > %(low)s AND sku_id <= %(high)s AND on_date < %(today)s
), span AS (
    SELECT sku_id, max(on_date) FILTER (WHERE sold_count > 0) AS last_sold, min(on_date) AS first_seen,
           coalesce(sum(sold_count) FILTER (WHERE on_date >= %(first)s), 0) AS sold,
           sum(on_hand::numeric * greatest(until - greatest(on_date, %(first)s), 0)) AS piece_days
    FROM day GROUP BY sku_id
), arrival AS (
    SELECT sku_id, on_date, sum(received_count) AS pieces,
           sum(sum(received_count)) OVER (PARTITION BY sku_id ORDER BY on_date DESC) AS until_now
    FROM day WHERE received_count > 0 GROUP BY sku_id, on_date
), age AS (
    SELECT sku_id, sum(left_over * (%(today)s - on_date)) / nullif(sum(left_over), 0) AS days
    FROM (
        SELECT arrival.sku_id, on_date,
               greatest(least(pieces, stock.on_hand - (until_now - pieces)), 0) AS left_over
        FROM arrival JOIN stock USING (sku_id)
    ) AS part GROUP BY sku_id
), fact AS (
    SELECT sku.id, sku.cost, sku.list_price, sku.has_supplier, coalesce(stock.on_hand, 0) AS on_hand,
           coalesce(span.sold, 0) AS sold, age.days AS age_days,
           %(today)s - coalesce(span.last_sold, span.first_seen) AS idle_days,
           least(%(days)s, %(today)s - span.first_seen) AS seen_days,
           coalesce(stock.on_hand, 0) * sku.cost AS value, coalesce(span.sold, 0) * sku.cost AS cogs,
           coalesce(span.piece_days, 0) * sku.cost
               / greatest(least(%(days)s, %(today)s - span.first_seen), 1) AS average_value,
           coalesce(stock.on_hand, 0) * (sku.volume_cm3 / 1000000.0 * %(holding)s * 30
               + sku.cost * %(capital)s / 12) AS holding,
           coalesce(span.sold, 0) * (sku.list_price - sku.cost) * 30.0 / %(days)s AS profit,
           CASE WHEN sku.list_price > 0 THEN (sku.list_price - sku.cost) / sku.list_price END AS margin,
           CASE WHEN coalesce(span.sold, 0) + coalesce(stock.on_hand, 0) > 0
                THEN coalesce(span.sold, 0)::float8 / (coalesce(span.sold, 0) + stock.on_hand) END AS through
    FROM sku LEFT JOIN stock ON stock.sku_id = sku.id LEFT JOIN span ON span.sku_id = sku.id
    LEFT JOIN age ON age.sku_id = sku.id
), judged AS (
    SELECT *,
           CASE WHEN on_hand <= 0 THEN 0 ELSE least(coalesce(seen_days, 0) / 30.0, 1) END AS fair,
           35 * least(coalesce(idle_days, 0) / 60.0, 1) AS idle_points,
           30 * (1 - least(coalesce(through, 0) / 0.5, 1)) AS sell_points,
           20 * least(value * coalesce(age_days, 0) / 30000, 1) AS ageing_points,
           15 * CASE WHEN profit > 0 THEN least(holding / profit, 1) ELSE 1 END AS holding_points
    FROM fact
)
INSERT INTO analytics_skuhealth (
    sku_id, computed_on, days, on_hand, stock_value, age_days, idle_days, sold_count, cogs, average_value,
    turnover, days_of_stock, sell_through, margin, holding_cost,
    idle_points, sell_points, ageing_points, holding_points, score, suggestion
)
SELECT id, %(today)s, greatest(coalesce(seen_days, 0), 1), on_hand, round(value, 2), round(age_days),
       idle_days, sold, round(cogs, 2), round(average_value, 2),
       CASE WHEN average_value > 0 THEN cogs / average_value * 365 / greatest(seen_days, 1) END,
       CASE WHEN cogs > 0 THEN average_value / cogs * greatest(seen_days, 1) END,
       through, margin, round(holding::numeric, 2),
       idle_points * fair, sell_points * fair, ageing_points * fair, holding_points * fair,
       least((idle_points + sell_points + ageing_points + holding_points) * fair, 100),
       CASE WHEN on_hand <= 0 THEN ''
            WHEN sold > 0 AND margin >= 0.3 THEN 'bundle'
            WHEN has_supplier AND value >= 300 THEN 'return'
            WHEN margin >= 0.15 THEN 'clear'
            ELSE 'outside' END
FROM judged
ON CONFLICT (sku_id) DO UPDATE
SET computed_on = excluded.computed_on, days = excluded.days, on_hand = excluded.on_hand,
    stock_value = excluded.stock_value, age_days = excluded.age_days, idle_days = excluded.idle_days,
    sold_count = excluded.sold_count, cogs = excluded.cogs, average_value = excluded.average_value,
    turnover = excluded.turnover, days_of_stock = excluded.days_of_stock,
    sell_through = excluded.sell_through, margin = excluded.margin, holding_cost = excluded.holding_cost,
    idle_points = excluded.idle_points, sell_points = excluded.sell_points,
    ageing_points = excluded.ageing_points, holding_points = excluded.holding_points,
    score = excluded.score, suggestion = excluded.suggestion
"""


def run(*, batch: int = BATCH) -> int:
    """Judge every SKU by the days until yesterday; returns how many. One statement a batch."""
    today = clock.business_day(clock.now())
    last = Sku.objects.aggregate(last=Max("pk"))["last"] or 0
    return sum(_write(low, low + batch, today) for low in range(0, last, batch))


@unit
def _write(low: int, high: int, today: date) -> int:
    values: dict[str, Any] = {
        "low": low,
        "high": high,
        "today": today,
        "first": today - timedelta(days=DAYS),
        "days": DAYS,
        "holding": HOLDING_COST.get(),
        "capital": CAPITAL_RATE.get(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        return int(cursor.rowcount)
