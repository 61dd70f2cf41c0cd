"""Levels: the rows that stock is written to."""

from catalog.errors.bundles import BundleHasNoStock
from catalog.models import Bundle, StockLevel
from catalog.terms import Pool


def ensure_level(*, place_id: int, sku_id: int, pool: str = Pool.SPOT) -> int:
    """The id of the level of a SKU in a place, made empty when it is not there yet.

    Raises BundleHasNoStock.
    """
    bundle = Bundle.objects.filter(sku=sku_id).values_list("sku__code", flat=True).first()
    if bundle is not None:
        raise BundleHasNoStock(code=bundle)
    level, _ = StockLevel.objects.get_or_create(place_id=place_id, sku_id=sku_id, pool=pool)
    return level.pk
