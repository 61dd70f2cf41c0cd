"""Count sheets: opened for a place, a category or a shelf, handed in, called off."""

from collections.abc import Collection

from django.db.models import Q

from catalog import locks
from catalog.errors.stocktakes import (
    AlreadyOnASheet,
    NothingCounted,
    NothingToCount,
    SheetClosed,
    StillToRecount,
)
from catalog.models import Category, Sku, StockLevel, Stocktake, StocktakeLine
from catalog.services import counting
from catalog.services.levels import ensure_level
from catalog.states.stocktake import STOCKTAKE
from catalog.terms import MovementReason, Pool
from catalog.terms.stocktakes import EntryKind, Recount, StocktakeStatus
from shop.core import audit, clock, numbers
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

OPEN = (StocktakeStatus.COUNTING, StocktakeStatus.REVIEW)
REASONS = frozenset(
    {
        MovementReason.COUNTED,
        MovementReason.FOUND,
        MovementReason.DAMAGED,
        MovementReason.LOST,
        MovementReason.CORRECTED,
    }
)


@unit
def open_sheet(
    *,
    place_id: int,
    title: str,
    actor: str,
    category_id: int | None = None,
    shelf: str = "",
    is_blind: bool = True,
    is_freezing: bool = False,
    note: str = "",
) -> Stocktake:
    """A sheet with a line for every SKU of the place that is sold or lies there.

    `category_id` takes the goods below it, `shelf` those whose shelf begins so. Raises NothingToCount,
    AlreadyOnASheet when an open sheet has one of them.
    """
    if not title.strip():
        raise Invalid(field="title")
    levels = list(_levels(place_id, category_id, shelf))
    if not levels:
        raise NothingToCount()
    _refuse_double(levels)
    sheet = Stocktake.objects.create(
        number=numbers.new(),
        place_id=place_id,
        title=title.strip()[:40],
        category_id=category_id,
        shelf=shelf.strip(),
        is_blind=is_blind,
        is_freezing=is_freezing,
        note=note[:200],
        opened_by=actor,
        created_at=clock.now(),
    )
    StocktakeLine.objects.bulk_create(
        (StocktakeLine(stocktake=sheet, level=level, shelf=level.shelf) for level in levels), batch_size=1000
    )
    audit.record(
        actor=actor,
        verb="open_stocktake",
        target=f"stocktake:{sheet.pk}",
        after={"title": sheet.title, "lines": len(levels)},
    )
    return sheet


@unit
def add_line(*, stocktake_id: int, sku_id: int, actor: str) -> StocktakeLine:
    """The line of a SKU on a sheet, added when a clerk finds goods that weren't expected there."""
    sheet = _locked(stocktake_id)
    if sheet.status != StocktakeStatus.COUNTING:
        raise SheetClosed(status=sheet.status)
    if not Sku.objects.filter(pk=sku_id).exists():
        raise NotFound(sku_id=sku_id)
    level_id = ensure_level(place_id=sheet.place_id, sku_id=sku_id)
    found = StocktakeLine.objects.filter(stocktake=sheet, level=level_id).first()
    if found:
        return found
    level = StockLevel.objects.get(pk=level_id)
    _refuse_double([level])
    return StocktakeLine.objects.create(stocktake=sheet, level=level, shelf=level.shelf)


@unit
def hand_in(*, stocktake_id: int, actor: str, is_rest_zero: bool = False) -> Stocktake:
    """Give the counted sheet to a reviewer.

    What was not counted stays as the books say; with `is_rest_zero` it counts as nothing there. Raises
    StillToRecount, NothingCounted, SheetClosed.
    """
    sheet = _locked(stocktake_id)
    if sheet.status != StocktakeStatus.COUNTING:
        raise SheetClosed(status=sheet.status)
    waiting = sheet.lines.exclude(recount="").count()
    if waiting:
        raise StillToRecount(count=waiting)
    if is_rest_zero:
        for line in sheet.lines.filter(counted=None).select_related("level"):
            counting.write(sheet, line, quantity=0, kind=EntryKind.FOUND, actor=actor, key=f"rest:{line.pk}")
    if not sheet.lines.filter(counted__isnull=False).exists():
        raise NothingCounted()
    STOCKTAKE.move(sheet, StocktakeStatus.REVIEW, actor=actor, submitted_at=clock.now())
    return sheet


@unit
def ask_recount(*, stocktake_id: int, line_ids: Collection[int], actor: str, reason: str = "") -> Stocktake:
    """Send lines back to be counted again; the sheet takes counts once more."""
    sheet = _locked(stocktake_id)
    if sheet.status not in OPEN:
        raise SheetClosed(status=sheet.status)
    lines = sheet.lines.filter(pk__in=line_ids, booked_at=None)
    if not lines.update(recount=Recount.ASKED):
        raise Invalid(field="lines")
    if sheet.status == StocktakeStatus.REVIEW:
        STOCKTAKE.move(sheet, StocktakeStatus.COUNTING, actor=actor, reason=reason)
    return sheet


@unit
def explain(*, line_id: int, reason: str, actor: str, note: str = "") -> StocktakeLine:
    """Say why the count of a line differs from the books; its movement will carry the reason."""
    line = StocktakeLine.objects.filter(pk=line_id).first()
    if line is None:
        raise NotFound(line_id=line_id)
    sheet = _locked(line.stocktake_id)
    if sheet.status not in OPEN or line.booked_at:
        raise SheetClosed(status=sheet.status)
    if reason not in REASONS:
        raise Invalid(field="reason")
    StocktakeLine.objects.filter(pk=line_id).update(reason=reason, note=note.strip()[:200])
    line.refresh_from_db()
    return line


@unit
def cancel(*, stocktake_id: int, actor: str, reason: str = "") -> Stocktake:
    """Call the count off; nothing is booked, what was entered stays to be read."""
    sheet = _locked(stocktake_id)
    if sheet.status not in OPEN:
        raise SheetClosed(status=sheet.status)
    STOCKTAKE.move(sheet, StocktakeStatus.CANCELLED, actor=actor, reason=reason, closed_at=clock.now())
    return sheet


def _levels(place_id: int, category_id: int | None, shelf: str) -> list[StockLevel]:
    found = StockLevel.objects.filter(place=place_id, pool=Pool.SPOT).filter(
        Q(sku__is_active=True) | Q(on_hand__gt=0)
    )
    if shelf.strip():
        found = found.filter(shelf__startswith=shelf.strip())
    if category_id is not None:
        below = Category.objects.filter(
            Q(pk=category_id) | Q(parent=category_id) | Q(parent__parent=category_id)
        )
        found = found.filter(sku__product__category__in=below)
    return list(found.order_by("shelf", "sku__product__title", "pk"))


def _refuse_double(levels: list[StockLevel]) -> None:
    taken = StocktakeLine.objects.filter(
        level__in=[level.pk for level in levels], stocktake__status__in=OPEN, booked_at=None
    )
    first = taken.select_related("stocktake").first()
    if first is not None:
        raise AlreadyOnASheet(title=first.stocktake.title, count=taken.count())


def _locked(stocktake_id: int) -> Stocktake:
    sheet = locks.stocktake(stocktake_id)
    if sheet is None:
        raise NotFound(stocktake_id=stocktake_id)
    return sheet
