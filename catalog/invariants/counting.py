"""What must always be true of counts and of goods on the way."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "TR1",
        "what lies in transit at a place is what transfers under way bring there",
        """
        SELECT coalesce(lying.place_id, under_way.place_id), coalesce(lying.sku_id, under_way.sku_id),
               lying.pieces, under_way.pieces
        FROM (
            SELECT place_id, sku_id, sum(on_hand) AS pieces FROM catalog_stocklevel
            WHERE pool = 'transit' GROUP BY place_id, sku_id
        ) AS lying
        FULL JOIN (
            SELECT transfer.target_id AS place_id, line.sku_id, sum(line.sent_count) AS pieces
            FROM catalog_transferline AS line
            JOIN catalog_transfer AS transfer ON transfer.id = line.transfer_id
            WHERE transfer.status = 'sent' GROUP BY transfer.target_id, line.sku_id
        ) AS under_way USING (place_id, sku_id)
        WHERE coalesce(lying.pieces, 0) <> coalesce(under_way.pieces, 0)
        """,
    ),
    Invariant(
        "TR2",
        "what left the source of a transfer is on the way, arrived, came back or is explained",
        """
        SELECT transfer.number, sum(movement.delta_on_hand)
        FROM catalog_transfer AS transfer
        JOIN catalog_stockmovement AS movement ON movement.reference = 'transfer:' || transfer.number
        GROUP BY transfer.id
        HAVING sum(movement.delta_on_hand) <> (
            SELECT sum(extra_count::int - missing_count::int) FROM catalog_transferline AS line
            WHERE line.transfer_id = transfer.id)
        """,
    ),
    Invariant(
        "CN1",
        "a line of a count is booked at most once, with exactly its difference",
        """
        SELECT line.id, line.counted - line.book, coalesce(sum(movement.delta_on_hand), 0)
        FROM catalog_stocktakeline AS line
        JOIN catalog_stocktake AS sheet ON sheet.id = line.stocktake_id
        LEFT JOIN catalog_stockmovement AS movement
          ON movement.reference = 'stocktake:' || sheet.number
         AND movement.key LIKE 'stocktake:' || sheet.number || ':' || line.id || ':%'
        WHERE line.counted IS NOT NULL
        GROUP BY line.id
        HAVING coalesce(sum(movement.delta_on_hand), 0)
            <> CASE WHEN line.booked_at IS NULL THEN 0 ELSE line.counted - line.book END
        """,
    ),
]
