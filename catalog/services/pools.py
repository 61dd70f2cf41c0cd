"""Stock moved between the pools of a place: for a presale, for an activity, aside as defective or frozen."""

from typing import Any

from catalog import locks
from catalog.errors.batches import BatchNotSellable
from catalog.models import Batch, StockLevel, StockMovement
from catalog.services import ledger
from catalog.services.ledger import Entry
from catalog.services.levels import ensure_level
from catalog.terms import HANDLED_POOLS, SELLABLE_POOLS, MovementReason
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.transactions import unit


@unit
def move(
    *,
    place_id: int,
    sku_id: int,
    from_pool: str,
    to_pool: str,
    quantity: int,
    actor: str,
    key: str,
    reason: str = "",
    batch: str = "",
) -> list[StockMovement]:
    """Move free pieces from one pool to another; returns the movements, out and in by batch.

    Without a batch the first to expire goes first; batches stay what they are. `reason` is plain words. The
    same key again changes nothing and returns []. Raises StockTooLow when fewer are free, BatchTooLow,
    BatchNotSellable or NothingFreshLeft when expired or recalled goods would go where orders draw on.
    """
    pools = {from_pool, to_pool}
    if quantity < 1 or len(pools) != 2 or not pools <= set(HANDLED_POOLS):
        raise Invalid(field="quantity" if quantity < 1 else "pool")
    source = ensure_level(place_id=place_id, sku_id=sku_id, pool=from_pool)
    target = ensure_level(place_id=place_id, sku_id=sku_id, pool=to_pool)
    held = {level.pk: level for level in locks.levels([source, target])}
    key = f"move:{key}"
    if ledger.known([f"{key}:out"]):
        return []
    is_fresh_only = to_pool in SELLABLE_POOLS
    if is_fresh_only and batch:
        _refuse_unsellable(sku_id, batch)
    shared: dict[str, Any] = {"reason": MovementReason.MOVED, "actor": actor, "note": reason}
    out = ledger.post(
        [
            Entry(
                source,
                f"{key}:out",
                on_hand=-quantity,
                batch=batch,
                is_fresh_only=is_fresh_only,
                **shared,
            )
        ]
    )
    into = ledger.post(
        [
            Entry(target, f"{key}:in:{number}", on_hand=-one.delta_on_hand, batch=one.batch, **shared)
            for number, one in enumerate(out)
        ]
    )
    _record(held[source], held[target], quantity, actor, reason)
    return [*out, *into]


def _refuse_unsellable(sku_id: int, code: str) -> None:
    found = Batch.objects.filter(sku=sku_id, code=code).first()
    if found and not found.is_sellable(clock.business_day(clock.page_now())):
        raise BatchNotSellable(batch=code)


def _record(source: StockLevel, target: StockLevel, quantity: int, actor: str, reason: str) -> None:
    audit.record(
        actor=actor,
        verb="move_stock_pool",
        target=f"level:{source.pk}",
        before={source.pool: source.on_hand, target.pool: target.on_hand},
        after={source.pool: source.on_hand - quantity, target.pool: target.on_hand + quantity},
        reason=reason,
    )
