"""What must always be true of batches."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "BT1",
        "what lies of batches at a level is part of what lies there",
        """
        SELECT level.id, level.on_hand, sum(lying.on_hand)
        FROM catalog_stocklevel AS level JOIN catalog_batchlevel AS lying ON lying.level_id = level.id
        GROUP BY level.id
        HAVING sum(lying.on_hand) > level.on_hand OR min(lying.on_hand) < 0
        """,
    ),
    Invariant(
        "BT2",
        "what lies of a batch at a level is the sum of its movements there",
        """
        SELECT level.id, batch.code, lying.on_hand, sum(movement.delta_on_hand)
        FROM catalog_batchlevel AS lying
        JOIN catalog_batch AS batch ON batch.id = lying.batch_id
        JOIN catalog_stocklevel AS level ON level.id = lying.level_id
        LEFT JOIN catalog_stockmovement AS movement
          ON movement.level_id = level.id AND movement.batch = batch.code
        GROUP BY level.id, batch.id, lying.id
        HAVING lying.on_hand <> coalesce(sum(movement.delta_on_hand), 0)
        """,
    ),
    Invariant(
        "BT3",
        "a batch lies where its SKU lies",
        """
        SELECT lying.id, level.sku_id, batch.sku_id
        FROM catalog_batchlevel AS lying
        JOIN catalog_batch AS batch ON batch.id = lying.batch_id
        JOIN catalog_stocklevel AS level ON level.id = lying.level_id
        WHERE level.sku_id <> batch.sku_id
        """,
    ),
    Invariant(
        "BT4",
        "a loss is a movement that took as much away",
        """
        SELECT loss.id, loss.quantity, movement.delta_on_hand
        FROM catalog_loss AS loss LEFT JOIN catalog_stockmovement AS movement ON movement.key = loss.key
        WHERE movement.id IS NULL OR movement.delta_on_hand <> -loss.quantity
           OR movement.level_id <> loss.level_id
        """,
    ),
]
