"""What must always be true of stock."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "ST1",
        "0 ≤ reserved ≤ on_hand at every stock level",
        """
        SELECT id, on_hand, reserved FROM catalog_stocklevel
        WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand
        """,
    ),
    Invariant(
        "ST2",
        "every stock level is the sum of its movements",
        """
        SELECT level.id, level.on_hand, level.reserved, sum(movement.delta_on_hand),
               sum(movement.delta_reserved)
        FROM catalog_stocklevel AS level
        LEFT JOIN catalog_stockmovement AS movement ON movement.level_id = level.id
        GROUP BY level.id
        HAVING level.on_hand <> coalesce(sum(movement.delta_on_hand), 0)
            OR level.reserved <> coalesce(sum(movement.delta_reserved), 0)
        """,
    ),
    Invariant(
        "ST3",
        "what is reserved at a level is what active reservations hold there",
        """
        SELECT level.id, level.reserved,
               sum(held.quantity - held.consumed_count - held.released_count)
        FROM catalog_stocklevel AS level
        LEFT JOIN catalog_reservation AS held ON held.level_id = level.id AND held.status = 'active'
        GROUP BY level.id
        HAVING level.reserved <> coalesce(
            sum(held.quantity - held.consumed_count - held.released_count), 0)
        """,
    ),
    Invariant(
        "ST4",
        "a reservation is handed out or released at most once, and movements say the same",
        """
        SELECT held.id, held.reference, held.quantity
        FROM catalog_reservation AS held
        LEFT JOIN (
            SELECT reference, level_id, -sum(delta_on_hand) AS consumed,
                   sum(delta_on_hand) - sum(delta_reserved) AS released
            FROM catalog_stockmovement WHERE reason IN ('consumed', 'released')
            GROUP BY reference, level_id
        ) AS moved USING (reference, level_id)
        GROUP BY held.reference, held.level_id, held.id, moved.consumed, moved.released
        HAVING held.consumed_count + held.released_count > held.quantity
            OR coalesce(moved.consumed, 0) <> (
                SELECT sum(consumed_count) FROM catalog_reservation AS one
                WHERE one.reference = held.reference AND one.level_id = held.level_id)
            OR coalesce(moved.released, 0) <> (
                SELECT sum(released_count) FROM catalog_reservation AS one
                WHERE one.reference = held.reference AND one.level_id = held.level_id)
        """,
        is_slow=True,
    ),
]
