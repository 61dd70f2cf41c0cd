"""The one writer of what lies where: levels, what is left of batches, and the movements that explain both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog import locks
from catalog.errors import StockTooLow
from catalog.errors.batches import BatchTooLow, NothingFreshLeft
from catalog.locks import Change
from catalog.models import Batch, BatchLevel, StockLevel, StockMovement
from catalog.selectors import batches
from catalog.services import freezing
from shop.core import clock
from shop.core.errors import NotFound


@dataclass(frozen=True)
class Entry:
    """One change of what lies at a level. Going out, an empty batch takes what expires first; coming in, it
    is none.

    `is_held` hands out what was reserved; with `is_fresh_only` expired and recalled batches stay.
    """

    level_id: int
    key: str
    reason: str
    actor: str
    on_hand: int
    is_held: bool = False
    batch: str = ""
    is_fresh_only: bool = False
    reference: str = ""
    note: str = ""
    cost: Decimal | None = None


def post(entries: Sequence[Entry]) -> list[StockMovement]:
    """Write these changes, all or none, in the caller's transaction; returns the movements in order.

    An entry that takes from several batches leaves a movement for each: the first has the entry's key, the
    next ones `key#2`, `key#3`. Three queries without batches, four with them, at most eight. Raises
    StockTooLow, BatchTooLow or NothingFreshLeft; the caller's transaction must end then.
    """
    if not entries:
        return []
    freezing.refuse((entry.level_id, entry.reason) for entry in entries)
    if not locks.change_levels(summed(entries)):
        raise StockTooLow(level_id=entries[0].level_id, available=_free(entries))
    shelf = _Shelf({entry.level_id for entry in entries})
    movements = []
    for entry in entries:
        for number, (batch, pieces) in enumerate(shelf.take(entry), start=1):
            movements.append(
                StockMovement(
                    key=entry.key if number == 1 else f"{entry.key}#{number}",
                    level_id=entry.level_id,
                    delta_on_hand=pieces,
                    delta_reserved=pieces if entry.is_held else 0,
                    reason=entry.reason,
                    reference=entry.reference,
                    batch=batch,
                    cost=entry.cost,
                    note=entry.note[:200],
                    actor=entry.actor,
                    created_at=clock.page_now(),
                )
            )
    shelf.save()
    return StockMovement.objects.bulk_create(movements)


def summed(changes: Iterable[Entry]) -> dict[int, Change]:
    """What each level gains or loses altogether."""
    total: dict[int, Change] = {}
    for one in changes:
        before = total.get(one.level_id, Change())
        held = one.on_hand if one.is_held else 0
        total[one.level_id] = Change(before.on_hand + one.on_hand, before.reserved + held)
    return total


def known(keys: Iterable[str]) -> set[str]:
    """Those of the keys that were written before."""
    return set(StockMovement.objects.filter(key__in=list(keys)).values_list("key", flat=True))


class _Shelf:
    """What of batches lies at levels whose rows this transaction has locked: nobody else changes it."""

    def __init__(self, level_ids: set[int]) -> None:
        self.today = clock.business_day(clock.page_now())
        self.rows: dict[int, list[BatchLevel]] = {}
        self.before: dict[int, int] = {}
        self.arrivals: list[tuple[int, str, int]] = []
        self.loose: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        for row in batches.first_to_expire(level_ids):
            self.rows.setdefault(row.level_id, []).append(row)
            self.before[row.pk] = row.on_hand

    def take(self, entry: Entry) -> list[tuple[str, int]]:
        """The change by batch, signed."""
        if entry.on_hand < 0:
            return self._take_out(entry)
        if entry.batch:
            self._put_in(entry)
        return [(entry.batch, entry.on_hand)]

    def save(self) -> None:
        """Write what is left of each batch."""
        self._refuse_stale()
        rows = [row for of_level in self.rows.values() for row in of_level]
        changed = [row for row in rows if row.on_hand != self.before[row.pk]]
        if changed:
            BatchLevel.objects.bulk_update(changed, ["on_hand"])
        if self.arrivals:
            self._add_arrivals()

    def _take_out(self, entry: Entry) -> list[tuple[str, int]]:
        rows = self.rows.get(entry.level_id, [])
        wanted = -entry.on_hand
        self.taken[entry.level_id] = self.taken.get(entry.level_id, 0) + wanted
        parts = []
        for row in rows:
            if entry.batch and row.batch.code != entry.batch:
                continue
            if entry.is_fresh_only and not row.batch.is_sellable(self.today):
                continue
            pieces = min(row.on_hand, wanted)
            if pieces:
                row.on_hand -= pieces
                wanted -= pieces
                parts.append((row.batch.code, -pieces))
        if wanted and entry.batch:
            raise BatchTooLow(batch=entry.batch, available=-entry.on_hand - wanted)
        if wanted:
            parts.append(("", -wanted))
            self.loose[entry.level_id] = self.loose.get(entry.level_id, 0) + wanted
        return parts

    def _refuse_stale(self) -> None:
        """Goods without a batch were taken from these levels: there must have been so many."""
        suspects = [pk for pk in self.loose if any(row.on_hand for row in self.rows.get(pk, ()))]
        if not suspects:
            return
        for level_id, on_hand in StockLevel.objects.filter(pk__in=suspects).values_list("pk", "on_hand"):
            lying = sum(row.on_hand for row in self.rows[level_id])
            lying += sum(pieces for pk, _, pieces in self.arrivals if pk == level_id)
            if on_hand < lying:
                available = self.taken[level_id] - (lying - on_hand)
                raise NothingFreshLeft(level_id=level_id, available=available)

    def _put_in(self, entry: Entry) -> None:
        for row in self.rows.get(entry.level_id, []):
            if row.batch.code == entry.batch:
                row.on_hand += entry.on_hand
                return
        self.arrivals.append((entry.level_id, entry.batch, entry.on_hand))

    def _add_arrivals(self) -> None:
        skus = dict(
            StockLevel.objects.filter(pk__in={level for level, _, _ in self.arrivals}).values_list(
                "pk", "sku"
            )
        )
        found = {
            (batch.sku_id, batch.code): batch.pk
            for batch in Batch.objects.filter(
                sku__in=set(skus.values()), code__in={code for _, code, _ in self.arrivals}
            )
        }
        total: dict[tuple[int, int], int] = {}
        for level_id, code, pieces in self.arrivals:
            batch_id = found.get((skus[level_id], code))
            if batch_id is None:
                raise NotFound(batch=code)
            total[level_id, batch_id] = total.get((level_id, batch_id), 0) + pieces
        BatchLevel.objects.bulk_create(
            BatchLevel(level_id=level_id, batch_id=batch_id, on_hand=pieces)
            for (level_id, batch_id), pieces in total.items()
        )


def _free(entries: Sequence[Entry]) -> int:
    """What is free at the first level that can't bear its change."""
    for level_id, change in summed(entries).items():
        level = StockLevel.objects.filter(pk=level_id).first()
        if level and level.on_hand + change.on_hand < level.reserved + change.reserved:
            return level.available
    return 0
