"""What must always be true of what is bought in."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "PU1",
        "what a line of a purchase order says arrived is what its receipts counted",
        """
        SELECT line.id, line.received_good, line.received_defect, sum(row.good), sum(row.defect)
        FROM catalog_purchaseline AS line
        LEFT JOIN catalog_goodsreceiptline AS row ON row.line_id = line.id
        GROUP BY line.id
        HAVING line.received_good <> coalesce(sum(row.good), 0)
            OR line.received_defect <> coalesce(sum(row.defect), 0)
        """,
    ),
    Invariant(
        "PU2",
        "a goods receipt is owed as its lines add up, and its goods lie in the ledger of stock",
        """
        SELECT receipt.id, receipt.amount
        FROM catalog_goodsreceipt AS receipt
        WHERE receipt.amount <> (
                SELECT coalesce(sum(row.amount), 0) FROM catalog_goodsreceiptline AS row
                WHERE row.receipt_id = receipt.id)
            OR EXISTS (
                SELECT 1 FROM catalog_goodsreceiptline AS row
                WHERE row.receipt_id = receipt.id AND row.good > 0 AND NOT EXISTS (
                    SELECT 1 FROM catalog_stockmovement AS moved
                    WHERE moved.key = 'receive:purchase:' || row.id || ':spot'
                      AND moved.delta_on_hand = row.good))
        """,
        is_slow=True,
    ),
    Invariant(
        "PU3",
        "the amount of a purchase order is the sum of its lines",
        """
        SELECT bought.id, bought.amount
        FROM catalog_purchaseorder AS bought
        WHERE bought.amount <> (
            SELECT coalesce(sum(line.amount), 0) FROM catalog_purchaseline AS line
            WHERE line.order_id = bought.id)
        """,
    ),
]
