"""Sentences about orders and their money that hold at any time, over the whole database."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from orders.invariants.goods import BU1, SH1, ST3, ST5
from orders.models import Order, Refund
from orders.terms import OrderStatus, RefundStatus, ShippingStatus
from shop.core import clock
from shop.core.invariants import Invariant, Row

OVERDUE = timedelta(hours=1)

OR1 = """
SELECT number FROM orders_order WHERE number !~ '^[0-9]{18}$'
UNION ALL
SELECT min(number) FROM orders_order GROUP BY member_id, key HAVING count(*) > 1
"""

OR2_LINES = """
SELECT o.number, l.key, l.list_amount, l.due FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE l.list_amount <> l.list_price * l.quantity
   OR l.list_amount - l.due <> coalesce(
        (SELECT sum((share->>'amount')::numeric) FROM jsonb_array_elements(l.shares) share), 0)
"""

OR2_ORDERS = """
SELECT o.number, o.due FROM orders_order o
JOIN (SELECT order_id, sum(list_amount) AS listed, sum(due) AS due FROM orders_orderline GROUP BY order_id) l
  ON l.order_id = o.id
WHERE o.list_total <> l.listed OR o.goods_due <> l.due OR o.due <> o.goods_due + o.freight_due
   OR o.due <> (o.quote->>'due')::numeric OR o.digest <> o.quote->>'digest'
   OR o.list_total + (o.quote->>'freight_list')::numeric - o.due <> coalesce((
        SELECT sum((a->>'amount')::numeric) FROM jsonb_array_elements(o.quote->'adjustments') a), 0)
UNION ALL
SELECT o.number, o.due FROM orders_order o
WHERE NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.order_id = o.id)
"""

OR2_SHARES = """
SELECT o.number, a->>'rule' FROM orders_order o, jsonb_array_elements(o.quote->'adjustments') a
WHERE (a->>'amount')::numeric <> (
    SELECT sum(share.value::numeric) FROM jsonb_each_text(a->'shares') share)
"""

OR4 = """
WITH steps AS (
    SELECT order_id, id, from_status, to_status,
           from_status IN ('none', 'partial', 'shipped', 'received') AS is_shipping
    FROM orders_ordertransition
), chain AS (
    SELECT *, lag(to_status) OVER walk AS before, lead(id) OVER walk IS NULL AS is_last
    FROM steps WINDOW walk AS (PARTITION BY order_id, is_shipping ORDER BY id)
)
SELECT o.number, c.from_status, c.to_status FROM chain c JOIN orders_order o ON o.id = c.order_id
WHERE c.from_status <> coalesce(c.before, CASE WHEN is_shipping THEN 'none' ELSE 'unpaid' END)
   OR c.is_last AND c.to_status <> CASE WHEN is_shipping THEN o.shipping_status ELSE o.status END
UNION ALL
SELECT o.number, 'unpaid', o.status FROM orders_order o
WHERE o.status <> 'unpaid' AND NOT EXISTS (
    SELECT 1 FROM orders_ordertransition t WHERE t.order_id = o.id AND t.from_status = 'unpaid')
"""

OR5 = """
SELECT o.number, o.paid_amount, o.due FROM orders_order o
LEFT JOIN (
    SELECT s.order_id, sum(s.amount) AS amount FROM orders_paymentshare s
    JOIN orders_payment p ON p.id = s.payment_id
    WHERE s.is_accepted AND p.status = 'paid' GROUP BY s.order_id
) paid ON paid.order_id = o.id
WHERE o.paid_amount <> coalesce(paid.amount, 0)
   OR o.status IN ('paid', 'completed') AND (o.paid_amount < o.due OR o.paid_at IS NULL)
   OR o.status = 'unpaid' AND (o.paid_amount > 0 OR o.paid_at IS NOT NULL)
