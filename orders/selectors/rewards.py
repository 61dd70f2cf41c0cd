"""What an order is worth to its member: points and growth for the goods they paid for and kept."""

from decimal import ROUND_DOWN, Decimal

from django.db.models import Sum

from orders import policies
from orders.models import Order, Refund

NIL = Decimal("0.00")


def kept(order: Order) -> Decimal:
    """Yuan paid for goods, without freight and without what open and done refunds give back."""
    back = order.lines.aggregate(total=Sum("refunded_amount"))["total"] or NIL
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
