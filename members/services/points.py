"""Points: every change is one entry, posted once a (member, source, kind), and moves lots in step."""

from datetime import datetime, timedelta

from django.db.models import F

from members import locks
from members.errors import PointsShort
from members.events import PointsEarned
from members.models import (
    MemberMerge,
    PointsAccount,
    PointsDebt,
    PointsEntry,
    PointsLot,
    PointsLotUse,
)
from members.policies import POINTS_DAYS, RETURNED_POINTS_DAYS
from members.terms import PointsKind
from shop.core import audit, clock, scans
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def earn(*, member_id: int, points: int, source: str, expires_at: datetime | None = None) -> None:
    """Adds a lot that lives until `expires_at` or as long as the policy says, and settles debts from it.
    Nothing happens the second time for the same source."""
    _check(points)
    account = locks.points_account(member_id)
    if _is_posted(member_id, source, PointsKind.EARN):
        return
    now = clock.now()
    lot = _add_lot(account, points, expires_at or now + timedelta(days=POINTS_DAYS.get()), source)
    _post(account, points, PointsKind.EARN, source)
    _settle_debts(account, lot)
    publish(PointsEarned(member_id=member_id, source=source))


@unit
def spend(*, member_id: int, points: int, source: str, at: datetime | None = None) -> None:
    """Takes points from the lots that expire first; raises PointsShort when they don't suffice. `at` is the
    instant the caller has read. Nothing happens the second time for the same source."""
    _check(points)
    account = locks.points_account(member_id)
    if _is_posted(member_id, source, PointsKind.SPEND):
        return
    lots = _live_lots(account, at or clock.now())
    available = sum(lot.remaining for lot in lots)
    if available < points:
        raise PointsShort(available=available, wanted=points)
    entry = _post(account, -points, PointsKind.SPEND, source)
    taken = _take(lots, points)
    PointsLotUse.objects.bulk_create(PointsLotUse(entry=entry, lot=lot, points=count) for lot, count in taken)


@unit
def give_back(*, member_id: int, source: str, back_source: str, points: int | None = None) -> int:
    """Returns what the spending `source` took, all that is left of it or so many, to the lots it came from,
    the last taken first. What belongs to an expired lot comes back with a short life of its own (policy).
    Answers how many points came back; the second time for the same `back_source` none."""
    account = locks.points_account(member_id)
    if _is_posted(member_id, back_source, PointsKind.GIVE_BACK):
        return 0
    uses = list(
        PointsLotUse.objects.filter(
            entry__member_id=member_id, entry__source=source, entry__kind=PointsKind.SPEND
        )
        .select_related("lot")
        .order_by("-lot__expires_at", "-lot_id")
    )
    left = sum(use.points - use.given_back for use in uses)
    if not uses:
        return _give_back_joined(member_id, source, back_source, points)
    wanted = left if points is None else points
    if wanted == 0:
        return 0
    if not 0 < wanted <= left:
        raise Invalid(left=left)
    _post(account, wanted, PointsKind.GIVE_BACK, back_source)
    expired = _return_to_lots(uses, wanted, clock.now())
    if expired:
        until = clock.now() + timedelta(days=RETURNED_POINTS_DAYS.get())
        PointsLot.objects.create(
            member_id=member_id,
            points=expired,
            remaining=expired,
            expires_at=until,
            source=f"back:{back_source}",
        )
    return wanted


@unit
def move(*, giver_id: int, taker_id: int, source: str, most: int | None = None) -> int:
    """Two accounts of one person become one: what can be spent goes over, every lot with its own expiry, at
    most so many, and so do debts. Answers how many went. Nothing happens the second time for the same
    source."""
    accounts = locks.points_accounts(giver_id, taker_id)
    giver, taker = accounts[giver_id], accounts[taker_id]
    if _is_posted(giver_id, source, PointsKind.ADJUST):
        return 0
    lots = _live_lots(giver, clock.now())
    total = sum(lot.remaining for lot in lots)
    taken = _take(lots, total if most is None else min(total, most))
    total = sum(count for _, count in taken)
    if total:
        _post(giver, -total, PointsKind.ADJUST, source)
        _post(taker, total, PointsKind.ADJUST, source)
        for lot, count in taken:
            _add_lot(taker, count, lot.expires_at, f"{source}:lot:{lot.pk}")
    if most is None:
        PointsDebt.objects.filter(member_id=giver_id, remaining__gt=0).update(member_id=taker_id)
    for lot in _live_lots(taker, clock.now()):
        _settle_debts(taker, lot)
    return total


@unit
def take_back(*, member_id: int, points: int, source: str) -> None:
    """Takes earned points away again, the oldest first. What is no longer there becomes a debt that the next
    points settle. Nothing happens the second time for the same source."""
    _check(points)
    account = locks.points_account(member_id)
    if _is_posted(member_id, source, PointsKind.TAKE_BACK):
        return
    lots = _live_lots(account, clock.now())
    taken = min(points, sum(lot.remaining for lot in lots))
    _post(account, -taken, PointsKind.TAKE_BACK, source)
    _take(lots, taken)
    if taken < points:
        owed = points - taken
        PointsDebt.objects.create(member_id=member_id, points=owed, remaining=owed, source=source)


