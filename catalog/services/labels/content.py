"""What stands on a label: name, specification, unit, price and code of a SKU."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Sku, StockLevel
from catalog.selectors import ean, scanning
from catalog.terms import Pool
from shop.core import money
from shop.core.errors import Invalid

MOST_LABELS = 2_000
MOST_COPIES = 200


@dataclass(frozen=True)
class Label:
    """Words of one label. `price` has no sign; `unit` follows it; `code` is an EAN or free text."""

    title: str
    spec: str
    price: str
    unit: str
    basis: str
    code: str
    article: str
    shelf: str = ""

    @property
    def is_ean(self) -> bool:
        return ean.is_ean(self.code)


def labels(copies: Mapping[int, int], *, place_id: int | None = None) -> list[Label]:
    """The labels of these SKUs, so many of each, in the order given; two queries.

    With a place they name the shelf. Raises Invalid for no labels or too many.
    """
    if not copies or any(not 1 <= count <= MOST_COPIES for count in copies.values()):
        raise Invalid(field="copies")
    if sum(copies.values()) > MOST_LABELS:
        raise Invalid(field="copies", most=MOST_LABELS)
    skus = Sku.objects.select_related("product").in_bulk(list(copies))
    shelves: dict[int, str] = {}
    if place_id is not None:
        rows = StockLevel.objects.filter(place=place_id, pool=Pool.SPOT, sku__in=copies)
        shelves = dict(rows.values_list("sku", "shelf"))
    return [
        label
        for sku_id, count in copies.items()
        if sku_id in skus
        for label in [of(skus[sku_id], shelves.get(sku_id, ""))] * count
    ]


def of(sku: Sku, shelf: str = "") -> Label:
    """The label of one SKU; weighed goods say the price of their basis, such as 500 g, first."""
    basis = scanning.basis_price(sku) if sku.product.is_weighed or sku.price_basis_grams else None
    piece = f"¥{sku.list_price} / {sku.product.sale_unit}"
    if sku.nominal_grams:
        piece += _(" (about {grams} g)").format(grams=sku.nominal_grams)
    return Label(
        title=sku.product.title,
        spec=sku.spec_text,
        price=str(money.yuan(basis if basis is not None else sku.list_price)),
        unit=f"{sku.price_basis_grams} g" if basis is not None else sku.product.sale_unit,
        basis=piece if basis is not None else "",
        code=sku.barcode or sku.code,
        article=sku.code,
        shelf=shelf,
    )
