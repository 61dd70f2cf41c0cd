"""Goods a freezing stocktake holds: bookings by hand wait, sales go on."""

from collections.abc import Iterable

from catalog.errors.stocktakes import BeingCounted
from catalog.models import StocktakeLine
from catalog.terms import MovementReason
from catalog.terms.stocktakes import StocktakeStatus

BY_SALE = frozenset(
    {
        MovementReason.RESERVED.value,
        MovementReason.RELEASED.value,
        MovementReason.CONSUMED.value,
        MovementReason.PUT_BACK.value,
    }
)


def refuse(changes: Iterable[tuple[int, str]]) -> None:
    """Raises BeingCounted when one of these (level, reason) is a booking by hand at goods being counted; at
    most one query, none for what orders do.
    """
    by_hand = {level_id for level_id, reason in changes if str(reason) not in BY_SALE}
    if not by_hand:
        return
    held = StocktakeLine.objects.filter(
        level__in=by_hand,
        booked_at=None,
        stocktake__is_freezing=True,
        stocktake__status__in=(StocktakeStatus.COUNTING, StocktakeStatus.REVIEW),
    )
    title = held.values_list("stocktake__title", flat=True).first()
    if title is not None:
        raise BeingCounted(title=title)
