"""Stock as people change it: received, put back, corrected, counted. Every change leaves a movement.

`reserve`, `release` and `consume` are what orders call; they are the other half of this noun.
"""

from collections.abc import Sequence
from decimal import Decimal

from catalog import locks
from catalog.errors import StockMoved, StockTooLow
from catalog.locks import Change
from catalog.models import StockLevel, StockMovement
from catalog.services.allocation import Want
from catalog.services.reservations import consume, release, reserve
from catalog.terms import MovementReason, Pool
from shop.core import audit, clock, numbers
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

__all__ = [
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
MOST = 1_000_000


@unit
def adjust(
    *, level_id: int, delta: int, reason: str, actor: str, key: str | None = None, note: str = ""
) -> StockLevel:
    """Change what is on hand by ±n for a reason of `BY_HAND`; returns the level as it is now.

    A key that was used before changes nothing. Raises StockTooLow when fewer are free than are taken away.
    """
    if delta == 0 or abs(delta) > MOST or reason not in BY_HAND:
        raise Invalid(field="delta" if reason in BY_HAND else "reason")
    level = _locked(level_id)
    key = f"adjust:{key or numbers.token()}"
    if not StockMovement.objects.filter(key=key).exists():
        _change_by_hand(level, delta, reason=reason, actor=actor, key=key, note=note)
    return level


@unit
def set_level(*, level_id: int, expected: int, value: int, actor: str, reason: str = "") -> StockLevel:
    """Set what is on hand to a counted value, provided it still is what the caller saw.

    `reason` is a note in plain words. Raises StockMoved when on hand is not `expected` any more,
    StockTooLow when orders hold more than `value`.
    """
    if not 0 <= value <= MOST:
        raise Invalid(field="value")
    level = _locked(level_id)
    if level.on_hand != expected:
        raise StockMoved(level_id=level_id, expected=expected, actual=level.on_hand)
    if value != expected:
        key = f"count:{numbers.token()}"
        _change_by_hand(
            level, value - expected, reason=MovementReason.COUNTED, actor=actor, key=key, note=reason
        )
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
) -> StockLevel:
    """Take goods into a place, making the level when it is not there yet.

    The same key again changes nothing.
    """
    if not 0 < quantity <= MOST:
        raise Invalid(field="quantity")
    level = _locked(ensure_level(place_id=place_id, sku_id=sku_id))
    key = f"receive:{key}"
    if StockMovement.objects.filter(key=key).exists():
        return level
    locks.change_levels({level.pk: Change(on_hand=quantity)})
    level.on_hand += quantity
    StockMovement.objects.create(
        key=key,
        level=level,
        delta_on_hand=quantity,
        reason=reason,
        reference=reference,
        batch=batch,
        cost=cost,
        actor=actor,
        created_at=clock.page_now(),
    )
    return level


def put_back(*, reference: str, wants: Sequence[Want], place_id: int, actor: str) -> int:
    """Take goods that come back into stock of a place, in the caller's transaction; returns the pieces.

    The same reference and line again: nothing.
    """
    levels = {want.sku_id: ensure_level(place_id=place_id, sku_id=want.sku_id) for want in wants}
    locks.levels(levels.values())
    keys = {want.line_key: f"put_back:{reference}:{want.line_key}" for want in wants}
    known = set(StockMovement.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    fresh = [want for want in wants if keys[want.line_key] not in known]
    total: dict[int, int] = {}
    for want in fresh:
        total[levels[want.sku_id]] = total.get(levels[want.sku_id], 0) + want.quantity
    locks.change_levels({level_id: Change(on_hand=quantity) for level_id, quantity in total.items()})
    StockMovement.objects.bulk_create(
        StockMovement(
            key=keys[want.line_key],
            level_id=levels[want.sku_id],
            delta_on_hand=want.quantity,
            reason=MovementReason.PUT_BACK,
            reference=reference,
            actor=actor,
            created_at=clock.page_now(),
        )
        for want in fresh
    )
    return sum(want.quantity for want in fresh)


def ensure_level(*, place_id: int, sku_id: int, pool: str = Pool.SPOT) -> int:
    """The id of the level of a SKU in a place, made empty when it is not there yet."""
    level, _ = StockLevel.objects.get_or_create(place_id=place_id, sku_id=sku_id, pool=pool)
    return level.pk


@unit
def set_alert(*, level_id: int, alert_at: int, actor: str) -> None:
    """Warn when so many or fewer are left; 0 never warns."""
    if not 0 <= alert_at <= MOST:
        raise Invalid(field="alert_at")
    level = _locked(level_id)
    audit.record(
        actor=actor,
        verb="set_stock_alert",
        target=f"level:{level_id}",
        before={"alert_at": level.alert_at},
        after={"alert_at": alert_at},
    )
    StockLevel.objects.filter(pk=level_id).update(alert_at=alert_at, alerted_at=None)


def _locked(level_id: int) -> StockLevel:
    found = locks.levels([level_id])
    if not found:
        raise NotFound(level_id=level_id)
    return found[0]


def _change_by_hand(level: StockLevel, delta: int, *, reason: str, actor: str, key: str, note: str) -> None:
    if not locks.change_levels({level.pk: Change(on_hand=delta)}):
        raise StockTooLow(level_id=level.pk, available=level.available)
    StockMovement.objects.create(
        key=key,
        level=level,
        delta_on_hand=delta,
        reason=reason,
        note=note[:200],
        actor=actor,
        created_at=clock.page_now(),
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
