"""Goods sent from one place to another. On the way they lie at the target in a pool nobody can buy from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import locks
from catalog.errors.transfers import TransferDiffers, TransferEmpty, TransferOver, TransferTooLarge
from catalog.models import Place, Sku, StockLevel, StockMovement, Transfer, TransferLine
from catalog.services import ledger, losses
from catalog.services.ledger import Entry
from catalog.services.levels import ensure_level
from catalog.states.transfer import TRANSFER
from catalog.terms import LossReason, MovementReason, Pool
from catalog.terms.transfers import TransferStatus
from shop.core import audit, clock, numbers
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

MOST = 1_000_000
WHY_MISSING = frozenset({MovementReason.LOST, MovementReason.DAMAGED, MovementReason.CORRECTED})


@dataclass(frozen=True)
class Arrived:
    """What became of one SKU of a transfer. good + damaged + missing = sent + extra.

    `reason` is needed when anything is missing or too many: lost, damaged or corrected (miscounted at the
    source).
    """

    sku_id: int
    good: int
    damaged: int = 0
    missing: int = 0
    extra: int = 0
    reason: str = ""
    note: str = ""

    @property
    def told(self) -> int:
        return self.good + self.damaged + self.missing - self.extra


@unit
def draft(
    *,
    source_id: int,
    target_id: int,
    actor: str,
    lines: Sequence[tuple[int, int]] = (),
    note: str = "",
) -> Transfer:
    """A list of goods to send; nothing moves yet. `lines` are (SKU, pieces)."""
    if source_id == target_id:
        raise Invalid(field="target")
    if Place.objects.filter(pk__in=(source_id, target_id), is_active=True).count() != 2:
        raise NotFound(place_id=target_id)
    transfer = Transfer.objects.create(
        number=numbers.new(),
        source_id=source_id,
        target_id=target_id,
        note=note.strip()[:200],
        opened_by=actor,
        created_at=clock.now(),
    )
    for sku_id, quantity in lines:
        put_line(transfer_id=transfer.pk, sku_id=sku_id, quantity=quantity, actor=actor)
    return transfer


@unit
def put_line(
    *, transfer_id: int, sku_id: int, quantity: int, actor: str, is_more: bool = False
) -> TransferLine | None:
    """Put so many pieces of a SKU on the list (`is_more`: so many more); 0 takes it off, giving None."""
    transfer = _locked(transfer_id, TransferStatus.DRAFT)
    if not 0 <= quantity <= MOST:
        raise Invalid(field="quantity")
    if not Sku.objects.filter(pk=sku_id, is_active=True).exists():
        raise NotFound(sku_id=sku_id)
    found = transfer.lines.filter(sku=sku_id).first()
    if quantity == 0:
        transfer.lines.filter(sku=sku_id).delete()
        return None
    if found is None:
        return TransferLine.objects.create(transfer=transfer, sku_id=sku_id, quantity=quantity)
    found.quantity = quantity + (found.quantity if is_more else 0)
    found.save(update_fields=["quantity"])
    return found


@unit
def cancel(*, transfer_id: int, actor: str, reason: str = "") -> Transfer:
    """Call off a transfer that was not sent."""
    transfer = _locked(transfer_id, TransferStatus.DRAFT)
    TRANSFER.move(transfer, TransferStatus.CANCELLED, actor=actor, reason=reason, ended_at=clock.now())
    return transfer


@unit
def send(*, transfer_id: int, actor: str) -> Transfer:
    """Take the goods out of the source; what expires first goes first. They are on the way now.

    All or nothing. Raises TransferEmpty, TransferTooLarge with every line that is not free, NothingFreshLeft.
    """
    transfer = _locked(transfer_id, TransferStatus.DRAFT)
    lines = list(transfer.lines.select_related("sku").order_by("pk"))
    if not lines:
        raise TransferEmpty()
    source = _levels(transfer.source_id, lines, Pool.SPOT)
    way = _levels(transfer.target_id, lines, Pool.TRANSIT)
    held = {level.pk: level for level in locks.levels([*source.values(), *way.values()])}
    _refuse_too_large(lines, {sku_id: held[level_id].available for sku_id, level_id in source.items()})
    shared: dict[str, Any] = {
        "reason": MovementReason.SENT,
        "actor": actor,
        "reference": _reference(transfer),
    }
    out = ledger.post(
        [
            Entry(
                source[line.sku_id],
                f"transfer:{transfer.number}:{line.sku_id}:out",
                on_hand=-line.quantity,
                is_fresh_only=True,
                **shared,
            )
            for line in lines
        ]
    )
    _bring(out, {source[sku_id]: way[sku_id] for sku_id in source}, "way", **shared)
    for line in lines:
        line.sent_count = line.quantity
    TransferLine.objects.bulk_update(lines, ["sent_count"])
    TRANSFER.move(transfer, TransferStatus.SENT, actor=actor, sent_at=clock.now())
    _record(transfer, "send_transfer", actor, lines)
    return transfer


@unit
def receive(*, transfer_id: int, arrived: Sequence[Arrived], actor: str) -> Transfer:
    """Take goods that arrived into the target: the good ones for sale, the damaged ones aside.

    Lines nobody speaks of arrived whole. What is missing is written off as lost on the way, what is too many
    is found. Raises TransferDiffers when a line doesn't add up or a difference has no reason.
    """
    transfer = _locked(transfer_id, TransferStatus.SENT)
    lines = list(transfer.lines.select_related("sku").order_by("pk"))
    told = {one.sku_id: one for one in arrived}
    if len(told) != len(arrived) or not told.keys() <= {line.sku_id for line in lines}:
        raise Invalid(field="arrived")
    ends = {line.sku_id: told.get(line.sku_id) or Arrived(line.sku_id, line.sent_count) for line in lines}
    for line in lines:
        _check(line, ends[line.sku_id])
    _book_arrival(transfer, lines, ends, actor)
    for line in lines:
        end = ends[line.sku_id]
        line.good_count, line.damaged_count = end.good, end.damaged
        line.missing_count, line.extra_count = end.missing, end.extra
        line.reason, line.note = end.reason, end.note.strip()[:200]
    TransferLine.objects.bulk_update(
        lines, ["good_count", "damaged_count", "missing_count", "extra_count", "reason", "note"]
    )
    TRANSFER.move(transfer, TransferStatus.RECEIVED, actor=actor, ended_at=clock.now())
    _record(transfer, "receive_transfer", actor, lines)
    return transfer


@unit
def take_back(*, transfer_id: int, actor: str, reason: str = "") -> Transfer:
    """The goods came back: everything that was sent lies at the source again."""
    transfer = _locked(transfer_id, TransferStatus.SENT)
    lines = list(transfer.lines.select_related("sku").order_by("pk"))
    way = _levels(transfer.target_id, lines, Pool.TRANSIT)
    source = _levels(transfer.source_id, lines, Pool.SPOT)
    locks.levels([*source.values(), *way.values()])
    shared: dict[str, Any] = {
        "reason": MovementReason.ARRIVED,
        "actor": actor,
        "reference": _reference(transfer),
    }
    out = _take_off_the_way(transfer, lines, way, {line.sku_id: line.sent_count for line in lines}, shared)
    _bring(out, {way[sku_id]: source[sku_id] for sku_id in way}, "back", **shared)
    TRANSFER.move(transfer, TransferStatus.RETURNED, actor=actor, reason=reason, ended_at=clock.now())
    _record(transfer, "return_transfer", actor, lines)
    return transfer


def _book_arrival(
    transfer: Transfer, lines: list[TransferLine], ends: Mapping[int, Arrived], actor: str
) -> None:
    way = _levels(transfer.target_id, lines, Pool.TRANSIT)
    spot = _levels(transfer.target_id, lines, Pool.SPOT)
    aside = _levels(transfer.target_id, [line for line in lines if ends[line.sku_id].damaged], Pool.DEFECT)
    locks.levels([*way.values(), *spot.values(), *aside.values()])
    shared: dict[str, Any] = {
        "reason": MovementReason.ARRIVED,
        "actor": actor,
        "reference": _reference(transfer),
    }
    sent = {line.sku_id: line.sent_count for line in lines}
    good = {sku_id: min(end.good, sent[sku_id]) for sku_id, end in ends.items()}
    damaged = {sku_id: min(end.damaged, sent[sku_id] - good[sku_id]) for sku_id, end in ends.items()}
    out = _take_off_the_way(transfer, lines, way, good, shared)
    _bring(out, {way[sku_id]: spot[sku_id] for sku_id in way}, "good", **shared)
    out = _take_off_the_way(transfer, lines, way, damaged, shared, "damaged")
    _bring(out, {way[sku_id]: aside[sku_id] for sku_id in aside}, "aside", **shared)
    for line in lines:
        _write_off(transfer, line, ends[line.sku_id], way[line.sku_id], actor)
    _book_extra(transfer, ends, {**good}, {**damaged}, spot, aside, actor)


def _write_off(transfer: Transfer, line: TransferLine, end: Arrived, level_id: int, actor: str) -> None:
    if not end.missing:
        return
    gone = ledger.post(
        [
            Entry(
                level_id,
                f"transfer:{transfer.number}:{line.sku_id}:missing",
                end.reason,
                actor,
                on_hand=-end.missing,
                reference=_reference(transfer),
                note=end.note,
            )
        ]
    )
    why = LossReason.DAMAGED if end.reason == MovementReason.DAMAGED else LossReason.LOST
    losses.note_down(gone, sku_id=line.sku_id, reason=why, note=end.note, actor=actor)


def _book_extra(
    transfer: Transfer,
    ends: Mapping[int, Arrived],
    good: Mapping[int, int],
    damaged: Mapping[int, int],
    spot: Mapping[int, int],
    aside: Mapping[int, int],
    actor: str,
) -> None:
    """What arrived beyond what was sent was found."""
    entries = []
    for sku_id, end in ends.items():
        for level_id, pieces, name in (
            (spot[sku_id], end.good - good[sku_id], "more"),
            (aside.get(sku_id, 0), end.damaged - damaged[sku_id], "more-aside"),
        ):
            if pieces > 0:
                entries.append(
                    Entry(
                        level_id,
                        f"transfer:{transfer.number}:{sku_id}:{name}",
                        MovementReason.FOUND,
                        actor,
                        on_hand=pieces,
                        reference=_reference(transfer),
                        note=end.note,
                    )
                )
    ledger.post(entries)


def _take_off_the_way(
    transfer: Transfer,
    lines: list[TransferLine],
    way: Mapping[int, int],
    pieces: Mapping[int, int],
    shared: Mapping[str, Any],
    name: str = "in",
) -> list[StockMovement]:
    return ledger.post(
        [
            Entry(
                way[line.sku_id],
                f"transfer:{transfer.number}:{line.sku_id}:{name}",
                on_hand=-pieces[line.sku_id],
                **shared,
            )
            for line in lines
            if pieces[line.sku_id]
        ]
    )


def _bring(out: list[StockMovement], to: Mapping[int, int], name: str, **shared: Any) -> None:
    """Put what went out of one level into another, batch by batch."""
    ledger.post(
        [
            Entry(
                to[one.level_id],
                f"{one.key}>{name}",
                on_hand=-one.delta_on_hand,
                batch=one.batch,
                **shared,
            )
            for one in out
        ]
    )


def _levels(place_id: int, lines: Sequence[TransferLine], pool: str) -> dict[int, int]:
    """The level of each SKU in a place and pool, made when it isn't there; two queries when they are."""
    found = dict(
        StockLevel.objects.filter(
            place=place_id, sku__in=[line.sku_id for line in lines], pool=pool
        ).values_list("sku", "pk")
    )
    return {
        line.sku_id: found.get(line.sku_id) or ensure_level(place_id=place_id, sku_id=line.sku_id, pool=pool)
        for line in lines
    }


