"""Goods that are held for an order move their hold to another place."""

from collections.abc import Iterable

from catalog import locks
from catalog.errors.bundles import PlaceLacks
from catalog.locks import Change
from catalog.models import Reservation, StockLevel, StockMovement
from catalog.selectors import stock
from catalog.services import place_decisions
from catalog.services.allocation import Plan, Shortage, Want
from catalog.services.reservations import plan_for
from catalog.terms import MovementReason
from shop.core import clock


def to_place(*, reference: str, place_id: int, actor: str, reason: str) -> int:
    """Hold everything this reference still holds at one place, in the caller's transaction; returns the
    pieces that moved.

    All levels, old and new, change in one statement in key order, so two orders that swap places never
    deadlock. Raises PlaceLacks(sku_id, title, available), and nothing has changed.
    """
    held = [one for one in locks.active_reservations(reference, None) if one.open_count]
    away = [one for one in held if one.level.place_id != place_id]
    if not away:
        return 0
    there = _levels_at(place_id, {one.level.sku_id for one in away})
    targets = []
    for one in away:
        level = there.get(one.level.sku_id)
        if level is None:
            raise PlaceLacks(sku_id=one.level.sku_id, title=_title(one), available=0)
        targets.append((one, level.pk, one.open_count))
    changes: dict[int, Change] = {}
    for one, level_id, pieces in targets:
        changes[one.level_id] = Change(reserved=changes.get(one.level_id, Change()).reserved - pieces)
        changes[level_id] = Change(reserved=changes.get(level_id, Change()).reserved + pieces)
    _move(reference, targets, actor)
    if not locks.change_levels(changes):
        raise _lacking(targets, there)
    place_decisions.by_hand(
        reference=reference, place=next(iter(there.values())).place, reason=reason, actor=actor
    )
    return sum(pieces for _, _, pieces in targets)


def plan(*, reference: str, mode: str, region_code: str) -> Plan | None:
    """Where the shop would send it from now, counting what it holds already as free; None when it holds
    nothing. Changes nothing; two queries."""
    held = Reservation.objects.filter(reference=reference, status="active").select_related("level__place")
    wants = [Want(one.line_key, one.level.sku_id, one.open_count) for one in held]
    merged: dict[str, Want] = {}
    for want in wants:
        before = merged.get(want.line_key)
        merged[want.line_key] = Want(
            want.line_key, want.sku_id, want.quantity + (before.quantity if before else 0)
        )
    if not merged:
        return None
    own: dict[int, int] = {}
    for one in held:
        own[one.level_id] = own.get(one.level_id, 0) + one.open_count
    levels = StockLevel.objects.filter(
        stock.sellable(None, mode), sku_id__in={want.sku_id for want in merged.values()}
    ).select_related("place")
    free = []
    for level in levels:
        level.reserved -= own.get(level.pk, 0)
        if level.available > 0:
            free.append(level)
    found = plan_for(list(merged.values()), free, mode, region_code)
    return None if isinstance(found, Shortage) else found


def _levels_at(place_id: int, sku_ids: Iterable[int]) -> dict[int, StockLevel]:
    levels = StockLevel.objects.filter(stock.sellable(place_id), sku_id__in=sku_ids).select_related("place")
    return {level.sku_id: level for level in levels}


def _move(reference: str, targets: list[tuple[Reservation, int, int]], actor: str) -> None:
    now = clock.page_now()
    movements = []
    for one, level_id, pieces in targets:
        ended = one.consumed_count + one.released_count
        new, is_new = Reservation.objects.get_or_create(
            reference=reference,
            line_key=one.line_key,
            level_id=level_id,
            defaults={"quantity": pieces, "created_at": now},
        )
        start = 0 if is_new else new.quantity
        if not is_new:
            new.quantity += pieces
            new.save(update_fields=["quantity"])
        one.released_count += pieces
        for key, where, delta, reason in (
            (f"released:{one.pk}:{ended}", one.level_id, -pieces, MovementReason.RELEASED),
            (f"moved:{new.pk}:{start}", level_id, pieces, MovementReason.RESERVED),
        ):
            movements.append(
                StockMovement(
                    key=key,
                    level_id=where,
                    delta_reserved=delta,
                    reason=reason,
                    reference=reference,
                    actor=actor,
                    created_at=now,
                )
            )
    Reservation.objects.bulk_update([one for one, _, _ in targets], ["released_count"])
    StockMovement.objects.bulk_create(movements)


def _lacking(targets: list[tuple[Reservation, int, int]], there: dict[int, StockLevel]) -> PlaceLacks:
    wanted: dict[int, int] = {}
    for one, _, pieces in targets:
        wanted[one.level.sku_id] = wanted.get(one.level.sku_id, 0) + pieces
    short = next(
        (one for one, _, _ in targets if there[one.level.sku_id].available < wanted[one.level.sku_id]),
        targets[0][0],
    )
    return PlaceLacks(
        sku_id=short.level.sku_id, title=_title(short), available=there[short.level.sku_id].available
    )


def _title(one: Reservation) -> str:
    return f"{one.level.sku.product.title} {one.level.sku.spec_text}".strip()
