"""Counts as clerks enter them. Each is kept; a line's figure is what they say together.

Books and count are compared as of one moment: the level's rows are held while the count is written down, so
sales before and after it change nothing about the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from catalog import locks
from catalog.errors.stocktakes import CountedAlready, SheetClosed
from catalog.models import CountEntry, StockLevel, StockMovement, Stocktake, StocktakeLine
from catalog.terms import SELLABLE_POOLS
from catalog.terms.stocktakes import EntryKind, Recount, StocktakeStatus
from shop.core import clock
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

MOST = 1_000_000


@dataclass(frozen=True)
class Books:
    """What lies at a place by the books, whatever it is meant for, and the newest movement that says so."""

    on_hand: int
    movement_id: int


@unit
def enter(*, line_id: int, quantity: int, actor: str, key: str, kind: str = "") -> StocktakeLine:
    """Write down what a clerk counted; returns the line as it stands now. The same key again: nothing.

    The first count of a line needs no `kind` and is FOUND whatever is said. Later ones do (an `EntryKind`),
    or CountedAlready says that somebody was faster: FOUND adds pieces that lie elsewhere, INSTEAD replaces
    what this clerk entered, CHECK is an independent count of the same pieces, and sends the line to a recount
    when it differs. When goods moved between two parts of a count, the line is to be counted again in one go.
    """
    if not 0 <= quantity <= MOST or (kind and kind not in EntryKind.values):
        raise Invalid(field="quantity" if not kind or kind in EntryKind.values else "kind")
    line = StocktakeLine.objects.filter(pk=line_id).select_related("level").first()
    if line is None:
        raise NotFound(line_id=line_id)
    sheet = locks.stocktake(line.stocktake_id)
    if sheet is None or sheet.status != StocktakeStatus.COUNTING:
        raise SheetClosed(status=sheet.status if sheet else "")
    line.refresh_from_db()
    return write(sheet, line, quantity=quantity, kind=kind, actor=actor, key=key)


def write(
    sheet: Stocktake, line: StocktakeLine, *, quantity: int, kind: str, actor: str, key: str
) -> StocktakeLine:
    """As `enter`, for a sheet whose row is held."""
    key = f"{sheet.number}:{line.pk}:{key}"[:80]
    if CountEntry.objects.filter(key=key).exists():
        return line
    if line.recount:
        line.round, line.recount, line.counted = line.round + 1, "", None
    before = list(line.entries.filter(round=line.round))
    if before and not kind:
        raise CountedAlready(
            line_id=line.pk, by=before[-1].actor, is_mine=all(entry.actor == actor for entry in before)
        )
    books = _books(line.level)
    entry = CountEntry.objects.create(
        key=key,
        line=line,
        round=line.round,
        kind=kind if before else EntryKind.FOUND,
        quantity=quantity,
        book=books.on_hand,
        movement_id=books.movement_id,
        actor=actor,
        created_at=clock.now(),
    )
    _conclude(line, before, entry)
    line.save(
        update_fields=["round", "recount", "counted", "book", "movement_id", "counted_at", "counted_by"]
    )
    return line


def together(entries: Sequence[CountEntry]) -> int:
    """The pieces these entries of a round say together."""
    by_clerk: dict[str, int] = {}
    for entry in entries:
        if entry.kind == EntryKind.FOUND:
            by_clerk[entry.actor] = by_clerk.get(entry.actor, 0) + entry.quantity
        elif entry.kind == EntryKind.INSTEAD:
            by_clerk[entry.actor] = entry.quantity
    return sum(by_clerk.values())


def _conclude(line: StocktakeLine, before: list[CountEntry], entry: CountEntry) -> None:
    """Set the line to what its entries say."""
    if entry.kind == EntryKind.CHECK and before:
        expected = together(before) + entry.book - (line.book or 0)
        if entry.quantity != expected:
            line.recount = Recount.DIFFERENT
        return
    others = [one for one in before if entry.kind != EntryKind.INSTEAD or one.actor != entry.actor]
    parts = [one for one in others if one.kind != EntryKind.CHECK]
    if any(one.movement_id != entry.movement_id for one in parts):
        line.recount = Recount.MOVED
    line.counted = together([*before, entry]) if entry.kind != EntryKind.CHECK else entry.quantity
    line.book, line.movement_id = entry.book, entry.movement_id
    line.counted_at, line.counted_by = entry.created_at, entry.actor


def _books(level: StockLevel) -> Books:
    """The pools of goods for sale, held and added up; what is set aside or on the way stands elsewhere."""
    rows = locks.hold(
        StockLevel.objects.filter(place=level.place_id, sku=level.sku_id, pool__in=SELLABLE_POOLS)
    )
    newest = StockMovement.objects.filter(level__in=[row.pk for row in rows]).exclude(delta_on_hand=0)
    return Books(
        on_hand=sum(row.on_hand for row in rows),
        movement_id=newest.aggregate(newest=Max("pk"))["newest"] or 0,
    )