@unit
def adjust(*, member_id: int, points: int, reason: str, key: str, actor: str, ip: str = "") -> None:
    """What staff add (positive) or take (negative), with a reason; audited. PointsShort below zero.
    Nothing happens the second time for the same key."""
    if points == 0 or not reason.strip():
        raise Invalid()
    source = f"adjust:{key}"
    account = locks.points_account(member_id)
    if _is_posted(member_id, source, PointsKind.ADJUST):
        return
    before, now = account.available, clock.now()
    if points > 0:
        _add_lot(account, points, now + timedelta(days=POINTS_DAYS.get()), source)
    else:
        lots = _live_lots(account, now)
        if (available := sum(lot.remaining for lot in lots)) < -points:
            raise PointsShort(available=available, wanted=-points)
        _take(lots, -points)
    _post(account, points, PointsKind.ADJUST, source, reason.strip()[:200])
    audit.record(
        actor=actor,
        verb="adjust_points",
        target=f"member:{member_id}",
        before={"points": before},
        after={"points": account.available},
        reason=reason,
        ip=ip,
    )


def expire_due(limit: int = 500) -> int:
    """Ends lots whose time has come, one member a transaction; returns the number of members touched."""
    due = PointsLot.objects.filter(remaining__gt=0, expires_at__lte=clock.now())
    member_ids = list(due.order_by("member_id").values_list("member_id", flat=True).distinct()[:limit])
    return scans.each(member_ids, _expire)


@unit
def _expire(member_id: int) -> None:
    account = locks.points_account(member_id)
    due = PointsLot.objects.filter(member_id=member_id, remaining__gt=0, expires_at__lte=clock.now())
    for lot in due.order_by("expires_at", "id"):
        _post(account, -lot.remaining, PointsKind.EXPIRE, f"lot:{lot.pk}")
        PointsLot.objects.filter(pk=lot.pk).update(remaining=0)


def _check(points: int) -> None:
    if isinstance(points, bool) or not isinstance(points, int) or points <= 0:
        raise Invalid(points=str(points))


def _is_posted(member_id: int, source: str, kind: PointsKind) -> bool:
    """Asked under the lock of the account, so the answer stays true; a constraint stands behind it."""
    return PointsEntry.objects.filter(member_id=member_id, source=source, kind=kind).exists()


def _post(
    account: PointsAccount, amount: int, kind: PointsKind, source: str, reason: str = ""
) -> PointsEntry:
    changed = PointsAccount.objects.filter(pk=account.pk, available__gte=-amount).update(
        available=F("available") + amount
    )
    if not changed:
        raise PointsShort(available=account.available, wanted=-amount)
    account.available += amount
    return PointsEntry.objects.create(
        member_id=account.member_id,
        amount=amount,
        kind=kind,
        source=source,
        reason=reason,
        balance_after=account.available,
    )


def _add_lot(account: PointsAccount, points: int, expires_at: datetime, source: str) -> PointsLot:
    return PointsLot.objects.create(
        member_id=account.member_id, points=points, remaining=points, expires_at=expires_at, source=source
    )


def _live_lots(account: PointsAccount, now: datetime) -> list[PointsLot]:
    """Lots with points left, the next to expire first. Safe to read plainly: the account's row is locked."""
    live = PointsLot.objects.filter(member_id=account.member_id, remaining__gt=0, expires_at__gt=now)
    return list(live.order_by("expires_at", "id"))


def _take(lots: list[PointsLot], points: int) -> list[tuple[PointsLot, int]]:
    taken = []
    for lot in lots:
        count = min(lot.remaining, points)
        if count == 0:
            break
        lot.remaining -= count
        points -= count
        taken.append((lot, count))
    PointsLot.objects.bulk_update([lot for lot, _ in taken], ["remaining"])
    return taken


def _give_back_joined(member_id: int, source: str, back_source: str, points: int | None) -> int:
    """What was spent before two accounts became one comes back to the account it was spent from, and from
    there to the one that was kept."""
    merges = MemberMerge.objects.filter(kept_id=member_id, undone_at=None).order_by("pk")
    for gone_id in merges.values_list("gone_id", flat=True):
        spent = PointsEntry.objects.filter(member_id=gone_id, source=source, kind=PointsKind.SPEND)
        if spent.exists() or MemberMerge.objects.filter(kept_id=gone_id, undone_at=None).exists():
            back = give_back(member_id=gone_id, source=source, back_source=back_source, points=points)
            if back:
                move(
                    giver_id=gone_id, taker_id=member_id, source=f"joined:{gone_id}:{back_source}", most=back
                )
                return back
    return 0


def _return_to_lots(uses: list[PointsLotUse], points: int, now: datetime) -> int:
    """Puts points back into their lots; returns how many belong to lots that have expired."""
    expired, returned = 0, []
    for use in uses:
        count = min(use.points - use.given_back, points)
        if count == 0:
            continue
        use.given_back += count
        points -= count
        if use.lot.expires_at > now:
            use.lot.remaining += count
            returned.append(use.lot)
        else:
            expired += count
    PointsLotUse.objects.bulk_update(uses, ["given_back"])
    PointsLot.objects.bulk_update(returned, ["remaining"])
    return expired


def _settle_debts(account: PointsAccount, lot: PointsLot) -> None:
    debts = PointsDebt.objects.filter(member_id=account.member_id, remaining__gt=0).order_by("id")
    for debt in debts:
        count = min(debt.remaining, lot.remaining)
        if count == 0:
            return
        _post(account, -count, PointsKind.TAKE_BACK, f"debt:{debt.pk}:lot:{lot.pk}")
        _take([lot], count)
        PointsDebt.objects.filter(pk=debt.pk).update(remaining=F("remaining") - count)
