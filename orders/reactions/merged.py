"""Orders and baskets follow when two accounts become one, and go back when that is undone."""

from members.events import MembersMerged, MembersParted
from members.models import Member, MemberMerge
from members.services import merging
from orders.models import Order
from orders.services import baskets
from shop.core.events import reacts_to


@reacts_to(MembersMerged)
def bring_orders(event: MembersMerged) -> None:
    if MemberMerge.objects.filter(pk=event.merge_id, undone_at=None).exists():
        going = Order.objects.filter(member_id=event.gone_id)
        keys = list(going.order_by("pk").values_list("pk", flat=True))
        Order.objects.filter(pk__in=keys).update(member_id=event.kept_id)
        merging.note(merge_id=event.merge_id, name="orders", keys=keys)
        people = Member.objects.in_bulk([event.gone_id, event.kept_id])
        baskets.join_members(gone=people[event.gone_id], kept=people[event.kept_id])
        merging.bring_rest(merge_id=event.merge_id)


@reacts_to(MembersParted)
def take_back(event: MembersParted) -> None:
    keys = MemberMerge.objects.get(pk=event.merge_id).moved.get("orders", [])
    Order.objects.filter(pk__in=keys, member_id=event.kept_id).update(member_id=event.gone_id)
