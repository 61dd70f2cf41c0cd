"""Stock as people change it: received, put back, corrected, counted. Every change leaves a movement.

`reserve`, `release` and `consume` are what orders call; they are the other half of this noun.
"""

from collections.abc import Sequence
from decimal import Decimal

from catalog import locks
from catalog.errors import StockMoved
from catalog.errors.batches import BatchNotSellable
from catalog.models import StockLevel
from catalog.services import batches, ledger, losses, stock_alerts
from catalog.services.allocation import Want
from catalog.services.batches import BatchFacts
from catalog.services.ledger import Entry
from catalog.services.levels import ensure_level
from catalog.services.reservations import consume, release, reserve
from catalog.terms import HANDLED_POOLS, SELLABLE_POOLS, LossReason, MovementReason, Pool
from shop.core import audit, clock, numbers
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

__all__ = [
    "BatchFacts",
    "Want",
    "adjust",
    "consume",
    "ensure_level",
    "put_back",
    "receive",
    "release",
    "reserve",
    "set_alert",
    "set_level",
]

BY_HAND = frozenset(
    {
        MovementReason.COUNTED,
        MovementReason.FOUND,
        MovementReason.DAMAGED,
        MovementReason.LOST,
        MovementReason.CORRECTED,
    }
)
LOSSES = {MovementReason.DAMAGED: LossReason.DAMAGED, MovementReason.LOST: LossReason.LOST}
"""Corrections that are losses too."""
MOST = 1_000_000


@unit
def adjust(
    *, level_id: int, delta: int, reason: str, actor: str, key: str | None = None, note: str = ""
) -> StockLevel:
    """Change what is on hand by ±n for a reason of `BY_HAND`; returns the level as it is now.

    A key that was used before changes nothing. What goes is taken from the batch that expires first; what was
    damaged or lost counts as a loss. Raises StockTooLow when fewer are free than are taken away.
    """
    if delta == 0 or abs(delta) > MOST or reason not in BY_HAND:
        raise Invalid(field="delta" if reason in BY_HAND else "reason")
    level = _by_hand(level_id)
    key = f"adjust:{key or numbers.token()}"
    if not ledger.known([key]):
        _change_by_hand(level, delta, reason=reason, actor=actor, key=key, note=note)
        stock_alerts.check([level.pk])
    return level


@unit
def set_level(*, level_id: int, expected: int, value: int, actor: str, reason: str = "") -> StockLevel:
    """Set what is on hand to a counted value, provided it still is what the caller saw.

    `reason` is a note in plain words. Raises StockMoved when on hand is not `expected` any more,
    StockTooLow when orders hold more than `value`.
    """
    if not 0 <= value <= MOST:
        raise Invalid(field="value")
    level = _by_hand(level_id)
    if level.on_hand != expected:
        raise StockMoved(level_id=level_id, expected=expected, actual=level.on_hand)
    if value != expected:
        key = f"count:{numbers.token()}"
        _change_by_hand(
            level, value - expected, reason=MovementReason.COUNTED, actor=actor, key=key, note=reason
        )
        stock_alerts.check([level.pk])
    return level


@unit
def receive(
    *,
    place_id: int,
    sku_id: int,
    quantity: int,
    actor: str,
    key: str,
    cost: Decimal | None = None,
    reason: str = MovementReason.RECEIVED,
    reference: str = "",
    batch: str = "",
    pool: str = Pool.SPOT,
    batch_facts: BatchFacts | None = None,
) -> StockLevel:
    """Take goods into a place, making the level when it is not there yet.

    `batch` is short for `BatchFacts(code)`. The same key again changes nothing. Raises BatchDiffers, and
    BatchNotSellable when expired or recalled goods would go where orders draw on.
    """
    if not 0 < quantity <= MOST or pool not in HANDLED_POOLS:
        raise Invalid(field="quantity" if pool in HANDLED_POOLS else "pool")
    facts = batch_facts or (BatchFacts(batch) if batch else None)
    code = _accept(sku_id, facts, pool) if facts else ""
    level = _locked(ensure_level(place_id=place_id, sku_id=sku_id, pool=pool))
    key = f"receive:{key}"
    if ledger.known([key]):
        return level
    ledger.post(
        [Entry(level.pk, key, reason, actor, on_hand=quantity, batch=code, reference=reference, cost=cost)]
    )
    stock_alerts.check([level.pk])
    level.on_hand += quantity
    return level


