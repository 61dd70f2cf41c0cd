"""Products as shoppers see them: lists and one page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce, JSONObject

from catalog.models import ParameterValue, Product, ProductImage, ProductTag, ProductVideo, Sku, SpecValue
from catalog.selectors import categories, facets, search
from catalog.selectors.cards import ProductCard, TagMark, cards
from catalog.selectors.categories import CategoryNode
from catalog.selectors.skus import free_pieces
from catalog.terms import ProductStatus
from catalog.terms.listing import NEVER_SHOWN
from shop.core.errors import NotFound

__all__ = ["Listing", "ProductCard", "ProductPage", "TagMark", "cards", "listing", "options", "page"]

SORTS = {
    "best": ("position", "-sold_count", "-id"),
    "sold": ("-sold_count", "-id"),
    "price_up": ("lowest_price", "-id"),
    "price_down": ("-lowest_price", "-id"),
    "new": ("-on_shelf_at", "-id"),
}
TOTAL_SHOWN = 999
LAST_PAGE = 200


@dataclass(frozen=True)
class Listing:
    """One page of a list; `total` stops at 999.

    `meant` is the spelling that was searched for instead of the query, `also` what means the same.
    """

    cards: list[ProductCard]
    total: int
    page: int
    size: int
    sort: str
    query: str
    is_exact: bool
    meant: str = ""
    also: tuple[str, ...] = ()

    @property
    def has_next(self) -> bool:
        """Whether there is a further page."""
        return self.total > self.page * self.size

    @property
    def is_total_cut(self) -> bool:
        """Whether there are more than are counted."""
        return self.total >= TOTAL_SHOWN


@dataclass(frozen=True)
class AxisView:
    """An axis with its values in order."""

    id: int
    name: str
    values: tuple["ValueView", ...]


@dataclass(frozen=True)
class ValueView:
    """One value to choose; `image_path` is its own picture or empty."""

    id: int
    name: str
    image_path: str


@dataclass(frozen=True)
class SkuView:
    """An active SKU of the page."""

    id: int
    code: str
    spec_text: str
    value_ids: tuple[int, ...]
    list_price: Decimal
    available: int
    weight_grams: int
    nominal_grams: int | None
    price_basis_grams: int | None
    bundle_version: int = 0


@dataclass(frozen=True)
class Film:
    """A short video: paths of the file and of its cover (may be empty), pixels."""

    path: str
    cover: str
    width: int
    height: int


@dataclass(frozen=True)
class ProductPage:
    """Everything the product page shows of the catalog."""

    product: Product
    is_on_sale: bool
    images: tuple[ProductImage, ...]
    axes: tuple[AxisView, ...]
    skus: tuple[SkuView, ...]
    tags: tuple[TagMark, ...]
    trail: tuple[CategoryNode, ...]
    freight_template_id: int | None
    films: tuple[Film, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def is_sold_out(self) -> bool:
        """Whether nothing of it can be bought now."""
        return not any(sku.available >= self.product.minimum_quantity for sku in self.skus)

    @property
    def single_sku(self) -> SkuView | None:
        """The SKU when there is nothing to choose."""
        return self.skus[0] if len(self.skus) == 1 else None


def listing(
    *,
    category: CategoryNode | str | int | None = None,
    query: str = "",
    sort: str = "best",
    page: int = 1,
    size: int = 20,
    wanted: facets.Wanted = facets.NOTHING,
    as_typed: bool = False,
) -> Listing:
    """One page of goods on the shelf: of a category (node, slug or id) with all below it, of a search, or
    of both, narrowed to what is wanted.

    Three queries, and one to eight small ones for a search. Raises NotFound for a category that isn't
    shown.
    """
    sort = sort if sort in SORTS else "best"
    page, size = min(max(page, 1), LAST_PAGE), min(max(size, 1), 60)
    found = _found(category, query, as_typed)
    products = facets.narrow(found.products, wanted)
    total = products.order_by()[:TOTAL_SHOWN].count()
    start = (page - 1) * size
    by_rank = sort == "best" and found.query
    ordered = found.best_first(products) if by_rank else products.order_by(*SORTS[sort])
    shown = cards(ordered[start : start + size]) if start < total else []
    return Listing(
        shown, total, page, size, sort, found.query, found.is_exact, meant=found.meant, also=found.also
    )


def options(
    *,
    category: CategoryNode | str | int | None = None,
    query: str = "",
    wanted: facets.Wanted = facets.NOTHING,
    as_typed: bool = False,
) -> tuple[facets.Options, int]:
    """What a list can be narrowed by, and how many goods (at most 999) it has as wanted; four queries and
    those of the search. Raises NotFound as `listing` does.
    """
    products = _found(category, query, as_typed).products
    count = facets.narrow(products, wanted).order_by()[:TOTAL_SHOWN].count()
    return facets.options(products, wanted), count


def _found(category: CategoryNode | str | int | None, query: str, as_typed: bool) -> search.Found:
    found = search.Found("", Product.objects.filter(status=ProductStatus.ON_SHELF), is_exact=True)
    if query.strip():
        found = search.find(query, as_typed=as_typed)
    if category is None:
        return found
    return replace(found, products=found.products.filter(category__in=_node(category).all_ids()))


def page(product_id: int, *, with_drafts: bool = False) -> ProductPage:
    """The page of a product; four queries.

    A product off the shelf still has its page, with `is_on_sale` False; drafts (but for a preview) and
    strangers raise NotFound.
    """
    marks = ProductTag.objects.filter(product=OuterRef("pk")).order_by("tag__name")
    said = ParameterValue.objects.filter(product=OuterRef("pk")).order_by("parameter__position", "parameter")
    hidden = () if with_drafts else NEVER_SHOWN
    product = (
        Product.objects.exclude(status__in=hidden)
        .select_related("category", "brand", "freight_template")
        .annotate(
            marks=ArraySubquery(marks.values(mark=JSONObject(name=F("tag__name"), colour=F("tag__colour")))),
            said_rows=ArraySubquery(
                said.values(
                    pair=JSONObject(name=F("parameter__name"), value=F("value"), unit=F("parameter__unit"))
                )
            ),
            film_rows=ArraySubquery(
                ProductVideo.objects.filter(product=OuterRef("pk"))
                .order_by("position", "id")
                .values(film=JSONObject(**{name: F(name) for name in ("path", "cover", "width", "height")}))
            ),
        )
        .filter(pk=product_id)
        .first()
    )
    if product is None:
        raise NotFound(product_id=product_id)
    images = tuple(ProductImage.objects.filter(product=product).order_by("position", "id"))
    skus = _skus(product.pk)
    return ProductPage(
        product=product,
        is_on_sale=product.status == ProductStatus.ON_SHELF,
        images=images,
        axes=_axes(product.pk, images, {pk for sku in skus for pk in sku.value_ids}),
        skus=skus,
        tags=tuple(TagMark(**mark) for mark in product.marks),
        trail=tuple(categories.trail(product.category_id)),
        freight_template_id=product.freight_template_id,
        films=tuple(Film(**film) for film in product.film_rows),
        parameters=tuple((one["name"], f"{one['value']} {one['unit']}".strip()) for one in product.said_rows),
    )


def _axes(product_id: int, images: Sequence[ProductImage], used: set[int]) -> tuple[AxisView, ...]:
    pictures = {image.value_id: image.path for image in reversed(images) if image.value_id}
    values = (
        SpecValue.objects.filter(axis__product=product_id)
        .select_related("axis")
        .order_by("axis__position", "position", "id")
    )
    by_axis: dict[tuple[int, str], list[ValueView]] = {}
    for value in values:
        if value.pk not in used:
            continue
        view = ValueView(value.pk, value.name, pictures.get(value.pk, ""))
        by_axis.setdefault((value.axis_id, value.axis.name), []).append(view)
    return tuple(AxisView(pk, name, tuple(found)) for (pk, name), found in by_axis.items())


def _skus(product_id: int) -> tuple[SkuView, ...]:
    order = ["values__axis__position"]
    rows = (
        Sku.objects.filter(product=product_id, is_active=True)
        .annotate(
            value_ids=ArrayAgg("values", filter=Q(values__isnull=False), order_by=order, default=[]),
            available=free_pieces(),
            bundle_version=Coalesce(F("bundle__version"), 0),
        )
        .order_by("position", "id")
    )
    return tuple(
        SkuView(
            id=sku.pk,
            code=sku.code,
            spec_text=sku.spec_text,
            value_ids=tuple(sku.value_ids),
            list_price=sku.list_price,
            available=sku.available,
            weight_grams=sku.weight_grams,
            nominal_grams=sku.nominal_grams,
            price_basis_grams=sku.price_basis_grams,
            bundle_version=sku.bundle_version,
        )
        for sku in rows
    )


def _node(category: CategoryNode | str | int) -> CategoryNode:
    if isinstance(category, CategoryNode):
        return category
    found = categories.find(category) if isinstance(category, str) else categories.node(category)
    if found is None:
        raise NotFound(category=category)
    return found
