"""The rows of analytics that two people may want at once."""

from collections.abc import Collection

from analytics.models import Remedy, ReorderSuggestion
from shop.core import locks


def open_suggestions(ids: Collection[int]) -> list[ReorderSuggestion]:
    """Those still to be decided, locked; outside the ranks, for nobody else wants them."""
    rows = ReorderSuggestion.objects.filter(pk__in=ids, ended_at=None)
    return locks.rows_locked(rows.order_by("pk"))


def open_remedy(remedy_id: int) -> Remedy | None:
    """The remedy while it runs, locked."""
    return next(iter(locks.rows_locked(Remedy.objects.filter(pk=remedy_id, ended_at=None))), None)
