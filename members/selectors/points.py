"""Points as a member sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet, Sum

from members.models import MemberMerge, PointsEntry, PointsLot, PointsLotUse
from members.terms import PointsKind
from shop.core import clock

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PointsPage:
    """Entries newest first; `next_after` continues the list, None at its end."""

    entries: list[PointsEntry]
    next_after: int | None


def balance(member_id: int) -> int:
    """What can be spent now; expired lots don't count even before the nightly job. One query."""
    return _sum(_live(member_id))


def expiring(member_id: int, within: timedelta = SOON) -> tuple[int, datetime | None]:
    """How many points end within so long, and when the first of them do."""
    soon = _live(member_id).filter(expires_at__lte=clock.page_now() + within)
    first = soon.order_by("expires_at").values_list("expires_at", flat=True).first()
    return (_sum(soon), first) if first else (0, None)


def next_to_expire(member_id: int) -> tuple[int, datetime | None]:
    """The points that end first, those of the same day together, and when."""
    first = _live(member_id).order_by("expires_at").values_list("expires_at", flat=True).first()
    if first is None:
        return 0, None
    end_of_day = clock.day_bounds(clock.business_day(first))[1]
    return _sum(_live(member_id).filter(expires_at__lt=end_of_day)), first


def entries(member_id: int, after: int | None = None, size: int = 30) -> PointsPage:
    """A page of entries; `after` is the `next_after` of the page before."""
    rows = PointsEntry.objects.filter(member_id=member_id).order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: size + 1])
    return PointsPage(found[:size], found[size - 1].pk if len(found) > size else None)


def spent(member_id: int, source: str) -> int:
    """Points that `source` took, of the member or of accounts that joined theirs since, and that have not
    come back."""
    uses = PointsLotUse.objects.filter(
        entry__member_id__in=joined(member_id), entry__source=source, entry__kind=PointsKind.SPEND
    )
    return uses.aggregate(left=Sum(F("points") - F("given_back")))["left"] or 0


def joined(member_id: int) -> list[int]:
    """The member and every account given up for theirs. One query for whoever never joined
    another."""
    known = newest = [member_id]
    while newest:
        gone = MemberMerge.objects.filter(kept__in=newest, undone_at=None).exclude(gone__in=known)
        newest = list(gone.values_list("gone_id", flat=True))
        known = known + newest
    return known


def _live(member_id: int) -> QuerySet[PointsLot]:
    return PointsLot.objects.filter(member_id=member_id, remaining__gt=0, expires_at__gt=clock.page_now())


def _sum(lots: QuerySet[PointsLot]) -> int:
    return lots.aggregate(total=Sum("remaining"))["total"] or 0
