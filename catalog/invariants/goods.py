"""What must always be true of goods and their prices."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "CA1",
        "the price range of a product is that of its active SKUs",
        """
        SELECT product.id, product.lowest_price, product.highest_price
        FROM catalog_product AS product
        LEFT JOIN catalog_sku AS sku ON sku.product_id = product.id AND sku.is_active
        GROUP BY product.id
        HAVING product.lowest_price IS DISTINCT FROM min(sku.list_price)
            OR product.highest_price IS DISTINCT FROM max(sku.list_price)
        """,
    ),
    Invariant(
        "CA2",
        "the last price in the history of a SKU is its price",
        """
        SELECT sku.id, sku.list_price, last.new_price
        FROM catalog_sku AS sku
        CROSS JOIN LATERAL (
            SELECT new_price FROM catalog_pricechange AS change
            WHERE change.sku_id = sku.id ORDER BY change.id DESC LIMIT 1
        ) AS last
        WHERE last.new_price <> sku.list_price
        """,
    ),
    Invariant(
        "CA3",
        "a category lies one level below its parent",
        """
        SELECT child.id, child.depth, parent.depth
        FROM catalog_category AS child LEFT JOIN catalog_category AS parent ON parent.id = child.parent_id
        WHERE child.depth <> coalesce(parent.depth, 0) + 1
        """,
    ),
]
