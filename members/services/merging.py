"""Two accounts of one person become one. Needs proof of both, leaves a record, can be undone."""

from collections.abc import Sequence

from django.db.models import Q

from members import locks
from members.errors import AccountClosed, JoinedAgain, NotJoinable, StaffNeedPassword
from members.events import MembersMerged, MembersParted
from members.models import Address, Member, MemberMerge, User, WechatIdentity
from members.services import growth, points
from shop.core import audit, clock
from shop.core.errors import NotFound
from shop.core.events import publish
from shop.core.transactions import unit

PROOFS_NEEDED = 2


@unit
def merge(*, keep: Member, gone: Member, proofs: Sequence[str]) -> MemberMerge:
    """Everything of `gone` goes over to `keep`: ways to sign in, addresses, points, growth at once; baskets,
    orders and coupons follow by reactions. `proofs` names how the person proved each of the two accounts, for
    example ("wechat:12", "phone_code"). Nobody can sign in to `gone` any more.

    Raises NotJoinable (the same account, fewer than two proofs, two phone numbers, one given up before),
    AccountClosed, StaffNeedPassword."""
    if keep.pk == gone.pk or len(set(proofs)) < PROOFS_NEEDED:
        raise NotJoinable()
    locks.members(keep.pk, gone.pk)
    keep, gone = (Member.objects.select_related("user", "level").get(pk=one.pk) for one in (keep, gone))
    _check(keep, gone)
    record = MemberMerge.objects.create(kept=keep, gone=gone, proofs=list(proofs), merged_at=clock.now())
    identities = WechatIdentity.objects.filter(user=gone.user)
    moved = {
        "identities": list(identities.values_list("pk", flat=True)),
        "addresses": _move_addresses(gone, keep),
        "growth": gone.growth,
        "debts": list(gone.points_debts.filter(remaining__gt=0).values_list("pk", flat=True)),
    }
    identities.update(user=keep.user)
    moved["points"] = points.move(giver_id=gone.pk, taker_id=keep.pk, source=record.source)
    _move_growth(gone.pk, keep.pk, gone.growth, record.source)
    _keep_the_better(keep, gone)
    if not User.objects.filter(pk=gone.user_id, phone_tail="", is_active=True).update(is_active=False):
        raise NotJoinable()
    record.moved = moved
    record.save(update_fields=["moved"])
    audit.record(
        actor=f"user:{keep.user_id}",
        verb="merge_members",
        target=f"member:{keep.pk}",
        after={"gone": gone.pk, "points": moved["points"], "growth": moved["growth"]},
    )
    publish(MembersMerged(kept_id=keep.pk, gone_id=gone.pk, merge_id=record.pk))
    return record


@unit
def undo(*, merge_id: int, actor: str, reason: str, ip: str = "") -> None:
    """Parts the two again: what moved goes back as far as it is still there. Raises NotFound when there is no
    such record or it was undone before, JoinedAgain when the account kept was given up for a third since."""
    record = MemberMerge.objects.filter(pk=merge_id).first()
    if record is None:
        raise NotFound()
    locks.members(record.kept_id, record.gone_id)
    if MemberMerge.objects.filter(gone=record.kept_id, undone_at=None).exists():
        raise JoinedAgain()
    if not MemberMerge.objects.filter(pk=merge_id, undone_at=None).update(undone_at=clock.now()):
        raise NotFound()
    record.refresh_from_db()
    kept, gone = (Member.objects.get(pk=pk) for pk in (record.kept_id, record.gone_id))
    moved = record.moved
    WechatIdentity.objects.filter(pk__in=moved["identities"], user_id=kept.user_id).update(
        user_id=gone.user_id
    )
    Address.objects.filter(pk__in=moved["addresses"], member=kept).update(member=gone, is_default=False)
    kept.points_debts.filter(pk__in=moved.get("debts", []), remaining__gt=0).update(member=gone)
    source = f"{record.source}:undone"
    if moved["points"]:
        points.move(giver_id=kept.pk, taker_id=gone.pk, source=source, most=moved["points"])
    _move_growth(kept.pk, gone.pk, min(moved["growth"], kept.growth), source)
    User.objects.filter(pk=gone.user_id).update(is_active=True)
    audit.record(
        actor=actor,
        verb="undo_merge",
        target=f"member:{kept.pk}",
        before={"gone": gone.pk},
        reason=reason,
        ip=ip,
    )
    publish(MembersParted(kept_id=kept.pk, gone_id=gone.pk, merge_id=record.pk))


@unit
def note(*, merge_id: int, name: str, keys: Sequence[int]) -> None:
    """Adds to the record what an app above moved. Raises NotFound, so that it doesn't move, when the two were
    parted meanwhile."""
    record = _held(merge_id)
    if record.undone_at is not None:
        raise NotFound()
    record.moved = {**record.moved, name: [*record.moved.get(name, []), *keys]}
    record.save(update_fields=["moved"])


@unit
def bring_rest(*, merge_id: int) -> None:
    """Points that reached the account given up while its orders were still there."""
    record = _held(merge_id)
    if record.undone_at is None:
        came = points.move(giver_id=record.gone_id, taker_id=record.kept_id, source=f"{record.source}:rest")
        record.moved = {**record.moved, "points": record.moved.get("points", 0) + came}
        record.save(update_fields=["moved"])


def _held(merge_id: int) -> MemberMerge:
    """The record as it is while both members are locked."""
    record = MemberMerge.objects.get(pk=merge_id)
    locks.members(record.kept_id, record.gone_id)
    record.refresh_from_db()
    return record


def _check(keep: Member, gone: Member) -> None:
    for user in (keep.user, gone.user):
        if not user.is_active:
            raise AccountClosed()
        if user.is_staff:
            raise StaffNeedPassword()
    is_over = MemberMerge.objects.filter(Q(gone=keep) | Q(gone=gone), undone_at=None).exists()
    if is_over or gone.user.phone_tail:
        raise NotJoinable()


def _move_addresses(gone: Member, keep: Member) -> list[int]:
    """Without their default mark when the kept account has a default of its own."""
    going = Address.objects.filter(member=gone, deleted_at=None)
    keys = list(going.values_list("pk", flat=True))
    has_default = Address.objects.filter(member=keep, deleted_at=None, is_default=True).exists()
    changes = {"is_default": False} if has_default else {}
    Address.objects.filter(pk__in=keys).update(member=keep, **changes)
    return keys


def _move_growth(giver_id: int, taker_id: int, amount: int, source: str) -> None:
    if amount:
        growth.add(member_id=giver_id, amount=-amount, source=source)
        growth.add(member_id=taker_id, amount=amount, source=source)


def _keep_the_better(keep: Member, gone: Member) -> None:
    """The higher level, the earlier first payment, a name and a birthday where there was none."""
    keep.refresh_from_db()
    if gone.level and (keep.level is None or gone.level.rank > keep.level.rank):
        keep.level = gone.level
    if gone.first_paid_at and (keep.first_paid_at is None or gone.first_paid_at < keep.first_paid_at):
        keep.first_paid_at = gone.first_paid_at
    keep.birthday = keep.birthday or gone.birthday
    keep.save(update_fields=["level", "first_paid_at", "birthday"])
    if gone.user.display_name:
        User.objects.filter(pk=keep.user_id, display_name="").update(display_name=gone.user.display_name)
