"""Writing a plan: all of it in one transaction, through the services people use by hand."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from catalog.models import Product, Sku
from catalog.services import openings, products, spec_matrix
from catalog.services.imports.checking import PLAIN, Group, Plan, changes_product
from catalog.services.imports.sheet import Row
from catalog.services.imports.world import World
from catalog.services.spec_matrix import PLAIN_FIELDS, AxisRow, SkuRow, ValueRow
from catalog.terms.prices import PriceSource
from shop.core.failpoints import failpoint
from shop.core.transactions import unit


@unit
def load(
    plan: Plan, world: World, *, place_id: int | None, actor: str, step: Callable[[int], object]
) -> dict[str, int]:
    """Make the shop what the plan says; returns how many products were new and changed, and how many SKUs
    got opening stock. New products are drafts. Raises what the services raise, and then nothing is left."""
    made = {"products_new": 0, "products_changed": 0, "openings": 0}
    pieces: dict[Sku, int] = {}
    for group in plan.groups:
        outcomes = {plan.outcome[row.number] for row in group.rows}
        if outcomes == {"same"}:
            step(len(group.rows))
            continue
        made["products_new" if group.product is None else "products_changed"] += 1
        product = _write_product(group, actor)
        saved = _write_skus(group, product, world, actor)
        pieces |= {saved[row.code]: row.opening for row in group.rows if row.opening}
        step(len(group.rows))
    if place_id is not None:
        made["openings"] = openings.take_in(pieces=pieces, place_id=place_id, actor=actor)
    failpoint("catalog_loaded")
    return made


def _write_product(group: Group, actor: str) -> Product:
    fields: dict[str, Any] = {name: text for name in PLAIN if (text := group.said(name))}
    if group.category:
        fields["category"] = group.category
    if group.brand:
        fields["brand"] = group.brand
    if group.product is None:
        return products.create(actor=actor, **fields)
    if changes_product(group):
        return products.update(product=group.product, actor=actor, **fields)
    return group.product


def _write_skus(group: Group, product: Product, world: World, actor: str) -> dict[str, Sku]:
    by_code = {row.code: row for row in group.rows}
    kept = [
        sku
        for sku in (world.skus_of.get(product.pk, []) if group.product else [])
        if sku.code in by_code or (sku.is_active and len(world.values_of(sku)) == len(group.axes))
    ]
    rows = [_old_row(sku, by_code.get(sku.code), group, world) for sku in kept]
    known = {sku.code for sku in kept}
    rows += [_new_row(row, group) for row in group.rows if row.code not in known]
    axes = _axes(group, product, rows)
    saved = spec_matrix.save_matrix(
        product=product, axes=axes, rows=rows, actor=actor, source=PriceSource.IMPORT
    )
    return {sku.code: sku for sku in saved}


def _old_row(sku: Sku, row: Row | None, group: Group, world: World) -> SkuRow:
    given: dict[str, Any] = {name: getattr(sku, name) for name in PLAIN_FIELDS}
    given |= {"list_price": sku.list_price, "barcode": sku.barcode}
    values = dict(world.values_of(sku))
    if row is not None:
        given |= _said(row) | {"is_active": True}
        values = dict(group.values[row.number])
    return SkuRow(values=tuple(values[name] for name in group.axes), code=sku.code, id=sku.pk, **given)


def _new_row(row: Row, group: Group) -> SkuRow:
    values = tuple(value for _name, value in group.values[row.number])
    given = {"list_price": row.list_price or Decimal("0.00")} | _said(row)
    return SkuRow(values=values, code=row.code, **given)


def _said(row: Row) -> dict[str, Any]:
    """What the row says of its SKU; cells left empty change nothing."""
    names = ("list_price", "cost_price", "floor_price", "barcode", "weight_grams")
    return {name: value for name in names if (value := getattr(row, name)) not in (None, "")}


def _axes(group: Group, product: Product, rows: list[SkuRow]) -> list[AxisRow]:
    """The stored axes and values in their order, then new ones as they come in the file."""
    stored = {axis.name: axis for axis in product.axes.all()} if group.product else {}
    found = []
    for number, name in enumerate(group.axes):
        used = dict.fromkeys(row.values[number] for row in rows)
        old = list(stored[name].values.all()) if name in stored else []
        values = [ValueRow(value.name, value.pk) for value in old if value.name in used]
        known = {value.name for value in values}
        values += [ValueRow(text) for text in used if text not in known]
        found.append(AxisRow(name, tuple(values), stored[name].pk if name in stored else None))
    return found
