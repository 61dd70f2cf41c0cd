"""What must always be true of offers and coupons."""

from shop.core.invariants import Invariant

INVARIANTS = [
    Invariant(
        "CP1",
        "A coupon is held or used by at most one order, and every held or used coupon has its one live use.",
        """
        SELECT g.id, g.status, g.reference, count(u.id)
        FROM marketing_coupongrant g
        LEFT JOIN marketing_promotionuse u
          ON u.grant_id = g.id AND u.released_at IS NULL
        GROUP BY g.id
        HAVING count(u.id) <> CASE WHEN g.status IN ('held', 'used') THEN 1 ELSE 0 END
            OR min(u.reference) <> g.reference OR min(u.member_id) <> g.member_id
        """,
        is_slow=True,
    ),
    Invariant(
        "CP2",
        "Copies handed out are counted, and are never more than the coupon has.",
        """
        SELECT c.id, c.issued_count, c.total_count, count(g.id), max(g.number)
        FROM marketing_coupon c
        LEFT JOIN marketing_coupongrant g ON g.coupon_id = c.id
        GROUP BY c.id
        HAVING count(g.id) <> c.issued_count OR c.issued_count > c.total_count
        """,
        is_slow=True,
    ),
    Invariant(
        "MK1",
        "What a purchase limit counts is for a reference, in pieces; a coupon's use belongs to its own rule.",
        """
        SELECT u.id, u.rule, u.reference, u.quantity
        FROM marketing_promotionuse u
        WHERE u.reference = '' OR (u.rule LIKE 'limit:%' AND u.quantity < 1)
           OR (u.grant_id IS NOT NULL AND u.rule <> 'coupon:' || u.grant_id)
           OR u.released_at < u.created_at
        """,
        is_slow=True,
    ),
    Invariant(
        "ST6",
        "A limited-time price counts the pieces orders took, and never more than its quota.",
        """
        SELECT p.id, p.taken_count, p.quota, coalesce(sum(u.quantity), 0)
        FROM marketing_limitedprice p
        LEFT JOIN marketing_promotionuse u ON u.released_at IS NULL
          AND u.rule = 'limited:' || p.discount_id || ':' || p.sku_id
        GROUP BY p.id
        HAVING p.taken_count <> coalesce(sum(u.quantity), 0) OR p.taken_count > p.quota
        """,
        is_slow=True,
    ),
    Invariant(
        "MK2",
        "Every offer has steps, and each further step gives more.",
        """
        SELECT 'tier', t.id FROM marketing_tierprice t
        WHERE t.is_active AND (
            NOT EXISTS (SELECT 1 FROM marketing_tierstep s WHERE s.tier_id = t.id)
            OR EXISTS (
                SELECT 1 FROM marketing_tierstep a JOIN marketing_tierstep b
                  ON a.tier_id = b.tier_id AND a.min_quantity < b.min_quantity
                WHERE a.tier_id = t.id AND a.rate <= b.rate))
        UNION ALL
        SELECT 'reduction', r.id FROM marketing_fullreduction r
        WHERE r.is_active AND (
            NOT EXISTS (SELECT 1 FROM marketing_fullreductionstep s WHERE s.reduction_id = r.id)
            OR EXISTS (
                SELECT 1 FROM marketing_fullreductionstep a JOIN marketing_fullreductionstep b
                  ON a.reduction_id = b.reduction_id AND a.threshold < b.threshold
                WHERE a.reduction_id = r.id AND a.off >= b.off))
        UNION ALL
        SELECT 'limited', d.id FROM marketing_limiteddiscount d
        WHERE d.is_active AND NOT EXISTS (SELECT 1 FROM marketing_limitedprice p WHERE p.discount_id = d.id)
        UNION ALL
        SELECT 'bundle', p.id FROM marketing_bundleprice p
        WHERE p.is_active AND NOT EXISTS (SELECT 1 FROM marketing_bundlepart s WHERE s.bundle_id = p.id)
        """,
    ),
]
