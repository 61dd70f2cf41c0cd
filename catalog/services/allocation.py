"""Which places serve an order: the fewest parcels, then the nearest, then the warehouse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.terms import DeliveryMode, PlaceKind


@dataclass(frozen=True)
class Want:
    """So many pieces of a SKU for one line of an order."""

    line_key: str
    sku_id: int
    quantity: int


@dataclass(frozen=True)
class Candidate:
    """A level that could serve."""

    level_id: int
    sku_id: int
    place_id: int
    kind: str
    region_code: str
    position: int
    available: int


@dataclass(frozen=True)
class Pick:
    """Take so many pieces for a line from a level."""

    line_key: str
    sku_id: int
    level_id: int
    place_id: int
    quantity: int


@dataclass(frozen=True)
class Plan:
    """Picks that cover every want, and why these."""

    picks: tuple[Pick, ...]
    had_choice: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Shortage:
    """No plan: so many pieces of this SKU could be had."""

    sku_id: int
    available: int


def choose_places(
    *, wants: Sequence[Want], candidates: Iterable[Candidate], mode: str, region_code: str = ""
) -> Plan | Shortage:
    """Cover every want from the candidates. Pure: same input, same plan.

    One place that has everything comes first; without one, each round takes the place that completes
    most lines, and a line is split only when no place has all of it.
    """
    places: dict[int, list[Candidate]] = {}
    free: dict[tuple[int, int], tuple[int, int]] = {}
    for one in candidates:
        places.setdefault(one.place_id, []).append(one)
        free[one.place_id, one.sku_id] = (one.level_id, one.available)
    short = _shortage(wants, free)
    if short:
        return short
    order = sorted(places, key=lambda place: _preference(places[place][0], mode, region_code))
    open_wants = {want.line_key: want.quantity for want in wants}
    sku_of = {want.line_key: want.sku_id for want in wants}
    picks: list[Pick] = []
    rules: list[str] = []
    while open_wants:
        place = max(order, key=lambda p: len(_completed(p, open_wants, sku_of, free)))
        lines = _completed(place, open_wants, sku_of, free)
        if lines:
            rules.append("one_place" if len(lines) == len(wants) else "most_lines")
            taken = {key: open_wants[key] for key in lines}
        else:
            key = next(iter(open_wants))
            place = next(p for p in order if free.get((p, sku_of[key]), (0, 0))[1] > 0)
            rules.append("split_line")
            taken = {key: free[place, sku_of[key]][1]}
        for key, quantity in taken.items():
            level_id, available = free[place, sku_of[key]]
            free[place, sku_of[key]] = (level_id, available - quantity)
            picks.append(Pick(key, sku_of[key], level_id, place, quantity))
            open_wants[key] -= quantity
            if not open_wants[key]:
                del open_wants[key]
    return Plan(tuple(picks), had_choice=len(places) > 1, rules=tuple(dict.fromkeys(rules)))


def _shortage(wants: Sequence[Want], free: dict[tuple[int, int], tuple[int, int]]) -> Shortage | None:
    wanted: dict[int, int] = {}
    for want in wants:
        wanted[want.sku_id] = wanted.get(want.sku_id, 0) + want.quantity
    for sku_id, quantity in wanted.items():
        available = sum(n for (_, sku), (_, n) in free.items() if sku == sku_id)
        if available < quantity:
            return Shortage(sku_id, available)
    return None


def _completed(
    place: int,
    open_wants: dict[str, int],
    sku_of: dict[str, int],
    free: dict[tuple[int, int], tuple[int, int]],
) -> list[str]:
    """Lines this place can finish with what it has, in order."""
    left: dict[int, int] = {}
    lines = []
    for key, quantity in open_wants.items():
        sku_id = sku_of[key]
        has = left.setdefault(sku_id, free.get((place, sku_id), (0, 0))[1])
        if has >= quantity:
            left[sku_id] = has - quantity
            lines.append(key)
    return lines


def _preference(place: Candidate, mode: str, region_code: str) -> tuple[int, int, int, int]:
    first = PlaceKind.STORE if mode in (DeliveryMode.SAME_CITY, DeliveryMode.PICKUP) else PlaceKind.WAREHOUSE
    return (-nearness(place.region_code, region_code), place.kind != first, place.position, place.place_id)


def nearness(a: str, b: str) -> int:
    """How many division levels two codes share: 3 same district, 2 same city, 1 same province, 0 none."""
    return next((len(a[:size]) // 2 for size in (6, 4, 2) if len(a) >= size and a[:size] == b[:size]), 0)
