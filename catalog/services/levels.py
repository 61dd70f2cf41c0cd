"""Levels: the rows that stock is written to."""

from catalog.models import StockLevel
from catalog.terms import Pool


def ensure_level(*, place_id: int, sku_id: int, pool: str = Pool.SPOT) -> int:
    """The id of the level of a SKU in a place, made empty when it is not there yet."""
    level, _ = StockLevel.objects.get_or_create(place_id=place_id, sku_id=sku_id, pool=pool)
    return level.pk
