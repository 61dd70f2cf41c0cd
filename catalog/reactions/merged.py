"""Favourites and wished notices follow when two accounts become one, and go back when that is undone."""

from catalog.services import favourites, goods_notices
from members.events import MembersMerged, MembersParted
from members.models import MemberMerge
from members.services import merging
from shop.core.events import reacts_to


@reacts_to(MembersMerged)
def bring_favourites(event: MembersMerged) -> None:
    if MemberMerge.objects.filter(pk=event.merge_id, undone_at=None).exists():
        keys = favourites.hand_over(from_member_id=event.gone_id, to_member_id=event.kept_id)
        merging.note(merge_id=event.merge_id, name="favourites", keys=keys)


@reacts_to(MembersMerged)
def bring_notices(event: MembersMerged) -> None:
    if MemberMerge.objects.filter(pk=event.merge_id, undone_at=None).exists():
        keys = goods_notices.hand_over(from_member_id=event.gone_id, to_member_id=event.kept_id)
        merging.note(merge_id=event.merge_id, name="goods_notices", keys=keys)


@reacts_to(MembersParted)
def take_back_favourites(event: MembersParted) -> None:
    keys = MemberMerge.objects.get(pk=event.merge_id).moved.get("favourites", [])
    favourites.take_back(keys=keys, from_member_id=event.kept_id, to_member_id=event.gone_id)


@reacts_to(MembersParted)
def take_back_notices(event: MembersParted) -> None:
    keys = MemberMerge.objects.get(pk=event.merge_id).moved.get("goods_notices", [])
    goods_notices.hand_back(keys=keys, from_member_id=event.kept_id, to_member_id=event.gone_id)
