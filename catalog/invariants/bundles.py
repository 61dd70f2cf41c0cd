"""What must always be true of bundle products."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "BU2",
        "a bundle has no stock of its own, no bundle inside, and at least two pieces",
        """
        SELECT bundle.sku_id, 'stock' FROM catalog_bundle AS bundle
        JOIN catalog_stocklevel AS level ON level.sku_id = bundle.sku_id
        UNION ALL
        SELECT bundle.sku_id, 'bundle' FROM catalog_bundle AS bundle
        JOIN catalog_bundlecomponent AS component ON component.sku_id = bundle.sku_id
        UNION ALL
        SELECT bundle.sku_id, 'pieces' FROM catalog_bundle AS bundle
        LEFT JOIN catalog_bundlecomponent AS component ON component.bundle_id = bundle.id
        GROUP BY bundle.id HAVING coalesce(sum(component.quantity), 0) < 2
        """,
    ),
]
