"""What happened to an order, in words, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Order, OrderTransition, Refund, Shipment
from orders.terms import CloseReason, OrderStatus, RefundStatus, ShippingStatus
from shop.core import money

STEPS = {
    OrderStatus.PAID: gettext_lazy("Paid"),
    OrderStatus.COMPLETED: gettext_lazy("Completed"),
    ShippingStatus.PARTIAL: gettext_lazy("Partly shipped"),
    ShippingStatus.SHIPPED: gettext_lazy("Everything shipped"),
    ShippingStatus.RECEIVED: gettext_lazy("Received"),
}
WORDS = {str(code): words for code, words in STEPS.items()}


@dataclass(frozen=True, slots=True)
class Moment:
    """`code` names the kind of step; `detail` may be empty. `actor` is a reference, for staff only."""

    at: datetime
    code: str
    text: str
    detail: str = ""
    actor: str = ""


def of(
    order: Order,
    transitions: Iterable[OrderTransition],
    shipments: Iterable[Shipment],
    refunds: Iterable[Refund],
) -> list[Moment]:
    """Rows are given, so that this asks for nothing."""
    moments = [Moment(order.created_at, "placed", _("Order placed"), actor=f"user:{order.member.user_id}")]
    for row in transitions:
        moments.append(_step(order, row))
    if order.nudged_at:
        asked = _("The shopper asked {count} times").format(count=order.nudge_count)
        detail = asked if order.nudge_count > 1 else ""
        moments.append(Moment(order.nudged_at, "nudged", _("Asked to ship soon"), detail))
    for shipment in shipments:
        parcel = f"{shipment.carrier_name} {shipment.tracking_no}".strip()
        moments.append(Moment(shipment.shipped_at, "parcel", _("Parcel sent"), parcel, shipment.shipped_by))
    for refund in refunds:
        amount = money.show(refund.amount)
        moments.append(
            Moment(
                refund.created_at,
                "refund",
                _("Refund of {amount} requested").format(amount=amount),
                refund.reason,
                refund.requested_by,
            )
        )
        if refund.status == RefundStatus.SUCCEEDED and refund.done_at:
            moments.append(Moment(refund.done_at, "refunded", _("{amount} refunded").format(amount=amount)))
        if refund.status == RefundStatus.CLOSED and refund.done_at:
            words = _("Refund of {amount} failed").format(amount=amount)
            moments.append(Moment(refund.done_at, "refund_failed", words))
    return sorted(moments, key=lambda moment: moment.at)


def _step(order: Order, row: OrderTransition) -> Moment:
    if row.to_status == OrderStatus.CLOSED:
        why = str(CloseReason(order.close_reason).label) if order.close_reason else ""
        return Moment(row.created_at, "closed", _("Closed"), row.reason or why, row.actor)
    words = WORDS.get(row.to_status)
    return Moment(row.created_at, row.to_status, str(words or row.to_status), row.reason, row.actor)
