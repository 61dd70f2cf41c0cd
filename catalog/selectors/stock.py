"""What is free to sell, and where."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from catalog.models import Product, Sku, StockAlert, StockLevel
from catalog.selectors import bundle_stock, words
from catalog.terms import DeliveryMode, PlaceKind, Pool, ProductStatus


def sellable(place_id: int | None = None, mode: str = DeliveryMode.EXPRESS, pool: str = Pool.SPOT) -> Q:
    """The levels an order may draw on: one place, or every warehouse and store that is active."""
    levels = Q(pool=pool, place__is_active=True)
    if place_id is not None:
        return levels & Q(place_id=place_id)
    kinds = [PlaceKind.STORE] if mode == DeliveryMode.SAME_CITY else [PlaceKind.WAREHOUSE, PlaceKind.STORE]
    return levels & Q(place__kind__in=kinds)


def candidates(
    *,
    sku_ids: Collection[int],
    mode: str,
    place_id: int | None,
    region_code: str,
    pool: str = Pool.SPOT,
) -> QuerySet[StockLevel]:
    """Levels with something free that could serve these SKUs, with their places; one query."""
    levels = (
        StockLevel.objects.filter(
            sellable(place_id, mode, pool), sku_id__in=sku_ids, on_hand__gt=F("reserved")
        )
        .select_related("place")
        .order_by("id")
    )
    if mode == DeliveryMode.SAME_CITY and place_id is None and region_code:
        levels = levels.filter(place__region_code__startswith=region_code[:4])
    return levels


def available(sku_ids: Collection[int], place_id: int | None = None) -> dict[int, int]:
    """Pieces free to sell by SKU, whole bundles of a bundle, 0 where there is none; two queries."""
    found = (
        StockLevel.objects.filter(sellable(place_id), sku_id__in=sku_ids)
        .values_list("sku_id")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .order_by()
    )
    bundles = Sku.objects.filter(pk__in=sku_ids, bundle__isnull=False).order_by()
    made = bundles.annotate(free=bundle_stock.whole(sellable(place_id))).values_list("pk", "free")
    return dict.fromkeys(sku_ids, 0) | dict(found) | dict(made)


def short() -> QuerySet[StockLevel]:
    """Levels with an open warning: no more left than their mark, or for fewer days than wanted."""
    return StockLevel.objects.filter(Exists(StockAlert.objects.filter(level=OuterRef("pk"), closed_at=None)))


def named(text: str) -> Q:
    """Levels of goods with part of this title, or with exactly this code or bar code."""
    codes = Sku.objects.filter(Q(code__iexact=text.strip()) | Q(barcode=text.strip())).values("pk")
    titled = Product.objects.filter(search_text__contains=words.query(text)).values("pk")
    return Q(sku__in=codes) | Q(sku__product__in=titled)


def sold_out() -> QuerySet[Sku]:
    """Active SKUs of products on the shelf that are free to sell nowhere."""
    free = StockLevel.objects.filter(sellable(), sku=OuterRef("pk"), on_hand__gt=F("reserved"))
    made = bundle_stock.can_be_made(sellable())
    return Sku.objects.filter(~Exists(free), ~made, is_active=True, product__status=ProductStatus.ON_SHELF)
