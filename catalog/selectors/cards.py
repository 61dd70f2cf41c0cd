"""Product cards: what lists of goods show."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, IntegerField, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product, ProductImage, ProductTag, Sku, StockLevel
from catalog.selectors import bundle_stock
from catalog.selectors.stock import sellable


@dataclass(frozen=True)
class TagMark:
    """A tag as shown: its word and colour."""

    name: str
    colour: str


@dataclass(frozen=True)
class ProductCard:
    """One product in a list. `single_sku_id` is set when there is nothing to choose."""

    id: int
    title: str
    subtitle: str
    image_path: str
    lowest_price: Decimal | None
    highest_price: Decimal | None
    single_sku_id: int | None
    spec_text: str
    minimum_quantity: int
    tags: tuple[TagMark, ...]
    sold_count: int
    is_sold_out: bool
    sale_unit: str
    is_weighed: bool
    status: str
    category_id: int

    @property
    def has_price_range(self) -> bool:
        """Whether SKUs differ in price."""
        return self.lowest_price != self.highest_price


def cards(products: QuerySet[Product] | Sequence[int]) -> list[ProductCard]:
    """Cards of a queryset in its order, or of ids in theirs (unknown ones left out); two queries."""
    if isinstance(products, QuerySet):
        rows = list(_rows(products))
    else:
        found = {row["pk"]: row for row in _rows(Product.objects.filter(pk__in=products).order_by())}
        rows = [found[pk] for pk in products if pk in found]
    tags = _tags([row["pk"] for row in rows])
    return [_card(row, tags.get(row["pk"], ())) for row in rows]


def _rows(products: QuerySet[Product]):  # type: ignore[no-untyped-def]
    active = Sku.objects.filter(product=OuterRef("pk"), is_active=True).order_by().values("product")
    free = (
        StockLevel.objects.filter(sellable(), sku__product=OuterRef("pk"), sku__is_active=True)
        .order_by()
        .values("sku__product")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .values("free")
    )
    picture = (
        ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "id").values("path")[:1]
    )
    return products.values(
        "pk",
        "title",
        "subtitle",
        "lowest_price",
        "highest_price",
        "minimum_quantity",
        "sold_count",
        "sale_unit",
        "is_weighed",
        "status",
        "category_id",
        sku_count=Subquery(active.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        first_sku=Subquery(active.annotate(n=Min("pk")).values("n"), output_field=IntegerField()),
        spec_text=Subquery(active.annotate(n=Min("spec_text")).values("n")),
        image_path=Subquery(picture),
        free=Coalesce(Subquery(free, output_field=IntegerField()), 0)
        + Coalesce(bundle_stock.whole_of_product(sellable()), 0),
    )


def _tags(product_ids: list[int]) -> dict[int, tuple[TagMark, ...]]:
    found: dict[int, tuple[TagMark, ...]] = {}
    rows = ProductTag.objects.filter(product__in=product_ids).order_by("tag__name")
    for product_id, name, colour in rows.values_list("product_id", "tag__name", "tag__colour"):
        found[product_id] = (*found.get(product_id, ()), TagMark(name, colour))
    return found


def _card(row: dict[str, object], tags: tuple[TagMark, ...]) -> ProductCard:
    is_single = row.pop("sku_count") == 1
    first = row.pop("first_sku")
    spec_text = row.pop("spec_text")
    free = row.pop("free")
    return ProductCard(
        id=row.pop("pk"),  # type: ignore[arg-type]
        image_path=row.pop("image_path") or "",  # type: ignore[arg-type]
        single_sku_id=first if is_single else None,  # type: ignore[arg-type]
        spec_text=(spec_text or "") if is_single else "",  # type: ignore[arg-type]
        is_sold_out=free <= 0,  # type: ignore[operator]
        tags=tags,
        **row,  # type: ignore[arg-type]
    )
