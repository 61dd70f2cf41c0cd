"""Rows against each other and against the shop: every contradiction is a Problem; what is left is a Plan."""

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.translation import gettext as _

from catalog.models import Brand, Category, Product, Sku
from catalog.services.imports.columns import folded
from catalog.services.imports.sheet import Row, Sheet
from catalog.services.imports.world import World, category_key
from catalog.terms import SKUS_AT_MOST

Values = tuple[tuple[str, str], ...]
SHARED = ("title", "subtitle", "category", "brand", "description", "sale_unit")
PLAIN = ("title", "subtitle", "description", "sale_unit")
COMPARED = ("list_price", "cost_price", "floor_price", "barcode", "weight_grams")


@dataclass
class Group:
    """The rows of one product. `values` are those of each row, in the order of `axes`."""

    product: Product | None
    rows: list[Row]
    axes: list[str] = field(default_factory=list)
    values: dict[int, Values] = field(default_factory=dict)
    category: Category | None = None
    brand: Brand | None = None

    def said(self, name: str) -> str:
        """What the rows say of the product, or nothing."""
        return next((value for row in self.rows if (value := getattr(row, name))), "")


@dataclass
class Plan:
    """Groups to write, and by row number what becomes of each row: new, changed, same."""

    groups: list[Group] = field(default_factory=list)
    outcome: dict[int, str] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        return list(self.outcome.values()).count(outcome)


def check(sheet: Sheet, world: World) -> Plan:
    """Adds what is wrong to `sheet.problems`; the plan is only to be trusted when there is nothing."""
    _find_doubles(sheet, world)
    plan = Plan(groups=_grouped(sheet, world))
    new_titles = {group.said("title") for group in plan.groups if group.product is None}
    for group in plan.groups:
        _check_title(sheet, group, new_titles)
        _check_product(sheet, world, group)
        _check_values(sheet, world, group)
        for row in group.rows:
            _check_row(sheet, world, group, row)
            plan.outcome[row.number] = _outcome(world, group, row)
    sheet.problems.sort(key=lambda one: one.row)
    return plan


def changes_product(group: Group) -> bool:
    """Whether the rows say something of the product that isn't so yet."""
    product = group.product
    if product is None:
        return True
    said = {name: group.said(name) for name in PLAIN}
    return (
        any(text and text != getattr(product, name) for name, text in said.items())
        or (group.category is not None and group.category != product.category)
        or (group.brand is not None and group.brand != product.brand)
    )


def _find_doubles(sheet: Sheet, world: World) -> None:
    for name in ("code", "barcode"):
        first: dict[str, int] = {}
        for row in sheet.rows:
            value = getattr(row, name)
            if not value:
                continue
            if value in first:
                words = _("stands in row {row} too").format(row=first[value])
                sheet.complain(row.number, name, value, words, _("Each SKU needs its own; remove one row."))
            first.setdefault(value, row.number)
    for row in sheet.rows:
        owner = world.barcodes.get(row.barcode) if row.barcode else None
        if owner and owner.code != row.code:
            words = _("belongs to SKU {code}").format(code=owner.code)
            sheet.complain(row.number, "barcode", row.barcode, words, _("Mend the barcode or the code."))


def _grouped(sheet: Sheet, world: World) -> list[Group]:
    """Rows by product: known codes say which; new ones join a product by its title."""
    by_title: dict[str, int] = {}
    for row in sheet.rows:
        sku = world.skus.get(row.code)
        if sku and row.title == world.products[sku.product_id].title:
            by_title[row.title] = sku.product_id
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sheet.rows:
        sku = world.skus.get(row.code)
        ids = [sku.product_id] if sku else [by_title[row.title]] if row.title in by_title else None
        ids = ids if ids is not None else world.titles.get(row.title, [])
        if len(ids) > 1:
            words = _("{count} products are called so").format(count=len(ids))
            sheet.complain(row.number, "title", row.title, words, _("Give the new product another title."))
        if not row.title and not sku and row.number not in sheet.bad_rows():
            sheet.complain(row.number, "title", "", _("is empty"), _("Write what the product is called."))
        groups[f"#{ids[0]}" if ids else row.title or f"row {row.number}"].append(row)
    return [
        Group(world.products.get(int(key[1:])) if key.startswith("#") else None, rows)
        for key, rows in groups.items()
    ]


def _check_title(sheet: Sheet, group: Group, new_titles: set[str]) -> None:
    """A known code with another title renames its product, unless it looks like a code used twice."""
    title = group.said("title")
    if group.product is None or not title or title == group.product.title:
        return
    if title in new_titles:
        row = next(row for row in group.rows if row.title == title)
        words = _("belongs to “{title}”").format(title=group.product.title)
        sheet.complain(row.number, "code", row.code, words, _("Write another code, or that title."))
    else:
        words = _("“{old}” will be called “{new}”.").format(old=group.product.title, new=title)
        sheet.notes.append(words)


