"""Coupons and what promotions counted follow when two accounts become one, and go back when it is undone."""

from collections import Counter

from django.db.models import Max

from marketing.models import CouponGrant, PromotionUse
from members.events import MembersMerged, MembersParted
from members.models import MemberMerge
from members.services import merging
from shop.core.events import reacts_to


@reacts_to(MembersMerged)
def bring_coupons(event: MembersMerged) -> None:
    if MemberMerge.objects.filter(pk=event.merge_id, undone_at=None).exists():
        grants = list(CouponGrant.objects.filter(member_id=event.gone_id).order_by("pk"))
        _hand_over(grants, event.kept_id)
        uses = PromotionUse.objects.filter(member_id=event.gone_id)
        counted = list(uses.values_list("pk", flat=True))
        PromotionUse.objects.filter(pk__in=counted).update(member_id=event.kept_id)
        merging.note(merge_id=event.merge_id, name="coupons", keys=[grant.pk for grant in grants])
        merging.note(merge_id=event.merge_id, name="uses", keys=counted)


@reacts_to(MembersParted)
def take_back(event: MembersParted) -> None:
    moved = MemberMerge.objects.get(pk=event.merge_id).moved
    grants = CouponGrant.objects.filter(pk__in=moved.get("coupons", []), member_id=event.kept_id)
    _hand_over(list(grants.order_by("pk")), event.gone_id)
    uses = PromotionUse.objects.filter(pk__in=moved.get("uses", []), member_id=event.kept_id)
    uses.update(member_id=event.gone_id)


def _hand_over(grants: list[CouponGrant], member_id: int) -> None:
    """Each copy gets the next number the new owner has free of that coupon."""
    owned = CouponGrant.objects.filter(member_id=member_id, coupon__in={grant.coupon_id for grant in grants})
    last = Counter(dict(owned.values_list("coupon_id").annotate(last=Max("number")).order_by()))
    for grant in grants:
        last[grant.coupon_id] += 1
        CouponGrant.objects.filter(pk=grant.pk).update(member_id=member_id, number=last[grant.coupon_id])
