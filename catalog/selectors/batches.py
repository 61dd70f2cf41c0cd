"""What is left of batches, and what expires when."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Batch, BatchLevel
from catalog.terms import SELLABLE_POOLS


def first_to_expire(level_ids: Collection[int]) -> list[BatchLevel]:
    """What of batches lies at these levels, with their batches, the first to expire first; one query.

    Batches without a date come last; empty rows are there too, so that goods can come back to them.
    """
    return list(
        BatchLevel.objects.filter(level__in=level_ids)
        .select_related("batch")
        .order_by("level", F("batch__expires_on").asc(nulls_last=True), "batch__made_on", "batch")
    )


def not_sellable(today: date) -> Q:
    """Batches nobody may buy any more, for a query of `BatchLevel`."""
    return Q(batch__expires_on__lt=today) | Q(batch__recalled_at__isnull=False)


def with_goods() -> QuerySet[BatchLevel]:
    """What of batches is still there, the first to expire first."""
    return (
        BatchLevel.objects.filter(on_hand__gt=0)
        .select_related("batch__sku__product", "level__place")
        .order_by(F("batch__expires_on").asc(nulls_last=True), "batch", "level")
    )


def with_remainders(found: QuerySet[Batch], place_ids: Collection[int] | None) -> QuerySet[Batch]:
    """Adds `left` (pieces orders may draw on) and `put_aside` (other pools) in these places, None: all."""
    seen = Q() if place_ids is None else Q(level__place__in=place_ids)
    sellable = Q(level__pool__in=SELLABLE_POOLS)
    lying = BatchLevel.objects.filter(seen, batch=OuterRef("pk")).order_by().values("batch")
    return found.annotate(left=_pieces(lying.filter(sellable)), put_aside=_pieces(lying.filter(~sellable)))


def _pieces(lying: QuerySet[BatchLevel, Any]) -> Coalesce:
    total = lying.annotate(total=Sum("on_hand")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)
