"""What orders hold, and where."""

from django.db.models import F, Sum

from catalog.models import Reservation


def by_place(reference: str) -> dict[int, dict[str, int]]:
    """Pieces this reference still holds, by place and line key; one query."""
    rows = (
        Reservation.objects.filter(reference=reference, status="active")
        .order_by()
        .values_list("level__place_id", "line_key")
        .annotate(pieces=Sum(F("quantity") - F("consumed_count") - F("released_count")))
    )
    found: dict[int, dict[str, int]] = {}
    for place_id, key, pieces in rows:
        found.setdefault(place_id, {})[key] = pieces
    return found