def _refuse_too_large(lines: list[TransferLine], free: Mapping[int, int]) -> None:
    short = [
        (line.sku.code, line.quantity, free[line.sku_id])
        for line in lines
        if line.quantity > free[line.sku_id]
    ]
    if short:
        words = "、".join(f"{code} {free_count}/{wanted}" for code, wanted, free_count in short[:5])
        raise TransferTooLarge(lines=short, words=words)


def _check(line: TransferLine, end: Arrived) -> None:
    if min(end.good, end.damaged, end.missing, end.extra) < 0 or max(end.good, end.damaged) > MOST:
        raise Invalid(field="arrived")
    differs = end.missing or end.extra
    is_excused = not differs or end.reason in WHY_MISSING
    if end.told != line.sent_count or not is_excused or (end.missing and end.extra):
        raise TransferDiffers(code=line.sku.code, sent=line.sent_count, told=end.told)


def _reference(transfer: Transfer) -> str:
    return f"transfer:{transfer.number}"


def _record(transfer: Transfer, verb: str, actor: str, lines: list[TransferLine]) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=f"transfer:{transfer.pk}",
        after={
            "pieces": sum(line.sent_count for line in lines),
            "missing": sum(x.missing_count for x in lines),
        },
    )


def _locked(transfer_id: int, status: TransferStatus) -> Transfer:
    transfer = locks.transfer(transfer_id)
    if transfer is None:
        raise NotFound(transfer_id=transfer_id)
    if transfer.status != status:
        raise TransferOver(status=transfer.status)
    return transfer
