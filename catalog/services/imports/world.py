"""What the shop knows about the goods a file names, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from catalog.models import Brand, Category, Product, Sku
from catalog.services import openings
from catalog.services.imports.columns import folded
from catalog.services.imports.sheet import Row


@dataclass
class World:
    """SKUs by code, products by title, and every SKU and axis of the products concerned."""

    skus: dict[str, Sku] = field(default_factory=dict)
    barcodes: dict[str, Sku] = field(default_factory=dict)
    titles: dict[str, list[int]] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    skus_of: dict[int, list[Sku]] = field(default_factory=dict)
    categories: dict[str, list[Category]] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    with_stock: set[int] = field(default_factory=set)
    fallback: Category | None = None

    def values_of(self, sku: Sku) -> tuple[tuple[str, str], ...]:
        """Names of the axes and values of a SKU, in the order of the axes."""
        chosen = sorted(sku.values.all(), key=lambda value: value.axis.position)
        return tuple((value.axis.name, value.name) for value in chosen)

    def axes_of(self, product_id: int) -> list[str]:
        return [axis.name for axis in self.products[product_id].axes.all()]


def look(rows: Sequence[Row], fallback_id: int | None = None) -> World:
    """About ten queries, however many rows. `fallback_id` names the category of new products whose own is
    not known here."""
    world = World(fallback=Category.objects.filter(pk=fallback_id).first() if fallback_id else None)
    codes = [row.code for row in rows] + [row.barcode for row in rows if row.barcode]
    named = Sku.objects.filter(Q(code__in=codes) | Q(barcode__in=codes))
    product_ids = set()
    for sku in named:
        world.skus[sku.code] = sku
        product_ids.add(sku.product_id)
    same_titles = Product.objects.filter(title__in={row.title for row in rows if row.title})
    titles: defaultdict[str, list[int]] = defaultdict(list)
    for pk, title in same_titles.values_list("pk", "title"):
        titles[title].append(pk)
        product_ids.add(pk)
    world.titles = dict(titles)
    found = Product.objects.filter(pk__in=product_ids).select_related("brand", "category")
    world.products = {product.pk: product for product in found.prefetch_related("axes__values")}
    skus_of: defaultdict[int, list[Sku]] = defaultdict(list)
    for sku in (
        Sku.objects.filter(product__in=product_ids)
        .prefetch_related("values__axis")
        .order_by("position", "id")
    ):
        skus_of[sku.product_id].append(sku)
        if sku.code in world.skus:
            world.skus[sku.code] = sku
        if sku.barcode:
            world.barcodes[sku.barcode] = sku
    world.skus_of = dict(skus_of)
    world.categories = _categories()
    world.brands = {folded(brand.name): brand for brand in Brand.objects.all()}
    world.with_stock = openings.with_stock_history([sku.pk for sku in world.skus.values()])
    return world


def _categories() -> dict[str, list[Category]]:
    """By name, by address and by the way to them."""
    found: defaultdict[str, list[Category]] = defaultdict(list)
    for category in Category.objects.select_related("parent__parent"):
        names = [category.name]
        above = category.parent
        while above:
            names.insert(0, above.name)
            above = above.parent
        ways = {folded(category.slug), *(folded("/".join(names[start:])) for start in range(len(names)))}
        for way in ways:
            found[way].append(category)
    return dict(found)


def category_key(text: str) -> str:
    """`生鲜 > 水果`, `生鲜 / 水果` and `生鲜/水果` are the same way."""
    parts = text.replace("＞", "/").replace(">", "/").replace("／", "/").split("/")
    return folded("/".join(part.strip() for part in parts))
