"""Narrowing a list: price, brand, specification, in stock, to collect in a store."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from catalog.models import Brand, Product, Sku, SpecValue, StockLevel
from catalog.selectors import bundle_stock, place_goods
from catalog.selectors.stock import sellable
from catalog.terms import Pool

CONSIDERED = 1000
AXES_SHOWN = 4
VALUES_SHOWN = 12
BRANDS_SHOWN = 24
VALUES_READ = 400
ANY_STORE = "any"


@dataclass(frozen=True)
class Wanted:
    """What a shopper narrows a list by. Prices in yuan, both included; `brands` are slugs; `specs` pairs of
    axis and value (any value of an axis, but all axes in one SKU); `store` a place's code, or `any`.
    """

    lowest: Decimal | None = None
    highest: Decimal | None = None
    brands: tuple[str, ...] = ()
    specs: tuple[tuple[str, str], ...] = ()
    in_stock: bool = False
    store: str = ""

    def __bool__(self) -> bool:
        return self != NOTHING

    def __len__(self) -> int:
        """How many things are asked for; a price range is one."""
        priced = self.lowest is not None or self.highest is not None
        return len(self.brands) + len(self.specs) + sum((priced, self.in_stock, bool(self.store)))

    def in_order(self) -> "Wanted":
        """The same with a reversed price range put right."""
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            return replace(self, lowest=self.highest, highest=self.lowest)
        return self


NOTHING = Wanted()


@dataclass(frozen=True)
class Options:
    """What can be chosen: brands as (slug, name), axes with the names of their values."""

    brands: tuple[tuple[str, str], ...]
    axes: tuple[tuple[str, tuple[str, ...]], ...]


def narrow(products: QuerySet[Product], wanted: Wanted) -> QuerySet[Product]:
    """Those of the products that are as wanted; no query yet."""
    wanted = wanted.in_order()
    if wanted.lowest is not None:
        products = products.filter(lowest_price__gte=wanted.lowest)
    if wanted.highest is not None:
        products = products.filter(lowest_price__lte=wanted.highest)
    if wanted.brands:
        products = products.filter(brand__in=Brand.objects.filter(slug__in=wanted.brands).values("pk"))
    if wanted.specs or wanted.in_stock or wanted.store:
        products = products.filter(Exists(_skus(wanted).filter(product=OuterRef("pk"))))
    return products


def options(products: QuerySet[Product], wanted: Wanted) -> Options:
    """What the best sellers among the products differ in, and all that is chosen. Three queries."""
    ids = list(products.order_by("-sold_count", "-id").values_list("pk", flat=True)[:CONSIDERED])
    brands = (
        Brand.objects.filter(Q(products__in=ids) | Q(slug__in=wanted.brands))
        .annotate(n=Count("products", filter=Q(products__in=ids)))
        .order_by("-n", "name")
        .values_list("slug", "name")[:BRANDS_SHOWN]
    )
    return Options(tuple(brands), _axes(ids, wanted))


def _axes(product_ids: list[int], wanted: Wanted) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = (
        SpecValue.objects.filter(axis__product__in=product_ids, skus__is_active=True)
        .order_by()
        .values_list("axis__name", "name")
        .annotate(n=Count("axis__product", distinct=True))
        .order_by("-n", "name")[:VALUES_READ]
    )
    chosen: dict[str, dict[str, None]] = {}
    for axis, name in wanted.specs:
        chosen.setdefault(axis, {})[name] = None
    axes: dict[str, dict[str, None]] = {axis: dict(names) for axis, names in chosen.items()}
    weight: dict[str, int] = dict.fromkeys(chosen, 10**9)
    for axis, name, n in rows:
        values = axes.setdefault(axis, {})
        if len(values) < VALUES_SHOWN:
            values[name] = None
        weight[axis] = weight.get(axis, 0) + n
    heaviest = sorted(axes, key=lambda axis: -weight[axis])
    shown = [axis for axis in heaviest if axis in chosen or len(axes[axis]) > 1]
    return tuple((axis, tuple(sorted(axes[axis], key=_natural))) for axis in shown[:AXES_SHOWN])


def _skus(wanted: Wanted) -> QuerySet[Sku]:
    skus = Sku.objects.filter(is_active=True)
    by_axis: dict[str, list[str]] = {}
    for axis, name in wanted.specs:
        by_axis.setdefault(axis, []).append(name)
    for axis, names in by_axis.items():
        skus = skus.filter(values__axis__name=axis, values__name__in=names)
    free = StockLevel.objects.filter(sku=OuterRef("pk"), on_hand__gt=F("reserved"))
    if wanted.in_stock:
        skus = skus.filter(Exists(free.filter(sellable())) | bundle_stock.can_be_made(sellable()))
    if wanted.store:
        here = Q(pool=Pool.SPOT, place__is_active=True, place__offers_pickup=True)
        if wanted.store != ANY_STORE:
            here &= Q(place__code=wanted.store)
            skus = skus.filter(place_goods.is_sold_at(wanted.store))
        skus = skus.filter(Exists(free.filter(here)) | bundle_stock.can_be_made(here))
    return skus


def _natural(name: str) -> tuple[float, str]:
    """Sizes by their number, words after them."""
    digits = "".join(letter for letter in name if letter.isascii() and (letter.isdigit() or letter == "."))
    try:
        return float(digits), name
    except ValueError:
        return float("inf"), name
