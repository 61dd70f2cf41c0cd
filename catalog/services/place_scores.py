"""How well a place would serve an order: distance, completeness, cost of a parcel, load. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.selectors.capitals import CAPITALS
from catalog.selectors.distances import Point, kilometres

FAR_KM = 2000
DEAR = Decimal(20)
BUSY = 200
SAME_DISTRICT_KM, SAME_CITY_KM, SAME_PROVINCE_KM, SOMEWHERE_KM = 10, 30, 200, 1500
BY_NEARNESS = {3: SAME_DISTRICT_KM, 2: SAME_CITY_KM, 1: SAME_PROVINCE_KM}


@dataclass(frozen=True)
class Weights:
    """How much each criterion counts; only their proportions matter."""

    distance: int = 50
    completeness: int = 20
    cost: int = 20
    load: int = 10


@dataclass(frozen=True)
class PlaceScore:
    """What speaks for a place; `score` goes from 0 to 100, higher is better.

    `km` is None when nobody knows where the parcel goes, `is_estimate` when it is not measured between two
    points. `share` is the percentage of the wanted pieces that lie there.
    """

    place_id: int
    km: int | None
    is_estimate: bool
    share: int
    parcel_cost: Decimal
    open_orders: int
    score: float


def rate(
    *,
    place_id: int,
    distance: tuple[int | None, bool],
    wanted: Mapping[int, int],
    has: Mapping[int, int],
    parcel_cost: Decimal,
    open_orders: int,
    weights: Weights,
) -> PlaceScore:
    """The score of one place; `wanted` and `has` are pieces by SKU."""
    km, is_estimate = distance
    pieces = sum(wanted.values())
    found = sum(min(quantity, has.get(sku_id, 0)) for sku_id, quantity in wanted.items())
    marks = (
        (weights.distance, 1 - min((km or 0) / FAR_KM, 1)),
        (weights.completeness, found / pieces if pieces else 1),
        (weights.cost, 1 - min(float(parcel_cost / DEAR), 1)),
        (weights.load, 1 - min(open_orders / BUSY, 1)),
    )
    total = sum(weight for weight, _ in marks)
    score = sum(weight * mark for weight, mark in marks) / total * 100 if total else 100.0
    return PlaceScore(
        place_id=place_id,
        km=km,
        is_estimate=is_estimate,
        share=found * 100 // pieces if pieces else 100,
        parcel_cost=parcel_cost,
        open_orders=open_orders,
        score=score,
    )


def way(
    *, place_region: str, place_point: Point | None, region_code: str, point: Point | None
) -> tuple[int | None, bool]:
    """Kilometres from a place to a destination, and whether that is an estimate.

    Two points are measured. Without them the divisions they share say how near they are; from another
    province it is the way to the destination's provincial capital.
    """
    if place_point and point:
        return round(kilometres(place_point, point)), False
    if not region_code:
        return None, True
    near = nearness(place_region, region_code)
    if near:
        return BY_NEARNESS[near], True
    start = place_point or CAPITALS.get(place_region[:2])
    goal = CAPITALS.get(region_code[:2])
    if start is None or goal is None:
        return SOMEWHERE_KM, True
    return max(round(kilometres(start, goal)), SAME_PROVINCE_KM), True


def nearness(a: str, b: str) -> int:
    """How many division levels two codes share: 3 same district, 2 same city, 1 same province, 0 none."""
    return next((len(a[:size]) // 2 for size in (6, 4, 2) if len(a) >= size and a[:size] == b[:size]), 0)
