"""Which places serve an order: the fewest parcels, then the places that score best. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from catalog.selectors.distances import Point
from catalog.services import place_scores
from catalog.services.place_scores import PlaceScore, Weights
from catalog.terms import DeliveryMode, PlaceKind

SEARCHED_PLACES = 12
SEARCHED_PARCELS = 4
PARCEL_COST = Decimal("6.00")

Free = dict[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Want:
    """So many pieces of a SKU for one line of an order."""

    line_key: str
    sku_id: int
    quantity: int


@dataclass(frozen=True)
class Candidate:
    """A level that could serve. `open_orders` wait at its place to be shipped."""

    level_id: int
    sku_id: int
    place_id: int
    kind: str
    region_code: str
    position: int
    available: int
    point: Point | None = None
    parcel_cost: Decimal = PARCEL_COST
    open_orders: int = 0


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
    """Picks that cover every want, and why these. `scores` has every place with some of it, best first."""

    picks: tuple[Pick, ...]
    had_choice: bool
    rules: tuple[str, ...]
    scores: tuple[PlaceScore, ...] = field(default=())


@dataclass(frozen=True)
class Shortage:
    """No plan: so many pieces of this SKU could be had."""

    sku_id: int
    available: int


def choose_places(
    *,
    wants: Sequence[Want],
    candidates: Iterable[Candidate],
    mode: str,
    region_code: str = "",
    point: Point | None = None,
    weights: Weights | None = None,
) -> Plan | Shortage:
    """Cover every want from the candidates. Pure: same input in any order, same plan.

    The fewest places that together have everything serve; among as few, those that split the fewest lines,
    then those that score best. With very many places the search is bounded, but never needs more parcels
    than taking each time the place that completes most lines.
    """
    wants = sorted(wants, key=lambda want: (want.sku_id, want.line_key))
    places: dict[int, list[Candidate]] = {}
    free: Free = {}
    for one in sorted(candidates, key=lambda one: one.level_id):
        places.setdefault(one.place_id, []).append(one)
        free[one.place_id, one.sku_id] = (one.level_id, one.available)
    wanted: dict[int, int] = {}
    for want in wants:
        wanted[want.sku_id] = wanted.get(want.sku_id, 0) + want.quantity
    short = _shortage(wanted, free)
    if short:
        return short
    scores = {
        place: _score(levels, wanted, region_code, point, weights or Weights())
        for place, levels in places.items()
    }
    order = sorted(places, key=lambda place: _preference(places[place][0], scores[place], mode))
    picks, rules = _assign(wants, order, free)
    parcels = len({pick.place_id for pick in picks})
    if parcels > 1:
        picks, rules = _fewer(wants, wanted, order, free, scores, (picks, rules))
    return Plan(
        tuple(picks),
        had_choice=len(places) > 1,
        rules=tuple(dict.fromkeys(rules)),
        scores=tuple(scores[place] for place in order),
    )


def _score(
    levels: Sequence[Candidate],
    wanted: Mapping[int, int],
    region_code: str,
    point: Point | None,
    weights: Weights,
) -> PlaceScore:
    place = levels[0]
    return place_scores.rate(
        place_id=place.place_id,
        distance=place_scores.way(
            place_region=place.region_code, place_point=place.point, region_code=region_code, point=point
        ),
        wanted=wanted,
        has={level.sku_id: level.available for level in levels},
        parcel_cost=place.parcel_cost,
        open_orders=place.open_orders,
        weights=weights,
    )


def _fewer(
    wants: Sequence[Want],
    wanted: Mapping[int, int],
    order: Sequence[int],
    free: Free,
    scores: Mapping[int, PlaceScore],
    greedy: tuple[list[Pick], list[str]],
) -> tuple[list[Pick], list[str]]:
    """The best of the smallest sets of places that have everything, or the greedy plan when none is found."""
    used = {pick.place_id for pick in greedy[0]}
    searched = list(dict.fromkeys([*order[:SEARCHED_PLACES], *(place for place in order if place in used)]))
    for size in range(2, min(len(used), SEARCHED_PARCELS) + 1):
        found = [
            (_assign(wants, chosen, free), chosen)
            for chosen in combinations(searched, size)
            if _covers(chosen, wanted, free)
        ]
        if found:
            (picks, rules), _ = min(
                found, key=lambda one: (_splits(one[0][0]), -sum(scores[place].score for place in one[1]))
            )
            return picks, (["fewest_parcels", *rules] if size < len(used) else rules)
    return greedy


def _assign(wants: Sequence[Want], order: Sequence[int], free: Free) -> tuple[list[Pick], list[str]]:
    """Each round the place that completes most lines, the first of equal ones; a line is split only when no
    place has all of it."""
    left = dict(free)
    open_wants = {want.line_key: want.quantity for want in wants}
    sku_of = {want.line_key: want.sku_id for want in wants}
    picks: list[Pick] = []
    rules: list[str] = []
    while open_wants:
        place = max(order, key=lambda p: len(_completed(p, open_wants, sku_of, left)))
        lines = _completed(place, open_wants, sku_of, left)
        if lines:
            rules.append("one_place" if len(lines) == len(wants) else "most_lines")
            taken = {key: open_wants[key] for key in lines}
        else:
            key = next(iter(open_wants))
            place = next(p for p in order if left.get((p, sku_of[key]), (0, 0))[1] > 0)
            rules.append("split_line")
            taken = {key: left[place, sku_of[key]][1]}
        for key, quantity in taken.items():
            level_id, available = left[place, sku_of[key]]
            left[place, sku_of[key]] = (level_id, available - quantity)
            picks.append(Pick(key, sku_of[key], level_id, place, quantity))
            open_wants[key] -= quantity
            if not open_wants[key]:
                del open_wants[key]
    return picks, rules


def _covers(chosen: Collection[int], wanted: Mapping[int, int], free: Free) -> bool:
    return all(
        sum(free.get((place, sku_id), (0, 0))[1] for place in chosen) >= quantity
        for sku_id, quantity in wanted.items()
    )


def _splits(picks: Sequence[Pick]) -> int:
    return len(picks) - len({pick.line_key for pick in picks})


def _shortage(wanted: Mapping[int, int], free: Free) -> Shortage | None:
    for sku_id, quantity in wanted.items():
        available = sum(n for (_, sku), (_, n) in free.items() if sku == sku_id)
        if available < quantity:
            return Shortage(sku_id, available)
    return None


def _completed(place: int, open_wants: dict[str, int], sku_of: dict[str, int], free: Free) -> list[str]:
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


def _preference(place: Candidate, score: PlaceScore, mode: str) -> tuple[float, bool, int, int]:
    first = PlaceKind.STORE if mode in (DeliveryMode.SAME_CITY, DeliveryMode.PICKUP) else PlaceKind.WAREHOUSE
    return (-round(score.score, 6), place.kind != first, place.position, place.place_id)
