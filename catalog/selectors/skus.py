"""Facts about SKUs, as basket, pricing and placing need them."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import FreightTemplate, ProductImage, Sku, StockLevel
from catalog.selectors import bundle_stock, place_goods
from catalog.selectors.stock import sellable
from catalog.terms import DeliveryMode, ProductStatus


@dataclass(frozen=True)
class SkuFact:
    """One SKU with what its product says about it.

    `available` counts the given place, or every warehouse and store; a store may have its own `list_price`,
    or not sell it at all. `category_ids` go from the product's category up to the root. `freight_template_id`
    is the default template's where the product names none.
    """

    id: int
    product_id: int
    title: str
    spec_text: str
    image_path: str
    list_price: Decimal
    is_on_sale: bool
    weight_grams: int
    volume_cm3: int
    available: int
    minimum_quantity: int
    quantity_multiple: int
    category_ids: tuple[int, ...]
    freight_template_id: int | None
    sale_unit: str
    is_weighed: bool
    no_reason_return: bool
    promised_ship_hours: int
    nominal_grams: int | None
    price_basis_grams: int | None
    code: str
    floor_price: Decimal | None
    bundle_version: int = 0
    is_sold_here: bool = True

    @property
    def is_bundle(self) -> bool:
        """Whether it is made of other SKUs and has no stock of its own."""
        return self.bundle_version > 0


def facts(sku_ids: Collection[int], *, place_id: int | None = None) -> dict[int, SkuFact]:
    """The facts of these SKUs by id, unknown ids left out; one query."""
    ids = set(sku_ids)
    if not ids:
        return {}
    return {row["pk"]: _fact(row) for row in _rows(place_id).filter(pk__in=ids)}


def free_pieces(place_id: int | None = None) -> Coalesce:
    """Pieces free to sell of the SKU of the outer query; of a bundle as many as its components make."""
    drawn_on = sellable(place_id, DeliveryMode.EXPRESS)
    levels = (
        StockLevel.objects.filter(drawn_on, sku=OuterRef("pk"))
        .order_by()
        .values("sku")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .values("free")
    )
    return Coalesce(bundle_stock.whole(drawn_on), Subquery(levels, output_field=IntegerField()), 0)


def _rows(place_id: int | None):  # type: ignore[no-untyped-def]
    here = {}
    if place_id is not None:
        here = {"here_price": place_goods.here(place_id), "is_sold_here": place_goods.is_sold(place_id)}
    pictures = ProductImage.objects.filter(product=OuterRef("product")).order_by("position", "id")
    own = pictures.filter(value__skus=OuterRef("pk"))
    default_template = FreightTemplate.objects.filter(is_default=True).values("pk")[:1]
    return Sku.objects.order_by().values(
        "pk",
        "product_id",
        "spec_text",
        "list_price",
        "weight_grams",
        "volume_cm3",
        "nominal_grams",
        "price_basis_grams",
        "code",
        "floor_price",
        title=F("product__title"),
        sale_unit=F("product__sale_unit"),
        is_weighed=F("product__is_weighed"),
        no_reason_return=F("product__no_reason_return"),
        promised_ship_hours=F("product__promised_ship_hours"),
        minimum_quantity=F("product__minimum_quantity"),
        quantity_multiple=F("product__quantity_multiple"),
        is_on_sale=Q(is_active=True, product__status=ProductStatus.ON_SHELF),
        category_1=F("product__category_id"),
        category_2=F("product__category__parent_id"),
        category_3=F("product__category__parent__parent_id"),
        template=Coalesce("product__freight_template_id", Subquery(default_template)),
        image_path=Coalesce(Subquery(own.values("path")[:1]), Subquery(pictures.values("path")[:1])),
        available=free_pieces(place_id),
        bundle_version=Coalesce(F("bundle__version"), 0),
        **here,
    )


def _fact(row: dict[str, object]) -> SkuFact:
    here_price = row.pop("here_price", None)
    if here_price is not None:
        row["list_price"] = here_price
    row["is_on_sale"] = row["is_on_sale"] and row.get("is_sold_here", True)
    categories = (row.pop("category_1"), row.pop("category_2"), row.pop("category_3"))
    return SkuFact(
        id=row.pop("pk"),  # type: ignore[arg-type]
        category_ids=tuple(pk for pk in categories if pk is not None),  # type: ignore[misc]
        freight_template_id=row.pop("template"),  # type: ignore[arg-type]
        image_path=row.pop("image_path") or "",  # type: ignore[arg-type]
        **row,  # type: ignore[arg-type]
    )
