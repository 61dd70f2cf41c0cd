"""What a coupon has done so far."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from marketing.models import Coupon, CouponGrant, PromotionUse
from marketing.terms import GrantStatus
from shop.core.money import ZERO


@dataclass(frozen=True, slots=True)
class Figures:
    """Copies by where they stand, and the yuan that used ones took off."""

    issued: int
    available: int
    held: int
    used: int
    over: int
    cost: Decimal

    def share(self, count: int) -> int:
        """Hundredths of all copies handed out."""
        return count * 100 // self.issued if self.issued else 0


def of(coupon: Coupon) -> Figures:
    """Two queries."""
    counted = CouponGrant.objects.filter(coupon=coupon).order_by().values_list("status")
    by_status = dict(counted.annotate(n=Count("pk")))
    return Figures(
        issued=sum(by_status.values()),
        available=by_status.get(GrantStatus.AVAILABLE, 0),
        held=by_status.get(GrantStatus.HELD, 0),
        used=by_status.get(GrantStatus.USED, 0),
        over=by_status.get(GrantStatus.EXPIRED, 0) + by_status.get(GrantStatus.REVOKED, 0),
        cost=_used().filter(grant__coupon=coupon).aggregate(cost=Sum("amount"))["cost"] or ZERO,
    )


def with_use(coupons: QuerySet[Coupon]) -> QuerySet[Coupon]:
    """With `used_count` and `cost` of each."""
    of_each = _used().filter(grant__coupon=OuterRef("pk")).order_by().values("grant__coupon")
    return coupons.annotate(
        used_count=Coalesce(
            Subquery(of_each.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
        ),
        cost=Coalesce(
            Subquery(of_each.annotate(n=Sum("amount")).values("n")),
            ZERO,
            output_field=DecimalField(max_digits=12, decimal_places=2),
        ),
    )


def _used() -> QuerySet[PromotionUse]:
    return PromotionUse.objects.filter(grant__status=GrantStatus.USED, released_at=None)
