"""The specification editor's table as it is sent to the page and as it comes back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from catalog.models import Product, Sku, StockMovement
from catalog.services import cells
from catalog.services.cells import BadCell
from catalog.services.skus import AxisRow, SkuRow, ValueRow
from catalog.terms import SKUS_AT_MOST

MONEY = ("list_price", "cost_price", "floor_price")
NUMBERS = ("weight_grams", "volume_cm3", "nominal_grams", "price_basis_grams")
CODES = ("code", "barcode")
OPTIONAL_NUMBERS = ("nominal_grams", "price_basis_grams")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one cell; `row` counts the rows that were sent, None means the whole table."""

    problem: str
    remedy: str = ""
    row: int | None = None
    column: str = ""


@dataclass
class Payload:
    """The table that was sent, as far as it could be read."""

    axes: list[AxisRow] = field(default_factory=list)
    rows: list[SkuRow] = field(default_factory=list)
    openings: dict[int, int] = field(default_factory=dict)
    place_id: int | None = None
    seen: str = ""
    mistakes: list[Mistake] = field(default_factory=list)


def state(product: Product) -> dict[str, Any]:
    """The table as it is: three queries."""
    axes: list[dict[str, Any]] = [
        {
            "id": axis.pk,
            "name": axis.name,
            "values": [{"id": value.pk, "name": value.name} for value in axis.values.all()],
        }
        for axis in product.axes.prefetch_related("values")
    ]
    place = {value["id"]: n for n, axis in enumerate(axes) for value in axis["values"]}
    rows, retired = [], []
    for sku in _skus(product):
        ids = sorted((value.pk for value in sku.values.all() if value.pk in place), key=place.__getitem__)
        row = _row(sku, ids)
        if len(ids) == len(axes) and (sku.is_active or axes):
            rows.append(row)
        else:
            retired.append({name: row[name] for name in ("id", "code", "text", "on_hand", "reserved")})
    found = {"axes": axes, "rows": rows, "retired": retired}
    return found | {"seen": _digest(found)}


def read(body: bytes, *, product: Product, may_price: bool, sees_cost: bool = True) -> Payload:
    """What came back; everything that can't be read is a Mistake beside its cell. Prices stay as they are
    without `may_price`, costs without `sees_cost`."""
    payload = Payload()
    try:
        sent = json.loads(body)
        payload.axes = [_axis(axis) for axis in sent["axes"]]
        rows = [dict(row) for row in sent["rows"]]
        payload.seen = str(sent.get("seen", ""))
        payload.place_id = int(sent["place"]) if sent.get("place") else None
    except (ValueError, TypeError, KeyError, AttributeError):
        payload.mistakes.append(Mistake(_("This table can't be read. Please load the page again.")))
        return payload
    if len(rows) > SKUS_AT_MOST:
        words = _("A product has at most {limit} SKUs.").format(limit=SKUS_AT_MOST)
        payload.mistakes.append(Mistake(words))
        return payload
    stored = {sku.pk: sku for sku in product.skus.all()}
    for number, row in enumerate(rows):
        _read_row(payload, number, row, stored, may_price, sees_cost)
    _find_doubles(payload, product)
    return payload


def _read_row(
    payload: Payload,
    number: int,
    row: Mapping[str, Any],
    stored: Mapping[int, Sku],
    may_price: bool,
    sees_cost: bool,
) -> None:
    pk = row.get("id") if isinstance(row.get("id"), int) else None
    old = stored.get(pk) if pk else None
    read = _Cells(payload, number, row)
    given: dict[str, Any] = {name: read.price(name) for name in MONEY}
    given |= {name: read.whole(name) for name in NUMBERS}
    given |= {name: read.code(name) for name in CODES}
    if old and not may_price:
        given["list_price"] = old.list_price
    if old and not sees_cost:
        given["cost_price"] = old.cost_price
    if given["list_price"] is None:
        if row.get("is_active") and not read.has_mistake("list_price"):
            payload.mistakes.append(
                Mistake(_("has no price"), _("Write a price, or switch the row off."), number, "list_price")
            )
        given["list_price"] = old.list_price if old else Decimal("0.00")
    floor = given["floor_price"]
    if floor is not None and given["list_price"] < floor and not read.has_mistake("list_price"):
        payload.mistakes.append(
            Mistake(_("is below the floor price"), _("Raise it or lower the floor."), number, "list_price")
        )
    for name in NUMBERS:
        given[name] = given[name] or (None if name in OPTIONAL_NUMBERS else 0)
    opening = read.whole("opening")
    if opening:
        payload.openings[number] = opening
    values = row.get("values")
    payload.rows.append(
        SkuRow(
            values=tuple(map(str, values)) if isinstance(values, list) else (),
            is_active=bool(row.get("is_active")),
            id=pk,
            **given | {"barcode": given["barcode"] or None},
        )
    )


