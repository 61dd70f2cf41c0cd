"""What members are told about their orders."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.services import messages
from members.terms import MessageKind
from orders.events import OrderPaid, OrderShipped, RefundSucceeded
from orders.models import Order, Refund, Shipment
from orders.services import pickups
from shop.core import clock, money
from shop.core.events import reacts_to

LANGUAGE = "zh-hans"
MINUTES = "%Y-%m-%d %H:%M"


@reacts_to(OrderPaid)
def tell_paid(event: OrderPaid) -> None:
    """Of goods to be collected: where, and with which code."""
    order = Order.objects.get(pk=event.order_id)
    pickup = pickups.open_for(order_id=order.pk)
    if pickup is not None:
        with translation.override(LANGUAGE):
            facts = {"place": pickup.place.name, "code": pickup.code, "hint": _("Show the code in the store")}
        _tell(order, MessageKind.PICKUP_READY, facts, key=f"pickup:{order.number}")
        return
    facts = {"amount": money.show(order.paid_amount), "when": _when(order.paid_at or order.created_at)}
    _tell(order, MessageKind.ORDER_PAID, facts, key=f"paid:{order.number}")


@reacts_to(OrderShipped)
def tell_shipped(event: OrderShipped) -> None:
    parcel = Shipment.objects.select_related("order").get(pk=event.shipment_id)
    facts = {"carrier": parcel.carrier_name, "tracking": parcel.tracking_no}
    _tell(parcel.order, MessageKind.ORDER_SHIPPED, facts, key=f"shipment:{parcel.pk}")


@reacts_to(RefundSucceeded)
def tell_refunded(event: RefundSucceeded) -> None:
    refund = Refund.objects.select_related("order").get(pk=event.refund_id)
    with translation.override(LANGUAGE):
        why = _("Back to where you paid from")
    facts = {
        "amount": money.show(refund.amount),
        "why": why,
        "when": _when(refund.done_at or refund.created_at),
    }
    _tell(refund.order, MessageKind.REFUND_DONE, facts, key=f"refund:{refund.number}")


def _tell(order: Order, kind: str, facts: dict[str, str], *, key: str) -> None:
    messages.tell(
        member_id=order.member_id,
        kind=kind,
        parameters={"number": order.number, "what": _what(order), **facts},
        target=order.reference,
        key=key,
    )


def _what(order: Order) -> str:
    lines = list(order.lines.all())
    pieces = sum(line.quantity for line in lines)
    with translation.override(LANGUAGE):
        if len(lines) == 1 and pieces == 1:
            return lines[0].title
        said = ngettext("{title} and more, {count} piece", "{title} and more, {count} pieces", pieces)
        return said.format(title=lines[0].title[:10], count=pieces) if lines else ""


def _when(moment: datetime) -> str:
    return moment.astimezone(clock.SHANGHAI).strftime(MINUTES)
