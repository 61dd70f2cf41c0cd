"""What is left of batches, and what expires when."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q, QuerySet

from catalog.models import BatchLevel


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