def _check_product(sheet: Sheet, world: World, group: Group) -> None:
    first = group.rows[0]
    for name in SHARED:
        told = {getattr(row, name): row.number for row in reversed(group.rows) if getattr(row, name)}
        if len(told) < 2:
            continue
        (right, at), *others = sorted(told.items(), key=lambda item: item[1])
        for text, number in others:
            words = _("row {row} of the same product says “{text}”").format(row=at, text=right)
            sheet.complain(number, name, text, words, _("Write the same in both rows."))
    group.category = _category(sheet, world, group)
    if group.category is None and group.product is None:
        group.category = world.fallback
    if not group.category and group.product is None and not group.said("category"):
        sheet.complain(first.number, "category", "", _("is empty"), _("A new product needs a category."))
    brand = group.said("brand")
    group.brand = world.brands.get(folded(brand)) if brand else None
    if brand and group.brand is None and sheet.system:
        sheet.note(_("Brand {name} is not known here and was left out.").format(name=brand))
    elif brand and group.brand is None:
        close = get_close_matches(brand, [one.name for one in world.brands.values()], n=1, cutoff=0.5)
        remedy = (
            _("Did you mean “{name}”?").format(name=close[0])
            if close
            else _("Make it under Brands first, or leave the cell empty.")
        )
        sheet.complain(_row_that_says(group, "brand"), "brand", brand, _("is no brand of the shop"), remedy)


def _category(sheet: Sheet, world: World, group: Group) -> Category | None:
    text = group.said("category")
    found = world.categories.get(category_key(text), []) if text else []
    if not text or len(found) == 1:
        return found[0] if found else None
    if world.fallback:
        return None
    number = _row_that_says(group, "category")
    if found:
        words = _("{count} categories are called so").format(count=len(found))
        sheet.complain(number, "category", text, words, _("Write the way to it too, such as 生鲜/水果."))
        return None
    names = {category.name for several in world.categories.values() for category in several}
    close = get_close_matches(text, names, n=1, cutoff=0.5)
    remedy = (
        _("Did you mean “{name}”?").format(name=close[0]) if close else _("Make it under Categories first.")
    )
    sheet.complain(number, "category", text, _("is no category of the shop"), remedy)
    return None


def _check_values(sheet: Sheet, world: World, group: Group) -> None:
    stored = world.axes_of(group.product.pk) if group.product else []
    said = next((row for row in group.rows if row.axes), None)
    group.axes = [name for name, _value in said.axes] if said else stored
    others = _others(world, group)
    if stored and set(group.axes) == set(stored):
        group.axes = stored
    elif stored or (others and group.axes):
        for sku in others[:3]:
            if said:
                words = _("differs from SKU {code} of this product").format(code=sku.code)
                remedy = _("Add SKU {code} to the file, or use its specifications: {names}.")
                sheet.complain(
                    said.number,
                    "axis1",
                    group.axes[0],
                    words,
                    remedy.format(code=sku.code, names="、".join(stored)),
                )
    taken = {tuple(value for _name, value in world.values_of(sku)): sku.code for sku in others}
    for row in group.rows:
        group.values[row.number] = _values(sheet, world, group, row)
        chosen = tuple(value for _name, value in group.values[row.number])
        if chosen in taken and len(chosen) == len(group.axes) and row.number not in sheet.bad_rows():
            words = _("SKU {code} has the same specification").format(code=taken[chosen])
            remedy = _("Write what tells this row apart.") if chosen else _("Give both rows a specification.")
            sheet.complain(row.number, "value1", " / ".join(chosen), words, remedy)
        taken.setdefault(chosen, row.code)
    if len(group.rows) + len(others) > SKUS_AT_MOST:
        words = _("has more than {limit} SKUs").format(limit=SKUS_AT_MOST)
        sheet.complain(
            group.rows[-1].number, "title", group.said("title"), words, _("Make two products of it.")
        )


def _values(sheet: Sheet, world: World, group: Group, row: Row) -> Values:
    """The row's values in the order of the group's axes; what a known SKU has where the file says nothing."""
    given = dict(row.axes)
    sku = world.skus.get(row.code)
    if not given and sku:
        given = dict(world.values_of(sku))
    missing = [name for name in group.axes if name not in given]
    strange = [name for name in given if name not in group.axes]
    if (missing or strange) and row.number not in sheet.bad_rows():
        words = _("other rows of this product differ in {names}").format(names="、".join(group.axes))
        sheet.complain(
            row.number, "axis1", "、".join(given), words, _("Use the same specifications in all its rows.")
        )
    return tuple((name, given[name]) for name in group.axes if name in given)


def _others(world: World, group: Group) -> list[Sku]:
    """SKUs of the product that are sold and that the file doesn't name."""
    if group.product is None:
        return []
    codes = {row.code for row in group.rows}
    return [sku for sku in world.skus_of.get(group.product.pk, []) if sku.is_active and sku.code not in codes]


def _check_row(sheet: Sheet, world: World, group: Group, row: Row) -> None:
    sku = world.skus.get(row.code)
    if row.number in sheet.bad_rows():
        return
    price = row.list_price if row.list_price is not None else sku.list_price if sku else None
    floor = row.floor_price if row.floor_price is not None else sku.floor_price if sku else None
    if price is None:
        sheet.complain(row.number, "list_price", "", _("is empty"), _("A new SKU needs a price."))
    elif floor is not None and price < floor:
        words = _("is below the floor price {floor}").format(floor=floor)
        sheet.complain(row.number, "list_price", price, words, _("Raise it or lower the floor."))


def _outcome(world: World, group: Group, row: Row) -> str:
    sku = world.skus.get(row.code)
    if sku is None:
        return "new"
    differs = any(
        getattr(row, name) not in (None, "") and getattr(row, name) != getattr(sku, name) for name in COMPARED
    )
    moves = group.values.get(row.number, ()) != world.values_of(sku)
    opens = bool(row.opening) and sku.pk not in world.with_stock
    return "changed" if differs or moves or opens or not sku.is_active or changes_product(group) else "same"


def _row_that_says(group: Group, name: str) -> int:
    return next((row.number for row in group.rows if getattr(row, name)), group.rows[0].number)
