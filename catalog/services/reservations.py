"""Holding goods for orders: each change is one conditional UPDATE and its movements, together.

All of these run inside the caller's transaction and belong at its end: stock is the hottest row.
"""

from collections.abc import Iterable, Mapping, Sequence

from catalog import locks
from catalog.errors import NothingReserved, SoldOut
from catalog.locks import Change
from catalog.models import Reservation, StockLevel, StockMovement
from catalog.selectors import stock
from catalog.services.allocation import Candidate, Pick, Plan, Shortage, Want, choose_places
from catalog.terms import DeliveryMode, MovementReason
from shop.core import clock, decisions
from shop.core.errors import Busy, Invalid


def reserve(
    *,
    reference: str,
    wants: Sequence[Want],
    mode: str = DeliveryMode.EXPRESS,
    place_id: int | None = None,
    region_code: str = "",
    actor: str = "system",
) -> list[Reservation]:
    """Hold goods for the lines of an order, all of them or none.

    Levels are chosen by `choose_places`; pickup needs its place. Raises SoldOut(sku_id, available). Four
    queries, five when there was a choice to record. Goods that were taken meanwhile are looked for again,
    the third time with all that could serve held fast.
    """
    if any(want.quantity < 1 for want in wants) or len({want.line_key for want in wants}) != len(wants):
        raise Invalid(field="wants")
    if mode == DeliveryMode.PICKUP and place_id is None:
        raise Invalid(field="place_id")
    for is_last in (False, False, True):
        levels = stock.candidates(
            sku_ids={want.sku_id for want in wants}, mode=mode, place_id=place_id, region_code=region_code
        )
        plan = _plan(wants, locks.hold(levels) if is_last else levels, mode, region_code)
        if isinstance(plan, Shortage):
            raise SoldOut(sku_id=plan.sku_id, available=plan.available)
        if locks.change_levels(_sum((pick.level_id, Change(reserved=pick.quantity)) for pick in plan.picks)):
            return _hold(reference, wants, plan, mode, region_code, actor)
    raise Busy()


def release(
    *,
    reference: str,
    line_keys: Sequence[str] | None = None,
    quantities: Mapping[str, int] | None = None,
    actor: str = "system",
) -> int:
    """Give back what is still held, of all lines or these, in full or by quantity; returns the pieces.

    Nothing held is no error: releasing twice changes nothing. Asking a line for more than it holds raises
    NothingReserved.
    """
    keys = list(quantities) if quantities is not None else line_keys
    return sum(taken for _, taken in _end(reference, keys, quantities, MovementReason.RELEASED, actor))


def consume(
    *,
    reference: str,
    line_keys: Sequence[str] | None = None,
    quantities: Mapping[str, int] | None = None,
    actor: str,
) -> list[tuple[Reservation, int]]:
    """Hand out what is held: it leaves the level for good. Returns each reservation with its pieces.

    Raises NothingReserved when nothing, or less than asked, is held.
    """
    keys = list(quantities) if quantities is not None else line_keys
    ended = _end(reference, keys, quantities, MovementReason.CONSUMED, actor)
    missing = set(keys or ()) - {reservation.line_key for reservation, _ in ended}
    if not ended or missing:
        raise NothingReserved(reference=reference)
    return ended


def _plan(
    wants: Sequence[Want], levels: Iterable[StockLevel], mode: str, region_code: str
) -> Plan | Shortage:
    return choose_places(
        wants=wants,
        candidates=[
            Candidate(
                level_id=level.pk,
                sku_id=level.sku_id,
                place_id=level.place_id,
                kind=level.place.kind,
                region_code=level.place.region_code,
                position=level.place.position,
                available=level.available,
            )
            for level in levels
        ],
        mode=mode,
        region_code=region_code,
    )


def _hold(
    reference: str, wants: Sequence[Want], plan: Plan, mode: str, region_code: str, actor: str
) -> list[Reservation]:
    now = clock.page_now()
    held = Reservation.objects.bulk_create(
        Reservation(
            reference=reference,
            line_key=pick.line_key,
            level_id=pick.level_id,
            quantity=pick.quantity,
            created_at=now,
        )
        for pick in plan.picks
    )
    StockMovement.objects.bulk_create(
        StockMovement(
            key=f"reserve:{reference}:{pick.line_key}:{pick.level_id}",
            level_id=pick.level_id,
            delta_reserved=pick.quantity,
            reason=MovementReason.RESERVED,
            reference=reference,
            actor=actor,
            created_at=now,
        )
        for pick in plan.picks
    )
    if plan.had_choice:
        decisions.record(
            noun="place",
            reference=reference,
            inputs={
                "mode": mode,
                "region_code": region_code,
                "wants": [[want.line_key, want.sku_id, want.quantity] for want in wants],
            },
            rules=list(plan.rules),
            outcome={"picks": [_pick_as_json(pick) for pick in plan.picks]},
        )
    return held


def _end(
    reference: str,
    line_keys: Sequence[str] | None,
    quantities: Mapping[str, int] | None,
    reason: MovementReason,
    actor: str,
) -> list[tuple[Reservation, int]]:
    """Close reservations in full or by quantity; returns each with the pieces taken from it."""
    held = locks.active_reservations(reference, line_keys)
    taken = _share(reference, held, quantities)
    if not taken:
        return []
    is_consumed = reason == MovementReason.CONSUMED
    movements = []
    for reservation, quantity in taken:
        ended_before = reservation.consumed_count + reservation.released_count
        movements.append(
            StockMovement(
                key=f"{reason}:{reservation.pk}:{ended_before}",
                level_id=reservation.level_id,
                delta_on_hand=-quantity if is_consumed else 0,
                delta_reserved=-quantity,
                reason=reason,
                reference=reference,
                actor=actor,
                created_at=clock.page_now(),
            )
        )
        if is_consumed:
            reservation.consumed_count += quantity
        else:
            reservation.released_count += quantity
    Reservation.objects.bulk_update([one for one, _ in taken], ["consumed_count", "released_count"])
    done = locks.change_levels(
        _sum((one.level_id, Change(one.delta_on_hand, one.delta_reserved)) for one in movements)
    )
    if not done:
        raise NothingReserved(reference=reference)
    StockMovement.objects.bulk_create(movements)
    return taken


def _share(
    reference: str, held: Sequence[Reservation], quantities: Mapping[str, int] | None
) -> list[tuple[Reservation, int]]:
    if quantities is None:
        return [(reservation, reservation.open_count) for reservation in held]
    taken = []
    left = {key: quantity for key, quantity in quantities.items() if quantity}
    for reservation in held:
        quantity = min(left.get(reservation.line_key, 0), reservation.open_count)
        if quantity:
            left[reservation.line_key] -= quantity
            taken.append((reservation, quantity))
    if any(left.values()) or any(quantity < 0 for quantity in quantities.values()):
        raise NothingReserved(reference=reference)
    return taken


def _sum(changes: Iterable[tuple[int, Change]]) -> dict[int, Change]:
    total: dict[int, Change] = {}
    for level_id, change in changes:
        before = total.get(level_id, Change())
        total[level_id] = Change(before.on_hand + change.on_hand, before.reserved + change.reserved)
    return total


def _pick_as_json(pick: Pick) -> dict[str, int | str]:
    return {
        "line": pick.line_key,
        "sku_id": pick.sku_id,
        "place_id": pick.place_id,
        "level_id": pick.level_id,
        "quantity": pick.quantity,
    }