"""

# accounts of one person, joined once, parted again or not: an entry of points stays with the account it was
# posted to, an order goes where its person is
KIN = """
WITH RECURSIVE step(one, other) AS (
    SELECT gone_id, kept_id FROM members_membermerge
    UNION ALL SELECT kept_id, gone_id FROM members_membermerge
), kin(one, other) AS (
    SELECT one, other FROM step UNION SELECT kin.one, step.other FROM kin JOIN step ON step.one = kin.other
)
"""
OF_ONE_PERSON = "(e.member_id = o.member_id OR (e.member_id, o.member_id) IN (SELECT one, other FROM kin))"

OR6 = f"""{KIN}
SELECT o.number, 'stock' FROM orders_order o
JOIN catalog_reservation r ON r.reference = 'order:' || o.number AND r.status = 'active'
WHERE o.status = 'closed'
UNION ALL
SELECT o.number, u.rule FROM orders_order o
JOIN marketing_promotionuse u ON u.reference = 'order:' || o.number AND u.released_at IS NULL
WHERE o.status = 'closed'
UNION ALL
SELECT o.number, 'points' FROM orders_order o
WHERE o.status = 'closed' AND o.points_used > 0 AND o.points_used > coalesce((
    SELECT sum(e.amount) FROM members_pointsentry e
    WHERE {OF_ONE_PERSON} AND e.kind = 'give_back' AND (e.source = 'close:' || o.number
      OR e.source IN (SELECT 'refund:' || r.number FROM orders_refund r WHERE r.order_id = o.id))), 0)
"""  # noqa: S608  constants of this file

OR7 = """
SELECT p.number, p.amount FROM orders_payment p
JOIN (SELECT payment_id, sum(amount) AS amount FROM orders_paymentshare GROUP BY payment_id) s
  ON s.payment_id = p.id
WHERE s.amount <> p.amount
UNION ALL
SELECT o.number, s.amount FROM orders_paymentshare s JOIN orders_order o ON o.id = s.order_id
WHERE (s.is_open OR s.is_accepted) AND s.amount <> o.due
UNION ALL
SELECT p.number, p.amount FROM orders_notice n
JOIN orders_payment p ON p.number = n.number AND p.gateway = n.gateway
WHERE n.gateway = 'wechat' AND n.kind = 'payment' AND n.outcome = 'paid'
  AND (n.resource->'amount'->>'total')::numeric <> p.amount * 100
"""

PA1 = """
SELECT o.number FROM orders_paymentshare s JOIN orders_order o ON o.id = s.order_id
WHERE s.is_open GROUP BY o.number HAVING count(*) > 1
UNION ALL
SELECT p.number FROM orders_paymentshare s JOIN orders_payment p ON p.id = s.payment_id
WHERE s.is_open <> (p.status IN ('created', 'pending'))
UNION ALL
SELECT o.number FROM orders_paymentshare s JOIN orders_order o ON o.id = s.order_id
WHERE s.is_open AND o.status = 'closed'
"""

PA2 = """
SELECT gateway, transaction_id FROM orders_payment WHERE transaction_id IS NOT NULL
GROUP BY gateway, transaction_id HAVING count(*) > 1
UNION ALL
SELECT gateway, notice_id FROM orders_notice GROUP BY gateway, notice_id HAVING count(*) > 1
"""

PA3 = """
SELECT p.number, p.status FROM orders_payment p
LEFT JOIN (
    SELECT payment_id, count(*) FILTER (WHERE to_status = 'paid') AS paid,
           (array_agg(to_status ORDER BY id DESC))[1] AS last,
           bool_or(to_status = 'paid' AND actor NOT LIKE 'gateway:%') AS is_own
    FROM orders_paymenttransition GROUP BY payment_id
) step ON step.payment_id = p.id
WHERE step.last <> p.status
   OR p.status = 'paid' AND (
        step.paid IS DISTINCT FROM 1 OR p.gateway <> 'zero' AND (step.is_own OR p.transaction_id IS NULL))
"""

PA4 = """
SELECT p.number, o.number FROM orders_payment p
JOIN orders_paymentshare s ON s.payment_id = p.id JOIN orders_order o ON o.id = s.order_id
WHERE p.status = 'paid' AND s.amount > 0 AND NOT s.is_accepted AND 1 <> (
    SELECT count(*) FROM orders_refund r
    WHERE r.payment_id = p.id AND r.order_id = o.id AND r.amount = s.amount AND r.status <> 'closed'
      AND r.kind IN ('late_payment', 'duplicate_payment'))
UNION ALL
SELECT r.number, o.number FROM orders_refund r JOIN orders_order o ON o.id = r.order_id
WHERE r.kind IN ('late_payment', 'duplicate_payment') AND NOT EXISTS (
    SELECT 1 FROM orders_paymentshare s
    WHERE s.payment_id = r.payment_id AND s.order_id = r.order_id AND NOT s.is_accepted)
"""

RF1 = """
SELECT p.number, p.amount, p.refunded_amount FROM orders_payment p
LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM orders_refund WHERE status <> 'closed' GROUP BY 1) r
  ON r.payment_id = p.id
WHERE coalesce(r.amount, 0) > p.amount OR coalesce(r.amount, 0) <> p.refunded_amount
   OR r.amount > 0 AND p.status <> 'paid'
