"""Warnings of short stock as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from catalog.models import StockAlert
from catalog.selectors import places
from catalog.terms.demand import WORST_FIRST, AlertTier


@dataclass(frozen=True)
class Tally:
    """Open warnings of the places a person works for, by tier."""

    out: int = 0
    critical: int = 0
    warn: int = 0

    @property
    def urgent(self) -> int:
        return self.out + self.critical


def standing() -> QuerySet[StockAlert]:
    """Open warnings."""
    return StockAlert.objects.filter(closed_at=None)


def of_staff(user: object) -> QuerySet[StockAlert]:
    """Warnings of this person's places with goods and place, the worst first, then what lasts shortest."""
    urgency = Case(
        *(When(tier=tier, then=Value(rank)) for rank, tier in enumerate(WORST_FIRST)),
        output_field=IntegerField(),
    )
    rows = StockAlert.objects.select_related("level__sku__product", "level__place").annotate(urgency=urgency)
    mine = places.ids_of_staff(user)
    return rows if mine is None else rows.filter(level__place__in=mine)


def tally(place_ids: Sequence[int] | None = None) -> Tally:
    """How many stand, by tier; one query."""
    rows = standing()
    if place_ids is not None:
        rows = rows.filter(level__place__in=place_ids)
    found = rows.aggregate(**{tier.value: Count("pk", filter=Q(tier=tier)) for tier in AlertTier})
    return Tally(**found)


def worst(place_id: int, level_ids: Sequence[int]) -> list[StockAlert]:
    """The open warnings of these levels, the worst first; one query."""
    rank = {tier.value: number for number, tier in enumerate(WORST_FIRST)}
    rows = standing().filter(level__in=level_ids, level__place=place_id)
    return sorted(
        rows.select_related("level__sku__product", "level__place"),
        key=lambda alert: (rank[alert.tier], alert.cover_days if alert.cover_days is not None else 1e9),
    )
