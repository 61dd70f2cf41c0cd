"""The choice of a specification as the page shows it: what is chosen, what can't be, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.selectors.products import ProductPage, SkuView

FEW = 10


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """One value; `why_not` is empty where it can be had together with the other chosen values."""

    id: int
    name: str
    is_chosen: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class AxisChoice:
    id: int
    name: str
    values: tuple[ValueChoice, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`quantity` is the text as typed. `is_inline` shows the choice within the page instead of the sheet."""

    sku: SkuView | None
    axes: tuple[AxisChoice, ...]
    image_path: str
    quantity: str
    words: str
    stock_words: str
    stock_tone: str
    why_not: str
    is_inline: bool = False

    @property
    def can_buy(self) -> bool:
        return not self.why_not

    @property
    def is_direct(self) -> bool:
        """Whether the bar's buttons can act at once: nothing to choose, or chosen within the page."""
        return not self.axes or self.is_inline


def of(page: ProductPage, given: Mapping[str, str], *, is_inline: bool = False) -> Choice:
    """The choice for `axis-<id>` or `sku` parameters; without them the first SKU that can be bought."""
    least = page.product.minimum_quantity
    chosen = _chosen_values(page, given, least)
    sku = next((one for one in page.skus if set(one.value_ids) == set(chosen.values())), None)
    quantity = given.get("quantity", str(least))
    why_not = _why_not(page, sku, least)
    unit = page.product.sale_unit
    return Choice(
        sku=sku,
        axes=_axes(page, chosen, least),
        image_path=_image(page, chosen),
        quantity=quantity,
        words=" · ".join(part for part in (sku.spec_text if sku else "", f"{quantity} {unit}") if part),
        stock_words=_stock_words(sku, least),
        stock_tone="amber" if sku is None or sku.available <= FEW else "leaf",
        why_not=why_not,
        is_inline=is_inline,
    )


def sku_id(page: ProductPage, given: Mapping[str, str]) -> int | None:
    """The SKU that was meant: by its values, by its id, or the only one. None when there is no such."""
    names = [f"axis-{axis.id}" for axis in page.axes]
    if names and all(name in given for name in names):
        wanted = {given[name] for name in names}
        return next((sku.id for sku in page.skus if {str(pk) for pk in sku.value_ids} == wanted), None)
    if any(str(sku.id) == given.get("sku") for sku in page.skus):
        return int(given["sku"])
    return page.single_sku.id if page.single_sku else None


def _chosen_values(page: ProductPage, given: Mapping[str, str], least: int) -> dict[int, int]:
    start = next((sku for sku in page.skus if str(sku.id) == given.get("sku")), None)
    start = start or next((sku for sku in page.skus if sku.available >= least), None)
    start = start or (page.skus[0] if page.skus else None)
    known = set(start.value_ids) if start else set()
    chosen = {}
    for axis in page.axes:
        wanted = given.get(f"axis-{axis.id}", "")
        ids = [value.id for value in axis.values]
        fallback = next((pk for pk in ids if pk in known), ids[0] if ids else 0)
        chosen[axis.id] = int(wanted) if wanted in {str(pk) for pk in ids} else fallback
    return chosen


def _axes(page: ProductPage, chosen: dict[int, int], least: int) -> tuple[AxisChoice, ...]:
    found = []
    for axis in page.axes:
        values = tuple(
            ValueChoice(
                id=value.id,
                name=value.name,
                is_chosen=chosen[axis.id] == value.id,
                why_not=_value_why_not(page, chosen | {axis.id: value.id}, least),
            )
            for value in axis.values
        )
        found.append(AxisChoice(axis.id, axis.name, values))
    return tuple(found)


def _value_why_not(page: ProductPage, values: dict[int, int], least: int) -> str:
    sku = next((one for one in page.skus if set(one.value_ids) == set(values.values())), None)
    if sku is None:
        return _("not made like this")
    return "" if sku.available >= least else _("sold out")


def _why_not(page: ProductPage, sku: SkuView | None, least: int) -> str:
    if not page.is_on_sale:
        return _("Not on sale now")
    if page.is_sold_out:
        return _("Sold out")
    if sku is None:
        return _("Choose another combination")
    return "" if sku.available >= least else _("This one is sold out")


def _image(page: ProductPage, chosen: dict[int, int]) -> str:
    own = (value.image_path for axis in page.axes for value in axis.values if value.id == chosen[axis.id])
    return next((path for path in own if path), page.images[0].path if page.images else "")


def _stock_words(sku: SkuView | None, least: int) -> str:
    if sku is None:
        return ""
    if sku.available < least:
        return _("Sold out")
    return _("Only {count} left").format(count=sku.available) if sku.available <= FEW else _("In stock")
