"""Which row of a new specification table an existing SKU lives on in: its stock and its code go there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Sum
from django.utils.translation import gettext

from catalog.errors import SpecsUnclear
from catalog.models import Sku, StockLevel


@dataclass(frozen=True)
class Place:
    """A row: its key (value ids), the SKU it names if any, its code and its words."""

    key: str
    id: int | None
    code: str
    words: str

    @property
    def values(self) -> frozenset[str]:
        return frozenset(filter(None, self.key.split("-")))


Fits = Callable[[Place, Sku], bool]


@dataclass
class _Match:
    """Places still without a SKU and SKUs still without a place, in order."""

    places: Sequence[Place]
    free: dict[int, Sku]
    heirs: dict[int, Sku] = field(default_factory=dict)

    def give(self, fits: Fits) -> None:
        for number, place in enumerate(self.places):
            if number in self.heirs:
                continue
            sku = next((sku for sku in self.free.values() if fits(place, sku)), None)
            if sku is not None:
                self.heirs[number] = self.free.pop(sku.pk)


def choose(known: Sequence[Sku], places: Sequence[Place]) -> list[Sku | None]:
    """For each place the SKU that lives on there, or None for a new one.

    In this order: the SKU the row names; the one with the same values; the one with the same code; where an
    axis came or went, the first row that still has all the values of a SKU, or the SKU with most stock among
    those that fall together; a retired one with the same words. Raises SpecsUnclear for a strange id.
    """
    match = _Match(places, {sku.pk: sku for sku in known})
    _give_named(match)
    by_key = {sku.spec_key: sku.pk for sku in known}
    match.give(lambda place, sku: by_key.get(place.key) == sku.pk)
    match.give(lambda place, sku: bool(place.code) and place.code == sku.code)
    if len(match.heirs) < len(places) and match.free:
        match.free = _most_stock_first(match.free)
        match.give(lambda place, sku: sku.is_active and _values(sku) < place.values)
        match.give(lambda place, sku: sku.is_active and _values(sku) > place.values)
        match.give(
            lambda place, sku: not sku.is_active and bool(place.words) and place.words == sku.spec_text
        )
    return [match.heirs.get(number) for number in range(len(places))]


def _give_named(match: _Match) -> None:
    for number, place in enumerate(match.places):
        if place.id is None:
            continue
        if place.id not in match.free:
            raise SpecsUnclear(detail=gettext("a row names a SKU that is not of this product."))
        match.heirs[number] = match.free.pop(place.id)


def _values(sku: Sku) -> frozenset[str]:
    return frozenset(filter(None, sku.spec_key.split("-")))


def _most_stock_first(free: dict[int, Sku]) -> dict[int, Sku]:
    stock = dict(
        StockLevel.objects.filter(sku__in=free).order_by().values_list("sku").annotate(on_hand=Sum("on_hand"))
    )
    order = sorted(free.values(), key=lambda sku: (-(stock.get(sku.pk) or 0), sku.position, sku.pk))
    return {sku.pk: sku for sku in order}
