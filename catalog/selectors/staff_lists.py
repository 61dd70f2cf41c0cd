"""What staff surfaces list: rows with everything they show, scoped by place."""

from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from catalog.models import Place, Product, ProductImage, Sku, StockLevel
from catalog.selectors import bundle_stock, places, words
from catalog.selectors.skus import free_pieces
from catalog.selectors.stock import sellable


def with_stock_and_picture(products: QuerySet[Product]) -> QuerySet[Product]:
    """Adds `available` (pieces free of active SKUs) and `image_path` to each product."""
    free = (
        StockLevel.objects.filter(sellable(), sku__product=OuterRef("pk"), sku__is_active=True)
        .order_by()
        .values("sku__product")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .values("free")
    )
    pictures = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "id")
    return products.annotate(
        available=Coalesce(Subquery(free, output_field=IntegerField()), 0)
        + Coalesce(bundle_stock.whole_of_product(sellable()), 0),
        image_path=Coalesce(Subquery(pictures.values("path")[:1]), Value("")),
    )


def products(*, query: str = "") -> QuerySet[Product]:
    """All products; `query` is part of the words of one, or a SKU's code or barcode."""
    return matching(with_stock_and_picture(Product.objects.select_related("category", "brand")), query)


def matching(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    """Those with part of a word, a SKU's code or a barcode; all of them for an empty query."""
    asked = words.query(query)
    if not asked:
        return products
    codes = Sku.objects.filter(Q(code__iexact=asked) | Q(barcode=asked)).values("product")
    return products.filter(Q(search_text__contains=asked) | Q(pk__in=codes))


def skus() -> QuerySet[Sku]:
    """All SKUs with their product and `available`."""
    return Sku.objects.select_related("product").annotate(available=free_pieces())


def levels(user: Any) -> QuerySet[StockLevel]:
    """The stock levels in the places this person may see."""
    found = StockLevel.objects.select_related("place", "sku__product")
    mine = places.ids_of_staff(user)
    return found if mine is None else found.filter(place__in=mine)


def visible_places(user: Any) -> QuerySet[Place]:
    """The places this person may see, in order."""
    return places.of_staff(user).order_by("position", "id")
