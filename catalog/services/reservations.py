"""Holding goods for orders: each change is one conditional UPDATE and its movements, together.

All of these run inside the caller's transaction and belong at its end: stock is the hottest row.
"""

from collections.abc import Iterable, Mapping, Sequence

from catalog import locks, policies
from catalog.errors import NothingReserved, SoldOut, StockTooLow
from catalog.locks import Change
from catalog.models import Place, Reservation, StockLevel, StockMovement
from catalog.selectors import stock
from catalog.selectors.distances import Point
from catalog.services import ledger, place_decisions
from catalog.services.allocation import Candidate, Plan, Shortage, Want, choose_places
from catalog.services.ledger import Entry
from catalog.services.place_scores import Weights
from catalog.terms import SELLABLE_POOLS, DeliveryMode, MovementReason, Pool
from shop.core import clock
from shop.core.errors import Busy, Invalid


def reserve(
    *,
    reference: str,
    wants: Sequence[Want],
    mode: str = DeliveryMode.EXPRESS,
    place_id: int | None = None,
    region_code: str = "",
    point: Point | None = None,
    actor: str = "system",
    pool: str = Pool.SPOT,
) -> list[Reservation]:
    """Hold goods of one pool for the lines of an order, all of them or none.

    Levels are chosen by `choose_places`; pickup needs its place. `point` is where the parcel goes,
    if known. Raises SoldOut(sku_id, available). Four queries, five when there was a choice to record. Goods
    that were taken meanwhile are looked for again, the third time with all that could serve held fast.
    """
    if any(want.quantity < 1 for want in wants) or len({want.line_key for want in wants}) != len(wants):
        raise Invalid(field="wants")
    if (mode == DeliveryMode.PICKUP and place_id is None) or pool not in SELLABLE_POOLS:
        raise Invalid(field="pool" if pool not in SELLABLE_POOLS else "place_id")
    for is_last in (False, False, True):
        levels = stock.candidates(
            sku_ids={want.sku_id for want in wants},
            mode=mode,
            place_id=place_id,
            region_code=region_code,
            pool=pool,
        )
        plan = plan_for(wants, locks.hold(levels) if is_last else levels, mode, region_code, point)
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
    place_id: int | None = None,
) -> list[tuple[Reservation, int]]:
    """Hand out what is held: it leaves the level for good. Returns each reservation with its pieces.

    What is held at `place_id` goes first.

    Raises NothingReserved when nothing, or less than asked, is held, NothingFreshLeft when what lies there
    has expired or is recalled.
    """
    keys = list(quantities) if quantities is not None else line_keys
    ended = _end(reference, keys, quantities, MovementReason.CONSUMED, actor, place_id)
    missing = set(keys or ()) - {reservation.line_key for reservation, _ in ended}
    if not ended or missing:
        raise NothingReserved(reference=reference)
    return ended


def plan_for(
    wants: Sequence[Want],
    levels: Iterable[StockLevel],
    mode: str,
    region_code: str,
    point: Point | None = None,
) -> Plan | Shortage:
    """The plan for these levels (with their places), by the merchant's weights."""
    rows = list(levels)
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
                point=_point(level.place),
                parcel_cost=level.place.parcel_cost,
                open_orders=level.place.open_order_count,
            )
            for level in rows
        ],
        mode=mode,
        region_code=region_code,
        point=point,
        weights=_weights() if len({level.place_id for level in rows}) > 1 else None,
    )


def _point(place: Place) -> Point | None:
    if place.latitude is None or place.longitude is None:
        return None
    return float(place.latitude), float(place.longitude)


def _weights() -> Weights:
    return Weights(
        distance=policies.WEIGHT_DISTANCE.get(),
        completeness=policies.WEIGHT_COMPLETENESS.get(),
        cost=policies.WEIGHT_COST.get(),
        load=policies.WEIGHT_LOAD.get(),
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
        place_decisions.record(
            reference=reference, wants=wants, plan=plan, mode=mode, region_code=region_code
        )
    return held


def _end(
    reference: str,
    line_keys: Sequence[str] | None,
    quantities: Mapping[str, int] | None,
    reason: MovementReason,
    actor: str,
    place_id: int | None = None,
) -> list[tuple[Reservation, int]]:
    """Close reservations in full or by quantity; returns each with the pieces taken from it."""
    held = locks.active_reservations(reference, line_keys)
    if place_id is not None:
        here = set(
            StockLevel.objects.filter(place=place_id, pk__in=[one.level_id for one in held]).values_list(
                "pk", flat=True
            )
        )
        held.sort(key=lambda one: one.level_id not in here)
    taken = _share(reference, held, quantities)
    if not taken:
        return []
    if reason == MovementReason.CONSUMED:
        _hand_out(reference, taken, actor)
    else:
        _give_back(reference, taken, actor)
    return taken


def _hand_out(reference: str, taken: Sequence[tuple[Reservation, int]], actor: str) -> None:
    """Batches are chosen now, the first to expire first; expired and recalled ones are never handed out."""
    entries = []
    for one, quantity in taken:
        entries.append(
            Entry(
                one.level_id,
                _key(one, MovementReason.CONSUMED),
                MovementReason.CONSUMED,
                actor,
                on_hand=-quantity,
                is_held=True,
                is_fresh_only=True,
                reference=reference,
            )
        )
        one.consumed_count += quantity
    Reservation.objects.bulk_update([one for one, _ in taken], ["consumed_count"])
    try:
        ledger.post(entries)
    except StockTooLow:
        raise NothingReserved(reference=reference) from None


def _give_back(reference: str, taken: Sequence[tuple[Reservation, int]], actor: str) -> None:
    movements = []
    for one, quantity in taken:
        movements.append(
            StockMovement(
                key=_key(one, MovementReason.RELEASED),
                level_id=one.level_id,
                delta_reserved=-quantity,
                reason=MovementReason.RELEASED,
                reference=reference,
                actor=actor,
                created_at=clock.page_now(),
            )
        )
        one.released_count += quantity
    Reservation.objects.bulk_update([one for one, _ in taken], ["released_count"])
    if not locks.change_levels(_sum((one.level_id, Change(reserved=-quantity)) for one, quantity in taken)):
        raise NothingReserved(reference=reference)
    StockMovement.objects.bulk_create(movements)


def _key(reservation: Reservation, reason: MovementReason) -> str:
    ended_before = reservation.consumed_count + reservation.released_count
    return f"{reason}:{reservation.pk}:{ended_before}"


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