"""

RF2_LINES = """
SELECT o.number, l.key, l.refunded_count, l.refunded_amount FROM orders_orderline l
JOIN orders_order o ON o.id = l.order_id
LEFT JOIN (
    SELECT part.line_id, sum(part.quantity) AS pieces, sum(part.amount) AS amount
    FROM orders_refundline part JOIN orders_refund r ON r.id = part.refund_id
    WHERE r.status <> 'closed' GROUP BY part.line_id
) back ON back.line_id = l.id
WHERE l.refunded_count <> coalesce(back.pieces, 0) OR l.refunded_amount <> coalesce(back.amount, 0)
   OR l.withdrawn_count <> (
        SELECT coalesce(sum(part.withdrawn_count), 0) FROM orders_refundline part WHERE part.line_id = l.id)
   OR l.refunded_count > l.quantity OR l.refunded_amount > l.due
"""

RF2_ORDERS = """
SELECT o.number, o.refunded_amount FROM orders_order o
LEFT JOIN (
    SELECT order_id, sum(amount) AS amount FROM orders_refund
    WHERE status <> 'closed' AND kind NOT IN ('late_payment', 'duplicate_payment') GROUP BY order_id
) r ON r.order_id = o.id
WHERE o.refunded_amount <> coalesce(r.amount, 0) OR o.refunded_amount > o.paid_amount
UNION ALL
SELECT o.number, r.amount FROM orders_refund r JOIN orders_order o ON o.id = r.order_id
WHERE r.kind NOT IN ('late_payment', 'duplicate_payment') AND r.amount <> (
    SELECT coalesce(sum(part.amount), 0) FROM orders_refundline part WHERE part.refund_id = r.id)
UNION ALL
SELECT o.number, sum(part.amount) FROM orders_refundline part
JOIN orders_refund r ON r.id = part.refund_id JOIN orders_order o ON o.id = r.order_id
WHERE part.line_id IS NULL AND r.status <> 'closed'
GROUP BY o.id HAVING sum(part.amount) > o.freight_due
"""

RF3 = """
SELECT call.number, call.verb FROM orders_gatewaycall call
WHERE NOT EXISTS (SELECT 1 FROM orders_refund r WHERE r.number = call.number)
  AND NOT EXISTS (SELECT 1 FROM orders_payment p WHERE p.number = call.number)
UNION ALL
SELECT r.number, r.status FROM orders_refund r
LEFT JOIN (
    SELECT refund_id, count(*) FILTER (WHERE to_status IN ('succeeded', 'closed')) AS ends,
           (array_agg(to_status ORDER BY id DESC))[1] AS last
    FROM orders_refundtransition GROUP BY refund_id
) step ON step.refund_id = r.id
WHERE step.last <> r.status OR step.ends > 1
   OR r.status IN ('succeeded', 'closed') AND step.ends IS DISTINCT FROM 1
   OR (r.status IN ('succeeded', 'closed')) <> (r.done_at IS NOT NULL)
"""

PT1 = f"""{KIN}
SELECT o.number, o.points_used, e.amount FROM orders_order o
LEFT JOIN members_pointsentry e
  ON e.kind = 'spend' AND e.source = 'order:' || o.number AND {OF_ONE_PERSON}
WHERE o.points_used <> coalesce(-e.amount, 0)
UNION ALL
SELECT e.source, e.amount, 0 FROM members_pointsentry e
WHERE e.kind IN ('earn', 'spend') AND e.source LIKE 'order:%' AND NOT EXISTS (
    SELECT 1 FROM orders_order o
    WHERE o.number = substr(e.source, 7) AND {OF_ONE_PERSON}
      AND (e.kind = 'spend' OR o.status = 'completed'))
"""  # noqa: S608  constants of this file

PT2 = f"""{KIN}
SELECT e.source, e.kind, e.amount FROM members_pointsentry e
WHERE e.kind IN ('take_back', 'give_back') AND e.source LIKE 'refund:%' AND NOT EXISTS (
    SELECT 1 FROM orders_refund r JOIN orders_order o ON o.id = r.order_id
    WHERE r.number = substr(e.source, 8) AND r.status = 'succeeded' AND {OF_ONE_PERSON})
