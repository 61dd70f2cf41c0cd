"""What refunds that succeeded took back of an order, in pieces and in points."""

from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from orders.models import LineComponent, Order, OrderLine
from orders.terms import RefundStatus
from shop.core import money

DONE = Q(refund_lines__refund__status=RefundStatus.SUCCEEDED)
DONE_INSIDE = Q(refund_components__refund_line__refund__status=RefundStatus.SUCCEEDED)


def not_withdrawn(order: Order) -> dict[int, int]:
    """Pieces by SKU that were delivered or still will be."""
    lines = OrderLine.objects.filter(order=order).order_by()
    kept = F("quantity") - Coalesce(Sum("refund_lines__withdrawn_count", filter=DONE), 0)
    return dict(lines.annotate(kept=kept).values_list("sku_id", "kept"))


def points_due_back(order: Order) -> int:
    """Points that belong to the pieces given back so far. Each line carries its share of the points, each
    piece its share of the line, rounded down; the last piece of a line takes what is left of it. Money given
    back without pieces brings no points."""
    lines = list(
        OrderLine.objects.filter(order=order)
        .annotate(back=Coalesce(Sum("refund_lines__quantity", filter=DONE), 0))
        .order_by("pk")
    )
    paid = {line.pk: _paid_with_points(line) for line in lines}
    if not order.points_used or not any(paid.values()):
        return 0
    shares = money.split(Decimal(order.points_used).scaleb(-2), paid)
    inside = _components(order)
    return sum(
        _of_components(shares[line.pk], inside[line.pk])
        if line.pk in inside
        else int(shares[line.pk].scaleb(2)) * min(line.back, line.quantity) // line.quantity
        for line in lines
    )


def _components(order: Order) -> dict[int, list[LineComponent]]:
    back = Coalesce(Sum("refund_components__quantity", filter=DONE_INSIDE), 0)
    found: dict[int, list[LineComponent]] = {}
    for one in LineComponent.objects.filter(line__order=order).annotate(back=back).order_by("pk"):
        found.setdefault(one.line_id, []).append(one)
    return found


def _of_components(share: Decimal, parts: list[LineComponent]) -> int:
    """The points of a bundle belong to its components by what they cost one by one."""
    shares = money.split(share, {one.pk: one.list_price * one.quantity for one in parts})
    return sum(
        int(shares[one.pk].scaleb(2)) * min(one.back, one.quantity) // one.quantity  # type: ignore[attr-defined]
        for one in parts
    )


def _paid_with_points(line: OrderLine) -> Decimal:
    return sum((Decimal(share["amount"]) for share in line.shares if share["lane"] == "points"), money.ZERO)
