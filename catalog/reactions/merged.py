"""Favourites follow when two accounts become one."""

from catalog.models import Favourite
from members.events import MembersMerged
from shop.core.events import reacts_to


@reacts_to(MembersMerged)
def bring_favourites(event: MembersMerged) -> None:
    has = Favourite.objects.filter(member_id=event.kept_id).values("product_id")
    gone = Favourite.objects.filter(member_id=event.gone_id)
    gone.filter(product_id__in=has).delete()
    gone.update(member_id=event.kept_id)