"""  # noqa: S608  constants of this file

CP1 = """
SELECT o.number, g.id, g.status FROM orders_order o
LEFT JOIN marketing_coupongrant g ON g.id = o.coupon_grant_id
LEFT JOIN marketing_promotionuse u ON u.grant_id = g.id AND u.released_at IS NULL
WHERE o.coupon_grant_id IS NOT NULL AND o.status <> 'closed' AND NOT coalesce(
    g.member_id = o.member_id AND g.status IN ('held', 'used')
    AND g.reference = 'order:' || o.number AND u.reference = g.reference
    AND u.amount = (
        SELECT sum((a->>'amount')::numeric) FROM jsonb_array_elements(o.quote->'adjustments') a
        WHERE a->>'rule' = 'coupon:' || g.id), false)
UNION ALL
SELECT u.reference, u.grant_id, u.rule FROM marketing_promotionuse u
WHERE u.released_at IS NULL AND u.reference LIKE 'order:%' AND NOT EXISTS (
    SELECT 1 FROM orders_order o
    WHERE o.number = substr(u.reference, 7) AND o.member_id = u.member_id
      AND (u.grant_id IS NULL OR o.coupon_grant_id = u.grant_id))
"""

CL1 = """
SELECT o.number, o.close_reason FROM orders_order o
WHERE o.status = 'closed' AND o.paid_amount > coalesce((
    SELECT sum(r.amount) FROM orders_refund r
    WHERE r.order_id = o.id AND r.status = 'succeeded' AND r.kind NOT IN ('late_payment', 'duplicate_payment')
), 0)
"""


def _overdue() -> Iterable[Row]:
    """Unpaid orders the closing job should have dealt with long ago."""
    late = Order.objects.filter(status=OrderStatus.UNPAID, close_after__lt=clock.now() - OVERDUE)
    return list(late.values_list("number", "close_after"))


def _stranded() -> Iterable[Row]:
    """Orders in the house whose money has been back for long: they should be closed or under way."""
    home = Order.objects.filter(
        status=OrderStatus.PAID,
        shipping_status__in=[ShippingStatus.NONE, ShippingStatus.PARTIAL],
        paid_amount__gt=0,
        refunded_amount=F("paid_amount"),
    )
    is_fresh = ~Q(status__in=[RefundStatus.SUCCEEDED, RefundStatus.CLOSED]) | Q(
        done_at__gte=clock.now() - OVERDUE
    )
    unfinished = Refund.objects.filter(is_fresh, order=OuterRef("pk"))
    return list(home.exclude(Exists(unfinished)).values_list("number", "shipping_status"))


INVARIANTS = [
    Invariant("OR1", "Order numbers have 18 digits; a member's key gives one order", OR1),
    Invariant("OR2", "A line's list amount less its shares is its due", OR2_LINES),
    Invariant("OR2", "An order's amounts are those of its lines, its freight and its quote", OR2_ORDERS),
    Invariant("OR2", "The shares of an adjustment add up to it", OR2_SHARES),
    Invariant("OR4", "The steps of an order form one chain that ends in its state", OR4),
    Invariant("OR5", "An order is paid when, and only when, its accepted money covers what is due", OR5),
    Invariant("OR6", "A closed order holds no stock, no coupon, no limit and no points", OR6),
    Invariant("OR7", "What was shown is what a gateway was asked for and says it took", OR7),
    Invariant("PA1", "An order has at most one open payment, a closed one none", PA1),
    Invariant("PA2", "A transaction pays once, a notice is kept once", PA2),
    Invariant("PA3", "Only a gateway's word makes its payments paid, once", PA3),
    Invariant("PA4", "Money no order counts goes back in exactly one refund", PA4),
    Invariant("RF1", "Refunds of a payment never exceed it", RF1),
    Invariant("RF2", "Refunds of a line never exceed its pieces and its due", RF2_LINES),
    Invariant("RF2", "Refunds of an order are the sum of their parts, within what was paid", RF2_ORDERS),
    Invariant("RF3", "A gateway is told numbers we keep, and a refund ends once", RF3, is_slow=True),
    Invariant("PT1", "The points an order took are the points it shows", PT1),
    Invariant("PT2", "Points are taken back, and come back, for money that went back", PT2),
    Invariant("CP1", "A coupon and the order that uses it name each other", CP1),
    Invariant("ST3", "Stock is held for exactly the pieces orders may still ship", ST3),
    Invariant("ST3", "No unpaid order holds stock long after its time", _overdue),
    Invariant("ST5", "What left the house was sold, kept and recorded", ST5),
    Invariant("BU1", "The components of a bundle line are worth, sent and refunded what the line is", BU1),
    Invariant("SH1", "Shipping, pickup and order tell the same story", SH1),
    Invariant("CL1", "A paid order is closed only when its money is back", CL1),
    Invariant("CL2", "An order whose money is all back comes to an end", _stranded),
]
