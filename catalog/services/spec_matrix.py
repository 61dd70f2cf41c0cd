"""The specification table of a product: axes, their values, and one SKU for each row that is sold."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext

from catalog import locks
from catalog.errors import BelowFloor, CodeTaken, SpecsUnclear, TooManyAxes, TooManySkus
from catalog.models import Product, Sku, SpecAxis, SpecValue
from catalog.services import prices, products, spec_heirs
from catalog.terms import AXES_AT_MOST, SKUS_AT_MOST
from catalog.terms.prices import PriceSource
from shop.core import audit
from shop.core.errors import Invalid
from shop.core.transactions import unit

NAME_LENGTH = 12
VALUE_LENGTH = 20


@dataclass(frozen=True)
class ValueRow:
    """A value by name; with its id it is renamed and keeps its SKUs."""

    name: str
    id: int | None = None


@dataclass(frozen=True)
class AxisRow:
    """An axis with its values in order; with its id it is renamed."""

    name: str
    values: tuple[ValueRow, ...]
    id: int | None = None


@dataclass(frozen=True)
class SkuRow:
    """One SKU: a value name for each axis, in the order of the axes; a blank code is made up.

    With its id it is that SKU, whatever its values were; without one see `spec_heirs`.
    """

    values: tuple[str, ...]
    list_price: Decimal
    code: str = ""
    barcode: str | None = None
    cost_price: Decimal | None = None
    floor_price: Decimal | None = None
    weight_grams: int = 0
    volume_cm3: int = 0
    nominal_grams: int | None = None
    price_basis_grams: int | None = None
    is_active: bool = True
    id: int | None = None


WRITTEN = (
    *("code", "barcode", "spec_key", "spec_text", "position", "list_price", "cost_price", "floor_price"),
    *("weight_grams", "volume_cm3", "nominal_grams", "price_basis_grams", "is_active"),
)
PLAIN_FIELDS = (
    "cost_price",
    "floor_price",
    "weight_grams",
    "volume_cm3",
    "nominal_grams",
    "price_basis_grams",
    "is_active",
)


@dataclass
class _Table:
    """Names of values by axis position, as stored."""

    axes: list[SpecAxis] = field(default_factory=list)
    values: list[dict[str, SpecValue]] = field(default_factory=list)


@dataclass
class _Saved:
    """A SKU of the table, the values it stands for, and its key and price before."""

    sku: Sku
    chosen: list[SpecValue]
    old_key: str
    old_price: Decimal | None


@unit
def save_matrix(
    *,
    product: Product,
    axes: Sequence[AxisRow],
    rows: Sequence[SkuRow],
    actor: str,
    source: str = PriceSource.HAND,
) -> list[Sku]:
    """Make the SKUs of a product what the table says; returns the SKUs of the rows in order.

    A SKU lives on in the row that `spec_heirs` gives it, so stock, code and orders stay with it; SKUs without
    a row are retired with their stock, never deleted. Prices of existing SKUs leave their history. No axes
    and one row means a product without specification. Raises TooManyAxes, TooManySkus, SpecsUnclear,
    CodeTaken, BelowFloor, Invalid.
    """
    _check_shape(axes, rows)
    _check_prices(rows)
    locks.product(product.pk)
    known = list(Sku.objects.filter(product=product))
    active_before = sum(sku.is_active for sku in known)
    table = _save_axes(product, axes)
    chosen = [[of_axis[name] for of_axis, name in zip(table.values, row.values, strict=True)] for row in rows]
    keys = ["-".join(str(pk) for pk in sorted(value.pk for value in values)) for values in chosen]
    heirs = spec_heirs.choose(
        known,
        [
            spec_heirs.Place(key, row.id, row.code, " / ".join(row.values))
            for key, row in zip(keys, rows, strict=True)
        ],
    )
    owners = _owners([row.code for row in rows] + [row.barcode for row in rows])
    codes = _free_codes(product, owners)
    saved = []
    for position, row in enumerate(rows):
        sku = heirs[position] or Sku(product=product)
        saved.append(_Saved(sku, chosen[position], sku.spec_key, sku.list_price if sku.pk else None))
        _write(sku, row, position, codes, owners)
        sku.spec_key = keys[position]
    _store(product, known, saved, actor, source)
    products.refresh_prices(product.pk)
    audit.record(
        actor=actor,
        verb="save_specifications",
        target=f"product:{product.pk}",
        before={"skus": active_before},
        after={"skus": sum(row.is_active for row in rows)},
    )
    return [one.sku for one in saved]


def _check_shape(axes: Sequence[AxisRow], rows: Sequence[SkuRow]) -> None:
    if len(axes) > AXES_AT_MOST:
        raise TooManyAxes(limit=AXES_AT_MOST)
    if len(rows) > SKUS_AT_MOST:
        raise TooManySkus(limit=SKUS_AT_MOST)
    if not rows:
        raise SpecsUnclear(detail=gettext("it has no rows."))
    names = [axis.name for axis in axes]
    values = [[value.name for value in axis.values] for axis in axes]
    too_long = any(len(name) > NAME_LENGTH for name in names) or any(
        len(name) > VALUE_LENGTH for of_axis in values for name in of_axis
    )
    if too_long or not all(name.strip() for name in [*names, *(v for of_axis in values for v in of_axis)]):
        raise SpecsUnclear(detail=gettext("names are empty or too long."))
    if len(set(names)) < len(names) or any(len(set(of_axis)) < len(of_axis) for of_axis in values):
        raise SpecsUnclear(detail=gettext("a name occurs twice."))
    for row in rows:
        fits = len(row.values) == len(axes) and all(
            name in of_axis for name, of_axis in zip(row.values, values, strict=True)
        )
        if not fits:
            raise SpecsUnclear(detail=gettext("a row names a value that is not there."))
    if len({row.values for row in rows}) < len(rows):
        raise SpecsUnclear(detail=gettext("two rows have the same values."))
    codes = [row.code for row in rows if row.code]
    codes += [row.barcode for row in rows if row.barcode]
    twice = next((code for code, count in Counter(codes).items() if count > 1), None)
    if twice:
        raise CodeTaken(value=twice)


def _check_prices(rows: Sequence[SkuRow]) -> None:
    for row in rows:
        price = prices.checked(row.list_price)
        for other in (row.cost_price, row.floor_price):
            if other is not None:
                prices.checked(other)
        if row.floor_price is not None and price < row.floor_price:
            raise BelowFloor(floor=str(row.floor_price))
        numbers = (row.weight_grams, row.volume_cm3, row.nominal_grams or 0, row.price_basis_grams or 0)
        if min(numbers) < 0 or max(numbers) > 100_000_000:
            raise Invalid(field="weight_grams")


def _save_axes(product: Product, axes: Sequence[AxisRow]) -> _Table:
    stored = list(product.axes.prefetch_related("values"))
    by_id, by_name = {axis.pk: axis for axis in stored}, {axis.name: axis for axis in stored}
    table = _Table()
    for position, row in enumerate(axes, start=1):
        axis = by_id.get(row.id or 0) or by_name.get(row.name) or SpecAxis(product=product)
        if axis in table.axes:
            raise SpecsUnclear(detail=gettext("a name occurs twice."))
        axis.name, axis.position = row.name, position
        table.axes.append(axis)
    gone = [axis.pk for axis in stored if axis not in table.axes]
    SpecAxis.objects.filter(pk__in=gone).delete()
    for axis, row in zip(table.axes, axes, strict=True):
        axis.save()
        table.values.append(_save_values(axis, row.values))
    return table


def _save_values(axis: SpecAxis, rows: Sequence[ValueRow]) -> dict[str, SpecValue]:
    stored = list(axis.values.all())
    by_id, by_name = {value.pk: value for value in stored}, {value.name: value for value in stored}
    found: dict[str, SpecValue] = {}
    renamed: list[int] = []
    for position, row in enumerate(rows):
        value = by_id.get(row.id or 0) or by_name.get(row.name) or SpecValue(axis=axis)
        if value in found.values():
            raise SpecsUnclear(detail=gettext("a name occurs twice."))
        if value.pk and value.name != row.name:
            renamed.append(value.pk)
        value.name, value.position = row.name, position
        found[row.name] = value
    kept = [value for value in found.values() if value.pk]
    of_axis = SpecValue.objects.filter(axis=axis)
    of_axis.exclude(pk__in=[value.pk for value in kept]).delete()
    if renamed:  # names are unique at every moment, and two may be exchanged
        of_axis.filter(pk__in=renamed).update(name=Concat(Value("~"), Cast("pk", CharField())))
    SpecValue.objects.bulk_update(kept, ["name", "position"], batch_size=100)
    SpecValue.objects.bulk_create(value for value in found.values() if not value.pk)
    return found


def _write(sku: Sku, row: SkuRow, position: int, codes: Iterator[str], owners: dict[str, int]) -> None:
    for name in PLAIN_FIELDS:
        setattr(sku, name, getattr(row, name))
    sku.list_price = prices.checked(row.list_price)
    sku.spec_text = " / ".join(row.values)
    sku.position = position
    sku.code = row.code or sku.code or next(codes)
    sku.barcode = row.barcode or None
    for value in (sku.code, sku.barcode):
        if value and owners.get(value, sku.pk) != sku.pk:
            raise CodeTaken(value=value)


def _store(product: Product, known: list[Sku], saved: list[_Saved], actor: str, source: str) -> None:
    """New SKUs and changed ones in bulk; retire what has no row."""
    fresh = [one for one in saved if one.sku.pk is None]
    moved = [one for one in saved if one.sku.pk and one.old_key != one.sku.spec_key]
    kept = {one.sku.pk for one in saved}
    _free_keys([one.sku.pk for one in moved], known, kept, {one.sku.spec_key for one in saved})
    Sku.objects.bulk_update([one.sku for one in saved if one.sku.pk], WRITTEN, batch_size=100)
    Sku.objects.bulk_create(one.sku for one in fresh)
    through = Sku.values.through.objects
    through.filter(sku__in=[one.sku.pk for one in moved]).delete()
    through.bulk_create(
        Sku.values.through(sku=one.sku, specvalue=value) for one in (*fresh, *moved) for value in one.chosen
    )
    prices.note_changes(
        [(one.sku, one.old_price) for one in saved if one.old_price != one.sku.list_price],
        actor=actor,
        source=source,
    )
    Sku.objects.filter(product=product).exclude(pk__in=[one.sku.pk for one in saved]).update(is_active=False)


def _free_keys(moved: list[int], known: list[Sku], kept: set[int], wanted: set[str]) -> None:
    """Keys are unique at every moment: those that change, or stand in the way, make room first."""
    in_the_way = [sku.pk for sku in known if sku.pk not in kept and sku.spec_key in wanted]
    if moved or in_the_way:
        Sku.objects.filter(pk__in=[*moved, *in_the_way]).update(
            spec_key=Concat(Value("~"), Cast("pk", CharField()))
        )


def _owners(codes: Sequence[str | None]) -> dict[str, int]:
    """Which SKU has each of these codes or barcodes now."""
    asked = [code for code in codes if code]
    found: dict[str, int] = {}
    for sku in Sku.objects.filter(Q(code__in=asked) | Q(barcode__in=asked)):
        found[sku.code] = sku.pk
        if sku.barcode:
            found.setdefault(sku.barcode, sku.pk)
    return found


def _free_codes(product: Product, owners: dict[str, int]) -> Iterator[str]:
    """Codes of the form P12-1 that nobody has."""
    taken = set(Sku.objects.filter(code__startswith=f"P{product.pk}-").values_list("code", flat=True))
    return (
        code
        for code in (f"P{product.pk}-{number}" for number in itertools.count(1))
        if code not in taken and code not in owners
    )
