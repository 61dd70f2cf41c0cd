"""Growth and the level it earns."""

from django.db.models import F

from members import locks
from members.events import LevelChanged
from members.models import GrowthEntry, Level, Member
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def add(*, member_id: int, amount: int, source: str) -> None:
    """Posts growth (negative takes away, not below zero); lifts the level at once, a level reached stays.
    Nothing happens the second time for the same source."""
    member = locks.member(member_id)
    if GrowthEntry.objects.filter(member_id=member_id, source=source).exists():
        return
    amount = max(amount, -member.growth)
    GrowthEntry.objects.create(member_id=member_id, amount=amount, source=source)
    Member.objects.filter(pk=member_id).update(growth=F("growth") + amount)
    _lift(member, member.growth + amount)


def _lift(member: Member, growth: int) -> None:
    earned = Level.objects.filter(growth_needed__lte=growth).order_by("-rank").first()
    if earned is None or earned.pk == member.level_id:
        return
    if member.level_id is not None and earned.rank <= Level.objects.get(pk=member.level_id).rank:
        return
    Member.objects.filter(pk=member.pk).update(level=earned)
    publish(LevelChanged(member_id=member.pk))
