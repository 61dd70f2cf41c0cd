"""What orders tell the catalog about sales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from shop.core.transactions import require_transaction

_DAYS = """
INSERT INTO catalog_skuday AS day (sku_id, on_date, sold_count, lowest_deal_price)
SELECT sku_id, %s, sum(quantity), min(price)
FROM unnest(%s::bigint[], %s::int[], %s::numeric[]) AS deal(sku_id, quantity, price)
GROUP BY sku_id ORDER BY sku_id
ON CONFLICT (sku_id, on_date) DO UPDATE
SET sold_count = day.sold_count + excluded.sold_count,
    lowest_deal_price = least(day.lowest_deal_price, excluded.lowest_deal_price)
"""
_PRODUCTS = """
WITH held AS (
    SELECT id FROM catalog_product WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
), sold AS (
    SELECT product_id, sum(quantity) AS pieces
    FROM unnest(%s::bigint[], %s::int[]) AS deal(product_id, quantity) GROUP BY product_id
)
UPDATE catalog_product AS product SET sold_count = product.sold_count + sold.pieces
FROM sold JOIN held ON held.id = sold.product_id
WHERE product.id = sold.product_id
"""


@dataclass(frozen=True)
class Deal:
    """So many pieces of a SKU sold at a unit price (yuan)."""

    sku_id: int
    product_id: int
    quantity: int
    unit_price: Decimal


def record(*, on_date: date, deals: Sequence[Deal]) -> None:
    """Count sales of a business day by SKU and by product, in the caller's transaction; two statements.

    Not idempotent by itself: call it from a reaction, whose effect happens once.
    """
    require_transaction()
    if not deals:
        return
    quantities = [deal.quantity for deal in deals]
    products = [deal.product_id for deal in deals]
    with connection.cursor() as cursor:
        cursor.execute(
            _DAYS, [on_date, [deal.sku_id for deal in deals], quantities, [d.unit_price for d in deals]]
        )
        cursor.execute(_PRODUCTS, [sorted(set(products)), products, quantities])
