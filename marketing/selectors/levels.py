"""Member prices of a level."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import OuterRef

from marketing.models import SkuLevelPrice
from marketing.pricing.facts import LevelPrice
from marketing.selectors import running
from members.models import Level


def price(level_id: int, sku_ids: Collection[int]) -> LevelPrice | None:
    """What a level pays, with its own prices of these SKUs; one query. None for a level without any."""
    own = SkuLevelPrice.objects.filter(level=OuterRef("pk"), sku__in=sku_ids)
    row = (
        Level.objects.filter(pk=level_id)
        .annotate(own_prices=running.pairs(own, "sku_id", "price"))
        .values_list("name", "price__rate", "price__is_stackable", "price__is_active", "own_prices")
        .first()
    )
    if row is None:
        return None
    name, rate, is_stackable, is_active, prices = row
    if not is_active and not prices:
        return None
    return LevelPrice(
        rule=f"level:{level_id}",
        level_name=name,
        rate=rate if is_active else None,
        sku_prices={int(sku_id): price.quantize(Decimal("0.01")) for sku_id, price in prices or ()},
        is_stackable=is_stackable if is_active else True,
    )
