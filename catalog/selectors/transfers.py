"""Transfers as those at either end see them."""

from typing import Any

from django.db.models import Q, QuerySet

from catalog.models import StockLevel, Transfer, TransferLine
from catalog.selectors import places
from catalog.terms import Pool


def of_staff(user: Any) -> QuerySet[Transfer]:
    """Transfers that leave or reach a place this person may see, newest first."""
    mine = places.ids_of_staff(user)
    found = Transfer.objects.select_related("source", "target").order_by("-id")
    return found if mine is None else found.filter(Q(source__in=mine) | Q(target__in=mine))


def lines(transfer: Transfer) -> list[TransferLine]:
    """The lines with their goods and `free`, the pieces the source could send now; two queries."""
    found = list(transfer.lines.select_related("sku__product").order_by("pk"))
    levels = StockLevel.objects.filter(
        place=transfer.source_id, pool=Pool.SPOT, sku__in=[line.sku_id for line in found]
    )
    free = {level.sku_id: level.available for level in levels}
    for line in found:
        line.free = free.get(line.sku_id, 0)  # type: ignore[attr-defined]
    return found


def may_send(user: Any, transfer: Transfer) -> bool:
    """Whether this person works at the source."""
    return _works_at(user, transfer.source_id)


def may_receive(user: Any, transfer: Transfer) -> bool:
    """Whether this person works at the target."""
    return _works_at(user, transfer.target_id)


def _works_at(user: Any, place_id: int) -> bool:
    mine = places.ids_of_staff(user)
    return mine is None or place_id in mine
