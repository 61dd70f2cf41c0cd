"""Where a member stands."""

from dataclasses import dataclass

from members.models import Level, Member
from shop.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class MemberCard:
    """`growth_missing` up to the next level, 0 at the top; `progress` in percent of the way there."""

    name: str
    masked_phone: str
    level: Level | None
    next_level: Level | None
    growth: int
    growth_missing: int
    progress: int


def card(member: Member) -> MemberCard:
    """Level and the way to the next one; one query when the user is at hand."""
    levels = list(Level.objects.order_by("rank"))
    level = next((one for one in levels if one.pk == member.level_id), None)
    above = [one for one in levels if level is None or one.rank > level.rank]
    following = above[0] if above else None
    start = level.growth_needed if level else 0
    missing = max(0, following.growth_needed - member.growth) if following else 0
    way = following.growth_needed - start if following else 0
    return MemberCard(
        name=member.user.display_name,
        masked_phone=member.user.masked_phone,
        level=level,
        next_level=following,
        growth=member.growth,
        growth_missing=missing,
        progress=100 if not way else max(0, min(100, round(100 * (way - missing) / way))),
    )


def get(member_id: int) -> Member:
    """With user and level; NotFound otherwise."""
    member = Member.objects.select_related("user", "level").filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    return member
