"""Differences of a count booked: by another person, each as a movement, none twice."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from catalog import locks
from catalog.errors.stocktakes import NeedsAnotherPerson, SheetClosed, StillToRecount
from catalog.models import CountEntry, StockLevel, StockMovement, Stocktake, StocktakeLine
from catalog.policies import COUNT_SELF_UP_TO
from catalog.services import ledger, losses
from catalog.services.ledger import Entry
from catalog.states.stocktake import STOCKTAKE
from catalog.terms import SELLABLE_POOLS, MovementReason
from catalog.terms.stocktakes import Recount, StocktakeStatus
from shop.core import audit, clock
from shop.core.errors import NotFound
from shop.core.transactions import unit

LOST = frozenset({MovementReason.DAMAGED, MovementReason.LOST})
BOOKS_ONLY = (
    MovementReason.COUNTED,
    MovementReason.FOUND,
    MovementReason.LOST,
    MovementReason.CORRECTED,
)
"""Bookings that follow what lies there instead of changing it, as the count does."""


@dataclass(frozen=True)
class Booked:
    """What came of an approval: lines booked, lines that wait for orders to let go, lines to count again."""

    booked_count: int
    held_count: int
    recount_count: int


@unit
def approve(*, stocktake_id: int, actor: str) -> Booked:
    """Book every difference of a sheet under review.

    Raises NeedsAnotherPerson when the approver counted here and the differences are worth more than the
    policy allows. Lines whose missing pieces are promised to orders stay open; so does the sheet. A line
    whose stock was corrected after it was counted is sent to a recount, so no difference is booked twice.
    """
    sheet = locks.stocktake(stocktake_id)
    if sheet is None:
        raise NotFound(stocktake_id=stocktake_id)
    if sheet.status != StocktakeStatus.REVIEW:
        raise SheetClosed(status=sheet.status)
    lines = list(
        sheet.lines.filter(counted__isnull=False, booked_at=None).select_related("level__sku").order_by("pk")
    )
    if any(line.recount for line in lines):
        raise StillToRecount(count=sum(bool(line.recount) for line in lines))
    different = [line for line in lines if line.variance]
    _refuse_own(sheet, different, actor)
    pools = _pools(different)
    stale = _corrected_since(different, pools)
    held = [line for line in different if line not in stale and not _fits(line, pools[line.pk])]
    done = [line for line in lines if line not in stale and line not in held]
    if not stale and not held:
        STOCKTAKE.move(sheet, StocktakeStatus.CLOSED, actor=actor, approved_by=actor, closed_at=clock.now())
    StocktakeLine.objects.filter(pk__in=[line.pk for line in done]).update(booked_at=clock.now())
    entries = [entry for line in done if line.variance for entry in _entries(sheet, line, pools, actor)]
    _note_losses(done, ledger.post(entries), actor)
    if stale:
        StocktakeLine.objects.filter(pk__in=[line.pk for line in stale]).update(recount=Recount.MOVED)
        STOCKTAKE.move(sheet, StocktakeStatus.COUNTING, actor=actor, reason="stock was corrected meanwhile")
    audit.record(
        actor=actor,
        verb="approve_stocktake",
        target=f"stocktake:{sheet.pk}",
        after={"booked": len(done), "held": len(held), "recount": len(stale)},
    )
    return Booked(len(done), len(held), len(stale))


def value(lines: list[StocktakeLine]) -> Decimal:
    """What differences are worth at cost, shortages and surpluses added up; without a cost, at list price."""
    return sum((abs(line.variance or 0) * _price(line) for line in lines), Decimal(0))


def _price(line: StocktakeLine) -> Decimal:
    sku = line.level.sku
    return sku.cost_price if sku.cost_price is not None else sku.list_price


def _note_losses(lines: list[StocktakeLine], movements: list[StockMovement], actor: str) -> None:
    """What is missing because it was lost or broke counts in the rate of loss."""
    for line in lines:
        if (line.variance or 0) >= 0 or line.reason not in LOST:
            continue
        mine = f"{line.pk}:"
        gone = [one for one in movements if one.key.split(":", 2)[-1].startswith(mine)]
        losses.note_down(gone, sku_id=line.level.sku_id, reason=line.reason, note=line.note, actor=actor)


def _refuse_own(sheet: Stocktake, different: list[StocktakeLine], actor: str) -> None:
    amount = value(different)
    if amount <= COUNT_SELF_UP_TO.get():
        return
    if CountEntry.objects.filter(line__stocktake=sheet, round=F("line__round"), actor=actor).exists():
        raise NeedsAnotherPerson(amount=f"{amount:.2f}")


def _pools(lines: list[StocktakeLine]) -> dict[int, list[StockLevel]]:
    """The levels goods for sale of each line lie at, its own (spot) first; all of them held."""
    places = {line.level.place_id for line in lines}
    rows = locks.hold(
        StockLevel.objects.filter(
            place__in=places, sku__in=[line.level.sku_id for line in lines], pool__in=SELLABLE_POOLS
        )
    )
    by_goods: dict[tuple[int, int], list[StockLevel]] = {}
    for row in rows:
        by_goods.setdefault((row.place_id, row.sku_id), []).append(row)
    return {
        line.pk: sorted(
            by_goods.get((line.level.place_id, line.level.sku_id), []),
            key=lambda row: row.pk != line.level_id,
        )
        for line in lines
    }


def _corrected_since(lines: list[StocktakeLine], pools: dict[int, list[StockLevel]]) -> list[StocktakeLine]:
    """Lines whose books somebody put right after they were counted."""
    counts = StockMovement.objects.filter(
        level__in={level.pk for line in lines for level in pools[line.pk]},
        reason__in=BOOKS_ONLY,
        pk__gt=min((line.movement_id or 0 for line in lines), default=0),
    ).values_list("level", "pk")
    newest: dict[int, int] = {}
    for level_id, movement_id in counts:
        newest[level_id] = max(newest.get(level_id, 0), movement_id)
    return [
        line
        for line in lines
        if any(newest.get(level.pk, 0) > (line.movement_id or 0) for level in pools[line.pk])
    ]


def _fits(line: StocktakeLine, levels: list[StockLevel]) -> bool:
    return (line.variance or 0) > 0 or sum(level.available for level in levels) >= -(line.variance or 0)


def _entries(
    sheet: Stocktake, line: StocktakeLine, pools: dict[int, list[StockLevel]], actor: str
) -> list[Entry]:
    """What is too many goes to spot; what is missing is taken from spot first, then from the other pools."""
    rest = line.variance or 0
    entries = []
    for number, level in enumerate(pools[line.pk]):
        pieces = rest if rest > 0 else -min(level.available, -rest)
        if not pieces:
            continue
        entries.append(
            Entry(
                level.pk,
                f"stocktake:{sheet.number}:{line.pk}:{number}",
                line.reason,
                actor,
                on_hand=pieces,
                reference=f"stocktake:{sheet.number}",
                note=line.note,
                cost=line.level.sku.cost_price,
            )
        )
        rest -= pieces
        if not rest:
            break
    return entries
