"""What an order is worth to its member: points and growth for the goods they paid for and kept."""

from decimal import ROUND_DOWN, Decimal

from django.db.models import Sum

from orders import policies
from orders.models import Order, Refund, RefundLine
from orders.terms import RefundStatus

NIL = Decimal("0.00")


def kept(order: Order) -> Decimal:
    """Yuan paid for the goods of a received order, without freight and without what refunds requested before
    the receipt give back; later ones take back what was earned."""
    parts = RefundLine.objects.filter(refund__order=order, line__isnull=False)
    before = parts.filter(refund__created_at__lte=order.received_at).exclude(
        refund__status=RefundStatus.CLOSED
    )
    back = before.aggregate(total=Sum("amount"))["total"] or NIL
    return max(order.goods_due - back, NIL)


def returned(refund: Refund) -> Decimal:
    """Yuan of goods, without freight, in one refund."""
    return refund.lines.filter(line__isnull=False).aggregate(total=Sum("amount"))["total"] or NIL


def points_for(goods: Decimal) -> int:
    return _whole(goods * policies.POINTS_PER_YUAN.get())


def growth_for(goods: Decimal) -> int:
    return _whole(goods * policies.GROWTH_PER_YUAN.get())


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(rounding=ROUND_DOWN))
