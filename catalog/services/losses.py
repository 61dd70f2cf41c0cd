"""Goods that can't be sold any more: written off with a reason, so that the rate of loss can be seen."""

from catalog import locks
from catalog.models import Loss, Sku, StockMovement
from catalog.services import ledger
from catalog.services.ledger import Entry
from catalog.services.levels import ensure_level
from catalog.terms import HANDLED_POOLS, LossReason, MovementReason, Pool
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.transactions import unit


@unit
def book(
    *,
    place_id: int,
    sku_id: int,
    quantity: int,
    reason: str,
    actor: str,
    key: str,
    pool: str = Pool.SPOT,
    batch: str = "",
    note: str = "",
) -> list[Loss]:
    """Write free pieces off for a `LossReason`; one row a batch, the first to expire first when none is
    named.

    The same key again changes nothing and returns []. Raises StockTooLow when fewer are free, BatchTooLow.
    """
    if quantity < 1 or reason not in LossReason.values or pool not in HANDLED_POOLS:
        raise Invalid(field="quantity" if quantity < 1 else "reason")
    level_id = ensure_level(place_id=place_id, sku_id=sku_id, pool=pool)
    level = locks.levels([level_id])[0]
    key = f"loss:{key}"
    if ledger.known([key]):
        return []
    movements = ledger.post(
        [
            Entry(
                level_id,
                key,
                MovementReason.WRITTEN_OFF,
                actor,
                on_hand=-quantity,
                batch=batch,
                note=note,
            )
        ]
    )
    audit.record(
        actor=actor,
        verb="book_loss",
        target=f"level:{level_id}",
        before={"on_hand": level.on_hand},
        after={"on_hand": level.on_hand - quantity},
        reason=note or reason,
    )
    return note_down(movements, sku_id=sku_id, reason=reason, note=note, actor=actor)


def note_down(
    movements: list[StockMovement], *, sku_id: int, reason: str, note: str, actor: str
) -> list[Loss]:
    """Keep movements that took goods away as losses, at what the SKU costs now."""
    cost = Sku.objects.values_list("cost_price", flat=True).get(pk=sku_id)
    return Loss.objects.bulk_create(
        Loss(
            key=movement.key,
            level_id=movement.level_id,
            quantity=-movement.delta_on_hand,
            unit_cost=cost,
            reason=reason,
            batch=movement.batch,
            note=note[:200],
            actor=actor,
            created_at=clock.page_now(),
        )
        for movement in movements
    )
