"""Files of other systems, put under our own headings. Pure: a table in, a table out.

Known are the product exports of Shopify (one row a variant, product cells on its first row only) and of
WooCommerce (a row for the product, further rows for its variations). Headings of Chinese systems are known
one by one in `columns`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalog.services.imports.columns import BY_NAME, folded
from catalog.terms import TITLE_LENGTH
from shop.core.tables import Line, Table

Cells = dict[str, str]
NO_CODE_SIGNS = re.compile(r"[^0-9A-Za-z._\-]+")
CODE_LENGTH = 40
SUBTITLE_LENGTH = 60
FIRST_OF_MANY = re.compile(r"\s*,\s*")


@dataclass
class Foreign:
    """A file of another system under our headings; `notes` say in words what was done to it."""

    system: str
    table: Table
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Preset:
    """A system: the headings it is known by, and how its rows become ours."""

    system: str
    signs: frozenset[str]
    read: Callable[[Sequence[tuple[int, Cells]]], list[tuple[int, Cells]]]


def translate(table: Table) -> Foreign | None:
    """The table as ours when another system wrote it, else None."""
    heading, *lines = table.lines
    names = [folded(text) for text in heading.cells]
    preset = next((one for one in PRESETS if one.signs <= set(names)), None)
    if preset is None:
        return None
    given = [(line.number, dict(zip(names, line.cells, strict=False))) for line in lines]
    rows = preset.read(given)
    shortened = _shorten_titles(rows)
    ours = [name for name in BY_NAME if any(cells.get(name) for _number, cells in rows)]
    found = Foreign(
        preset.system,
        Table(
            [
                Line(heading.number, tuple(BY_NAME[name].heading("zh-hans") for name in ours)),
                *(Line(number, tuple(cells.get(name, "") for name in ours)) for number, cells in rows),
            ],
            table.encoding,
        ),
    )
    found.notes.append(
        _("This is a product export of {system}; its columns were recognised.").format(system=preset.system)
    )
    if shortened:
        found.notes.append(
            _("{count} titles had more than 30 characters: shortened, in full as subtitle.").format(
                count=shortened
            )
        )
    return found


def _shopify(rows: Sequence[tuple[int, Cells]]) -> list[tuple[int, Cells]]:
    found = []
    first: dict[str, Cells] = {}
    count: dict[str, int] = {}
    for number, cells in rows:
        handle = cells.get("handle", "")
        product = first.setdefault(handle, cells)
        if not cells.get("variantprice"):
            continue  # a further picture of the product
        count[handle] = count.get(handle, 0) + 1
        row = {
            "code": cells.get("variantsku") or _code(handle, count[handle]),
            "title": product.get("title", ""),
            "category": product.get("type") or product.get("productcategory", ""),
            "brand": product.get("vendor", ""),
            "description": cells.get("bodyhtml", ""),
            "list_price": cells["variantprice"],
            "cost_price": cells.get("costperitem", ""),
            "barcode": cells.get("variantbarcode", "").lstrip("'"),
            "weight_grams": _whole(cells.get("variantgrams", "")),
            "opening": _whole(cells.get("variantinventoryqty", "")),
        }
        for at in (1, 2, 3):
            name, value = product.get(f"option{at}name", ""), cells.get(f"option{at}value", "")
            if name and value and (name, value) != ("Title", "Default Title"):
                row |= {f"axis{at}": name, f"value{at}": value}
        found.append((number, row))
    return found


def _woocommerce(rows: Sequence[tuple[int, Cells]]) -> list[tuple[int, Cells]]:
    parents: dict[str, Cells] = {}
    for _number, cells in rows:
        for name in (f"id:{cells.get('id', '')}", cells.get("sku", "")):
            if name not in ("", "id:"):
                parents[name] = cells
    found = []
    for number, cells in rows:
        kind = cells.get("type", "").casefold()
        if kind.startswith("variable"):
            continue
        product = parents.get(cells.get("parent", ""), cells) if kind == "variation" else cells
        row = {
            "code": cells.get("sku") or _code("wc", int(_whole(cells.get("id", "")) or number)),
            "title": product.get("name", ""),
            "category": FIRST_OF_MANY.split(product.get("categories", ""))[0],
            "brand": FIRST_OF_MANY.split(product.get("brands", ""))[0],
            "description": product.get("description", "") if product is cells else "",
            "list_price": cells.get("regularprice", ""),
            "barcode": cells.get("gtin,upc,ean,orisbn", ""),
            "weight_grams": _grams(cells),
            "opening": _whole(cells.get("stock", "")),
        }
        if kind == "variation":
            for at in (1, 2, 3):
                name = cells.get(f"attribute{at}name", "")
                value = cells.get(f"attribute{at}values", "")
                if name and value:
                    row |= {f"axis{at}": name, f"value{at}": value}
        found.append((number, row))
    return found


def _grams(cells: Cells) -> str:
    for unit, factor in (("kg", 1000), ("g", 1)):
        if text := cells.get(f"weight{unit}"):
            try:
                return str(int(Decimal(text) * factor))
            except InvalidOperation:
                return text
    return ""


def _whole(text: str) -> str:
    """`12.0` as `12`, less than nothing as nothing; anything else stays to be complained about."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return str(max(0, int(value))) if value == value.to_integral_value() else text


def _code(stem: str, number: int) -> str:
    end = "" if number == 1 else f"-{number}"
    return NO_CODE_SIGNS.sub("-", stem).strip("-")[: CODE_LENGTH - len(end)] + end


def _shorten_titles(rows: Iterable[tuple[int, Cells]]) -> int:
    """Long titles are cut where a word ends; not when two products would then be called the same."""
    long = {cells["title"] for _number, cells in rows if len(cells["title"]) > TITLE_LENGTH}
    short = {title: _cut(title) for title in long}
    taken = [cells["title"] for _number, cells in rows if cells["title"] not in long]
    names = [*short.values(), *set(taken)]
    clear = {title: name for title, name in short.items() if names.count(name) == 1}
    for _number, cells in rows:
        if cells["title"] in clear:
            cells["subtitle"], cells["title"] = cells["title"][:SUBTITLE_LENGTH], clear[cells["title"]]
    return len(clear)


def _cut(title: str) -> str:
    head = title[: TITLE_LENGTH + 1]
    if " " in head[10:]:
        return head.rpartition(" ")[0].strip()
    return title[:TITLE_LENGTH].strip()


PRESETS = (
    Preset("Shopify", frozenset({"handle", "title", "variantprice"}), _shopify),
    Preset("WooCommerce", frozenset({"type", "sku", "name", "regularprice", "parent"}), _woocommerce),
)