@dataclass(frozen=True)
class _Cells:
    """Reads the cells of one row; what can't be read is noted and counts as empty."""

    payload: Payload
    number: int
    row: Mapping[str, Any]

    def price(self, name: str) -> Decimal | None:
        return self._read(name, cells.price)

    def whole(self, name: str) -> int | None:
        return self._read(name, cells.whole)

    def code(self, name: str) -> str:
        return self._read(name, cells.code) or ""

    def has_mistake(self, name: str) -> bool:
        return any(one.row == self.number and one.column == name for one in self.payload.mistakes)

    def _read(self, name: str, reader: Any) -> Any:
        try:
            return reader(str(self.row.get(name) or ""))
        except BadCell as bad:
            self.payload.mistakes.append(Mistake(bad.problem, bad.remedy, self.number, name))
            return None


def _find_doubles(payload: Payload, product: Product) -> None:
    """A code or barcode belongs to one SKU: here those that are twice in the table or somebody else's."""
    where: dict[str, int] = {}
    mine = {row.id for row in payload.rows if row.id}
    asked = [value for row in payload.rows for value in (row.code, row.barcode) if value]
    others = Sku.objects.filter(Q(code__in=asked) | Q(barcode__in=asked)).exclude(pk__in=mine)
    taken = {value: sku for sku in others.select_related("product") for value in (sku.code, sku.barcode)}
    for number, row in enumerate(payload.rows):
        for name in CODES:
            value = getattr(row, name)
            if not value:
                continue
            if value in where:
                payload.mistakes.append(
                    Mistake(_("stands twice in this table"), _("Each SKU needs its own."), number, name)
                )
            elif value in taken and not _lives_on(taken[value], row, name, product):
                words = _("belongs to “{title}”").format(title=taken[value].product.title)
                payload.mistakes.append(Mistake(words, _("Choose another one."), number, name))
            where.setdefault(value, number)


def _lives_on(sku: Sku, row: SkuRow, name: str, product: Product) -> bool:
    """A retired SKU of the same product lives on in a new row with its code."""
    return name == "code" and row.id is None and sku.product_id == product.pk and not sku.is_active


def _axis(sent: Mapping[str, Any]) -> AxisRow:
    values = tuple(ValueRow(" ".join(str(value["name"]).split()), _id(value)) for value in sent["values"])
    return AxisRow(" ".join(str(sent["name"]).split()), values, _id(sent))


def _id(sent: Mapping[str, Any]) -> int | None:
    return sent["id"] if isinstance(sent.get("id"), int) else None


def _skus(product: Product) -> Any:
    moved = StockMovement.objects.filter(level__sku=OuterRef("pk"))
    return (
        Sku.objects.filter(product=product)
        .prefetch_related("values")
        .annotate(
            on_hand=Coalesce(Sum("levels__on_hand"), 0, output_field=IntegerField()),
            held=Coalesce(Sum("levels__reserved"), 0, output_field=IntegerField()),
            had_stock=Exists(moved),
        )
        .order_by("position", "id")
    )


def _row(sku: Any, value_ids: list[int]) -> dict[str, Any]:
    plain = {name: getattr(sku, name) for name in (*CODES, *MONEY, *NUMBERS)}
    return {
        "id": sku.pk,
        "values": value_ids,
        "text": sku.spec_text,
        "is_active": sku.is_active,
        "on_hand": sku.on_hand,
        "reserved": sku.held,
        "is_fresh": not sku.had_stock,
        **{name: "" if value is None else str(value) for name, value in plain.items()},
    }


def _digest(found: dict[str, Any]) -> str:
    """Changes when somebody else saved; stock moves all the time and doesn't count."""
    still = {
        "axes": found["axes"],
        "rows": [
            {
                name: value
                for name, value in row.items()
                if name not in ("on_hand", "reserved", "is_fresh", "text")
            }
            for row in found["rows"]
        ],
    }
    return hashlib.sha256(json.dumps(still, sort_keys=True).encode()).hexdigest()[:20]