def put_back(
    *,
    reference: str,
    wants: Sequence[Want],
    place_id: int,
    actor: str,
    pool: str = Pool.SPOT,
    handed_out_for: str = "",
) -> int:
    """Take goods that come back into stock of a place, in the caller's transaction; returns the pieces.

    They go back to the batches they were handed out of for `handed_out_for` (the same reference, when empty),
    the last handed out first. The same reference and line again: nothing.
    """
    levels = {
        sku_id: ensure_level(place_id=place_id, sku_id=sku_id, pool=pool)
        for sku_id in sorted({want.sku_id for want in wants})
    }
    locks.levels(levels.values())
    keys = {want.line_key: f"put_back:{reference}:{want.line_key}" for want in wants}
    known = ledger.known(keys.values())
    fresh = [want for want in wants if keys[want.line_key] not in known]
    out = batches.handed_out(handed_out_for or reference, levels)
    ledger.post(
        [
            Entry(
                levels[want.sku_id],
                keys[want.line_key] if number == 1 else f"{keys[want.line_key]}#{number}",
                MovementReason.PUT_BACK,
                actor,
                on_hand=pieces,
                batch=code,
                reference=reference,
            )
            for want in fresh
            for number, (code, pieces) in enumerate(batches.share(out, want.sku_id, want.quantity), start=1)
        ]
    )
    return sum(want.quantity for want in fresh)


@unit
def set_alert(*, level_id: int, alert_at: int, actor: str, cover_days: int | None = None) -> None:
    """Warn when so many or fewer are left (0 never warns), or when it lasts fewer days; None takes the rule
    for best sellers, 0 counts pieces only.
    """
    if not 0 <= alert_at <= MOST or not 0 <= (cover_days or 0) <= 365:
        raise Invalid(field="alert_at" if not 0 <= alert_at <= MOST else "cover_days")
    level = _locked(level_id)
    audit.record(
        actor=actor,
        verb="set_stock_alert",
        target=f"level:{level_id}",
        before={"alert_at": level.alert_at, "cover_days": level.cover_days},
        after={"alert_at": alert_at, "cover_days": cover_days},
    )
    StockLevel.objects.filter(pk=level_id).update(alert_at=alert_at, cover_days=cover_days)
    stock_alerts.check([level_id])


def _locked(level_id: int) -> StockLevel:
    found = locks.levels([level_id])
    if not found:
        raise NotFound(level_id=level_id)
    return found[0]


def _by_hand(level_id: int) -> StockLevel:
    level = _locked(level_id)
    if level.pool not in HANDLED_POOLS:
        raise Invalid(field="pool")
    return level


def _accept(sku_id: int, facts: BatchFacts, pool: str) -> str:
    batch = batches.ensure(sku_id=sku_id, facts=facts)
    if pool in SELLABLE_POOLS and not batch.is_sellable(clock.business_day(clock.page_now())):
        raise BatchNotSellable(batch=batch.code)
    return batch.code


def _change_by_hand(level: StockLevel, delta: int, *, reason: str, actor: str, key: str, note: str) -> None:
    movements = ledger.post([Entry(level.pk, key, reason, actor, on_hand=delta, note=note)])
    if delta < 0 and reason in LOSSES:
        losses.note_down(
            movements,
            sku_id=level.sku_id,
            reason=LOSSES[MovementReason(reason)],
            note=note,
            actor=actor,
        )
    before = level.on_hand
    level.on_hand += delta
    audit.record(
        actor=actor,
        verb="change_stock",
        target=f"level:{level.pk}",
        before={"on_hand": before},
        after={"on_hand": level.on_hand},
        reason=note or reason,
    )
