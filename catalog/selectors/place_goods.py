"""What stores sell, and for how much."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import BundleComponent, Place, PlaceGoods, Sku, StockLevel
from catalog.selectors import bundle_stock
from catalog.selectors.stock import sellable
from catalog.terms import ProductStatus


@dataclass(frozen=True, slots=True)
class InStore:
    """One SKU in one store, as product pages say it. `price` is what it costs there."""

    place_id: int
    place_name: str
    sku_id: int
    is_sold: bool
    price: Decimal
    free: int


def here(place_id: int) -> Subquery:
    """The store's own price of the SKU of the outer query, None for the shop's."""
    return Subquery(PlaceGoods.objects.filter(place=place_id, sku=OuterRef("pk")).values("price")[:1])


def is_sold(place_id: int) -> Q:
    """Whether the store sells the SKU of the outer query."""
    return Q(~Exists(PlaceGoods.objects.filter(place=place_id, sku=OuterRef("pk"), is_sold=False)))


def is_sold_at(code: str) -> Q:
    """As `is_sold`, of the store with this code."""
    return Q(~Exists(PlaceGoods.objects.filter(place__code=code, sku=OuterRef("pk"), is_sold=False)))


def in_stores(sku_ids: Collection[int], place_ids: Collection[int]) -> list[InStore]:
    """Every SKU in every one of these places, in the places' order; five queries."""
    skus = list(Sku.objects.filter(pk__in=sku_ids).order_by("position", "pk"))
    places = list(Place.objects.filter(pk__in=place_ids).order_by("position", "pk"))
    own = {
        (row.place_id, row.sku_id): row
        for row in PlaceGoods.objects.filter(place__in=place_ids, sku__in=sku_ids)
    }
    inside: dict[int, dict[int, int]] = {}
    components = BundleComponent.objects.filter(bundle__sku__in=sku_ids).order_by()
    for bundle, part, quantity in components.values_list("bundle__sku", "sku", "quantity"):
        inside.setdefault(bundle, {})[part] = quantity
    singles = {*sku_ids, *(part for parts in inside.values() for part in parts)}
    free = {
        (place_id, sku_id): count
        for place_id, sku_id, count in StockLevel.objects.filter(
            Q(pool="spot"), place__in=place_ids, sku__in=singles
        )
        .order_by()
        .values_list("place_id", "sku_id")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
    }
    found = []
    for place in places:
        for sku in skus:
            row = own.get((place.pk, sku.pk))
            price = row.price if row and row.price is not None else sku.list_price
            parts = inside.get(sku.pk, {sku.pk: 1})
            found.append(
                InStore(
                    place_id=place.pk,
                    place_name=place.name,
                    sku_id=sku.pk,
                    is_sold=row.is_sold if row else True,
                    price=price,
                    free=min(free.get((place.pk, part), 0) // count for part, count in parts.items()),
                )
            )
    return found


def ranges(product_ids: Collection[int], place_id: int) -> dict[int, tuple[Decimal, Decimal]]:
    """Lowest and highest price of each product in this store, without what it doesn't sell; one query."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    rows = Sku.objects.filter(is_sold(place_id), product__in=product_ids, is_active=True).order_by()
    for product_id, price in rows.values_list("product_id", Coalesce(here(place_id), F("list_price"))):
        low, high = found.get(product_id, (price, price))
        found[product_id] = (min(low, price), max(high, price))
    return found


def staff_rows(place_id: int) -> QuerySet[Sku]:
    """SKUs on the shelf with `here_price`, `here_sold` and `here_free` of one store, for its staff."""
    free = (
        StockLevel.objects.filter(sellable(place_id), sku=OuterRef("pk"))
        .order_by()
        .values("sku")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .values("free")
    )
    return (
        Sku.objects.filter(is_active=True, product__status=ProductStatus.ON_SHELF)
        .select_related("product")
        .annotate(
            here_price=here(place_id),
            here_sold=is_sold(place_id),
            here_free=Coalesce(
                bundle_stock.whole(sellable(place_id)), Subquery(free, output_field=IntegerField()), 0
            ),
        )
        .order_by("product__title", "position", "pk")
    )
