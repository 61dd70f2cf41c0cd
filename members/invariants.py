"""Queries that must return no row."""

from shop.core.invariants import Invariant

INVARIANTS = [
    Invariant(
        "BL2",
        "no points account is below zero",
        "SELECT member_id, available FROM members_pointsaccount WHERE available < 0",
    ),
    Invariant(
        "BL3",
        "a points account equals the sum of its entries and the balance after the last one",
        """
        SELECT a.member_id, a.available, coalesce(e.total, 0), e.last
        FROM members_pointsaccount a
        LEFT JOIN (
            SELECT member_id, sum(amount) AS total, (array_agg(balance_after ORDER BY id DESC))[1] AS last
            FROM members_pointsentry GROUP BY member_id
        ) e USING (member_id)
        WHERE a.available <> coalesce(e.total, 0) OR a.available <> coalesce(e.last, 0)
        """,
    ),
    Invariant(
        "BL3.account",
        "whoever has points entries or lots has a points account",
        """
        SELECT member_id FROM (
            SELECT member_id FROM members_pointsentry UNION SELECT member_id FROM members_pointslot
        ) moved
        WHERE NOT EXISTS (SELECT 1 FROM members_pointsaccount a WHERE a.member_id = moved.member_id)
        """,
    ),
    Invariant(
        "PT1",
        "a points account equals the sum of what remains in its lots",
        """
        SELECT a.member_id, a.available, coalesce(l.total, 0)
        FROM members_pointsaccount a
        LEFT JOIN (
            SELECT member_id, sum(remaining) AS total FROM members_pointslot GROUP BY member_id
        ) l USING (member_id)
        WHERE a.available <> coalesce(l.total, 0)
        """,
    ),
    Invariant(
        "PT1.spend",
        "what a spending took from lots adds up to its amount",
        """
        SELECT e.id, e.amount, coalesce(sum(u.points), 0)
        FROM members_pointsentry e LEFT JOIN members_pointslotuse u ON u.entry_id = e.id
        WHERE e.kind = 'spend' GROUP BY e.id HAVING -e.amount <> coalesce(sum(u.points), 0)
        """,
    ),
    Invariant(
        "PT1.back",
        "points given back equal what the uses of lots say",
        """
        SELECT member_id, sum(back), sum(used) FROM (
            SELECT member_id, amount AS back, 0 AS used FROM members_pointsentry WHERE kind = 'give_back'
            UNION ALL
            SELECT e.member_id, 0, u.given_back
            FROM members_pointslotuse u JOIN members_pointsentry e ON e.id = u.entry_id
        ) both_sides GROUP BY member_id HAVING sum(back) <> sum(used)
        """,
    ),
    Invariant(
        "PT2",
        "nobody owes points while having points that were earned later",
        """
        SELECT d.member_id, d.remaining, l.remaining
        FROM members_pointsdebt d JOIN members_pointslot l
          ON l.member_id = d.member_id AND l.remaining > 0 AND l.created_at > d.created_at
         AND l.source NOT LIKE 'adjust:%' AND l.source NOT LIKE 'back:%'
        WHERE d.remaining > 0
        """,
    ),
    Invariant(
        "GR1",
        "growth equals the sum of its entries",
        """
        SELECT m.id, m.growth, coalesce(sum(g.amount), 0)
        FROM members_member m LEFT JOIN members_growthentry g ON g.member_id = m.id
        GROUP BY m.id HAVING m.growth <> coalesce(sum(g.amount), 0)
        """,
    ),
    Invariant(
        "ME1",
        "a stored phone number is whole: cipher, hash and last four digits",
        """
        SELECT id FROM members_user
        WHERE (phone_hash IS NOT NULL) <> (phone_tail <> '') OR (phone_cipher IS NULL) <> (phone_hash IS NULL)
        """,
    ),
    Invariant(
        "ME2",
        "nobody signs in to an account that was joined to another one",
        """
        SELECT m.id, g.id FROM members_membermerge m
        JOIN members_member g ON g.id = m.gone_id JOIN members_user u ON u.id = g.user_id
        WHERE m.undone_at IS NULL AND (
            u.is_active OR EXISTS (SELECT 1 FROM members_wechatidentity i WHERE i.user_id = u.id))
        """,
    ),
]
