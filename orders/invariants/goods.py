"""Sentences about the pieces of orders: held, sent, withdrawn, and those of bundles."""

ST3 = """
WITH held AS (
    SELECT reference, line_key, sum(quantity - consumed_count - released_count) AS open,
           sum(consumed_count) AS consumed
    FROM catalog_reservation WHERE reference LIKE 'order:%' GROUP BY reference, line_key
)
SELECT o.number, l.key, held.open, l.quantity FROM (
    SELECT order_id, key, quantity, shipped_count, withdrawn_count FROM orders_orderline line
    WHERE NOT EXISTS (SELECT 1 FROM orders_linecomponent c WHERE c.line_id = line.id)
    UNION ALL
    SELECT line.order_id, c.key, c.quantity, c.shipped_count, c.withdrawn_count
    FROM orders_linecomponent c JOIN orders_orderline line ON line.id = c.line_id
) l
JOIN orders_order o ON o.id = l.order_id
LEFT JOIN held ON held.reference = 'order:' || o.number AND held.line_key = l.key
WHERE coalesce(held.consumed, 0) <> l.shipped_count
   OR o.status = 'unpaid' AND coalesce(held.open, 0) <> l.quantity
   OR o.status IN ('paid', 'completed') AND (
        coalesce(held.open, 0) < l.quantity - l.shipped_count - l.withdrawn_count
        OR coalesce(held.open, 0) > l.quantity - l.shipped_count)
   OR o.status = 'closed' AND coalesce(held.open, 0) <> 0
UNION ALL
SELECT held.reference, held.line_key, held.open, 0 FROM held
WHERE NOT EXISTS (SELECT 1 FROM orders_order o WHERE 'order:' || o.number = held.reference)
"""

ST5 = """
SELECT o.number, l.key, l.shipped_count, l.quantity FROM (
    SELECT line.*, sent.pieces FROM (
        SELECT id, order_id, key, quantity, shipped_count, withdrawn_count FROM orders_orderline
        WHERE NOT EXISTS (SELECT 1 FROM orders_linecomponent c WHERE c.line_id = orders_orderline.id)
    ) line
    LEFT JOIN (SELECT line_id, sum(quantity) AS pieces FROM orders_shipmentline GROUP BY line_id) sent
      ON sent.line_id = line.id
    UNION ALL
    SELECT c.id, line.order_id, c.key, c.quantity, c.shipped_count, c.withdrawn_count, sent.pieces
    FROM orders_linecomponent c JOIN orders_orderline line ON line.id = c.line_id
    LEFT JOIN (
        SELECT component_id, sum(quantity) AS pieces FROM orders_shipmentcomponent GROUP BY component_id
    ) sent ON sent.component_id = c.id
) l
JOIN orders_order o ON o.id = l.order_id
LEFT JOIN orders_pickup p ON p.order_id = o.id AND p.status = 'collected'
WHERE l.shipped_count > l.quantity - l.withdrawn_count
   OR p.id IS NULL AND l.shipped_count <> coalesce(l.pieces, 0)
   OR p.id IS NOT NULL AND l.shipped_count <> l.quantity - l.withdrawn_count
"""

BU1 = """
SELECT o.number, l.key, l.due, sum(c.due) FROM orders_linecomponent c
JOIN orders_orderline l ON l.id = c.line_id JOIN orders_order o ON o.id = l.order_id
GROUP BY o.number, l.id
HAVING sum(c.due) <> l.due OR sum(c.refunded_amount) <> l.refunded_amount
    OR bool_or(c.quantity <> c.per_bundle * l.quantity)
    OR l.shipped_count <> l.quantity - l.withdrawn_count - max(
        ceil((c.quantity - c.withdrawn_count - c.shipped_count)::numeric / c.per_bundle))
UNION ALL
SELECT o.number, c.key, c.refunded_amount, coalesce(back.amount, 0) FROM orders_linecomponent c
JOIN orders_orderline l ON l.id = c.line_id JOIN orders_order o ON o.id = l.order_id
LEFT JOIN (
    SELECT part.component_id, sum(part.amount) FILTER (WHERE r.status <> 'closed') AS amount,
           sum(part.quantity) FILTER (WHERE r.status <> 'closed') AS pieces,
           sum(part.withdrawn_count) AS withdrawn
    FROM orders_refundcomponent part JOIN orders_refundline whole ON whole.id = part.refund_line_id
    JOIN orders_refund r ON r.id = whole.refund_id GROUP BY part.component_id
) back ON back.component_id = c.id
WHERE c.refunded_amount <> coalesce(back.amount, 0) OR c.refunded_count <> coalesce(back.pieces, 0)
   OR c.withdrawn_count <> coalesce(back.withdrawn, 0)
UNION ALL
SELECT r.number, l.key, whole.amount, coalesce(sum(part.amount), 0) FROM orders_refundline whole
JOIN orders_refund r ON r.id = whole.refund_id JOIN orders_orderline l ON l.id = whole.line_id
LEFT JOIN orders_refundcomponent part ON part.refund_line_id = whole.id
WHERE EXISTS (SELECT 1 FROM orders_linecomponent c WHERE c.line_id = l.id)
GROUP BY r.number, l.key, whole.id HAVING whole.amount <> coalesce(sum(part.amount), 0)
"""

SH1 = """
SELECT o.number, o.status, o.shipping_status FROM orders_order o
WHERE o.status = 'completed' AND o.shipping_status <> 'received'
   OR o.shipping_status = 'received' AND (o.status <> 'completed' OR o.received_at IS NULL)
   OR o.status IN ('unpaid', 'closed') AND o.shipping_status <> 'none'
   OR o.shipping_status IN ('shipped', 'received') AND EXISTS (
        SELECT 1 FROM orders_orderline l
        WHERE l.order_id = o.id AND l.shipped_count < l.quantity - l.withdrawn_count)
UNION ALL
SELECT o.number, o.status, p.status FROM orders_pickup p JOIN orders_order o ON o.id = p.order_id
WHERE (p.status = 'collected') <> (o.status = 'completed')
   OR (p.status = 'cancelled') <> (o.status = 'closed')
   OR p.place_id <> o.place_id OR (p.status = 'collected') <> (p.verified_at IS NOT NULL)
"""
