"""What must always be true of stock that is set aside for channels."""

from shop.core.invariants import Invariant

INVARIANTS: list[Invariant] = [
    Invariant(
        "ST8",
        "what is set aside for a channel is held for goods it offers, and lies where it is held",
        """
        SELECT held.id, held.reference, level.on_hand
        FROM catalog_reservation AS held
        JOIN catalog_stocklevel AS level ON level.id = held.level_id
        LEFT JOIN catalog_saleschannel AS channel ON held.reference = 'channel:' || channel.code
        LEFT JOIN catalog_channelstock AS offered
            ON offered.channel_id = channel.id AND offered.sku_id = level.sku_id
        WHERE held.status = 'active' AND held.reference LIKE 'channel:%'
          AND (offered.id IS NULL
               OR level.on_hand < held.quantity - held.consumed_count - held.released_count)
        """,
    ),
]
