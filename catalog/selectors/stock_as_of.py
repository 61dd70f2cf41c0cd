"""Stock at any moment of the past, read from the movements, with the proof that they add up."""

from datetime import datetime

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import StockLevel, StockMovement


def at(instant: datetime, *, place_id: int | None = None, sku_id: int | None = None) -> QuerySet[StockLevel]:
    """Levels with `on_hand_then` and `reserved_then`: what they held at the end of that instant.

    Counted back from what they hold now by the movements after it; `proof` counts forward.
    """
    later = StockMovement.objects.filter(level=OuterRef("pk"), created_at__gt=instant)
    levels = StockLevel.objects.annotate(
        on_hand_then=F("on_hand") - _total(later, "delta_on_hand"),
        reserved_then=F("reserved") - _total(later, "delta_reserved"),
    )
    if place_id is not None:
        levels = levels.filter(place=place_id)
    return levels if sku_id is None else levels.filter(sku=sku_id)


def proof(levels: QuerySet[StockLevel], instant: datetime) -> QuerySet[StockLevel]:
    """Those of the levels of `at` for which the movements up to the instant don't add up to it: none."""
    earlier = StockMovement.objects.filter(level=OuterRef("pk"), created_at__lte=instant)
    return levels.annotate(
        on_hand_added=_total(earlier, "delta_on_hand"), reserved_added=_total(earlier, "delta_reserved")
    ).exclude(on_hand_added=F("on_hand_then"), reserved_added=F("reserved_then"))


def _total(movements: QuerySet[StockMovement], field: str) -> Coalesce:
    total = movements.order_by().values("level").annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)
