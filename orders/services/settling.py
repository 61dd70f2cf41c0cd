"""Money that arrived: one payment becomes paid once, and the order it was meant for, or it goes back."""

import logging
from datetime import datetime
from decimal import Decimal

from orders import gateways, locks
from orders.errors import PaymentMismatch, PaymentNotKnown
from orders.events import OrderPaid, PaymentArrivedLate, PaymentSuperseded
from orders.gateways.base import Ok, PaymentState
from orders.models import Order, Payment, PaymentShare
from orders.services import exchanges, payments, refunds
from orders.states import ORDER, PAYMENT
from orders.terms import OrderStatus, PaymentStatus, RefundKind
from shop.core import clock, scans
from shop.core.events import publish
from shop.core.failpoints import failpoint
from shop.core.transactions import forbid_transaction, unit

log = logging.getLogger(__name__)


def ask(*, payment_id: int) -> PaymentStatus:
    """Ask the gateway how a payment stands and act on it. Answers our state afterwards.

    Harmless at any time and any number of times; an unknown answer changes nothing.
    """
    forbid_transaction()
    payment = Payment.objects.get(pk=payment_id)
    if payment.gateway not in gateways.names():
        return PaymentStatus(payment.status)
    result = gateways.get(payment.gateway).query(payment.number)
    exchanges.record(gateway=payment.gateway, verb="query", number=payment.number, result=result)
    if isinstance(result, Ok) and result.value.word == "paid":
        return PaymentStatus(settle_state(state=result.value, gateway=payment.gateway).status)
    if isinstance(result, Ok) and result.value.word == "closed" and payment.is_open:
        payments.mark_closed(payment_id=payment_id, actor=f"gateway:{payment.gateway}")
    else:
        payments.note_asked(payment_id=payment_id, is_unknown=not isinstance(result, Ok))
    return PaymentStatus(Payment.objects.values_list("status", flat=True).get(pk=payment_id))


def ask_due(*, limit: int = 50) -> int:
    """Ask about every open payment whose time has come. Answers how many answered in a way that fits."""
    due = Payment.objects.filter(
        status__in=[PaymentStatus.CREATED, PaymentStatus.PENDING], next_ask_at__lte=clock.now()
    )
    ids = list(due.order_by("next_ask_at").values_list("pk", flat=True)[:limit])
    return scans.each(ids, lambda pk: ask(payment_id=pk), put_off=_ask_later)


def _ask_later(payment_id: int, problem: Exception) -> None:
    if isinstance(problem, PaymentMismatch):
        log.error("payment_does_not_fit", extra={"payment": payment_id, "what": str(problem)})
    payments.note_asked(payment_id=payment_id, is_unknown=True)


def settle_state(*, state: PaymentState, gateway: str) -> Payment:
    """Settle what a verified notice or query says. Raises PaymentMismatch, PaymentNotKnown."""
    if state.amount is None:
        raise PaymentMismatch(what="amount")
    return settle(
        payment_number=state.number,
        gateway=gateway,
        transaction_id=state.transaction_id,
        amount=state.amount,
        paid_at=state.paid_at,
        payer=state.payer,
    )


@unit
def settle(
    *,
    payment_number: str,
    gateway: str,
    transaction_id: str,
    amount: Decimal,
    paid_at: datetime | None,
    payer: str = "",
) -> Payment:
    """Mark a payment paid and its orders with it, once; a repeat changes nothing.

    Money for an order that is closed or paid already becomes exactly one automatic refund.
    Raises PaymentNotKnown, PaymentMismatch (amount in yuan, transaction) and changes nothing then.
    """
    found = (
        Payment.objects.filter(number=payment_number, gateway=gateway).values_list("pk", flat=True).first()
    )
    if found is None:
        raise PaymentNotKnown
    shares = list(PaymentShare.objects.filter(payment_id=found).order_by("order_id"))
    orders = {share.order_id: locks.order(share.order_id) for share in shares}
    payment = locks.payment(found)
    if amount != payment.amount:
        raise PaymentMismatch(what=f"amount {amount} ≠ {payment.amount}")
    if payment.status == PaymentStatus.PAID:
        if payment.transaction_id != transaction_id:
            raise PaymentMismatch(what="second transaction for one number")
        return payment
    if Payment.objects.filter(gateway=gateway, transaction_id=transaction_id).exists():
        raise PaymentMismatch(what="transaction used by another payment")
    PAYMENT.move(
        payment,
        PaymentStatus.PAID,
        actor=f"gateway:{gateway}",
        transaction_id=transaction_id,
        paid_at=paid_at or clock.now(),
        payer=payer or payment.payer,
        is_unknown=False,
        next_ask_at=None,
    )
    for share in shares:
        _credit(payment, share, orders[share.order_id])
    failpoint("before_T4_commit")
    return payment


def _credit(payment: Payment, share: PaymentShare, order: Order) -> None:
    is_accepted = order.status == OrderStatus.UNPAID
    PaymentShare.objects.filter(pk=share.pk).update(is_open=False, is_accepted=is_accepted)
    actor = f"gateway:{payment.gateway}"
    if is_accepted:
        ORDER.move(order, OrderStatus.PAID, actor=actor, paid_at=clock.now(), paid_amount=share.amount)
        publish(OrderPaid(order_id=order.pk))
        rivals = PaymentShare.objects.filter(order=order, is_open=True).exclude(pk=share.pk)
        for rival_id in rivals.values_list("payment_id", flat=True):
            publish(PaymentSuperseded(payment_id=rival_id))
        return
    was_paid = PaymentShare.objects.filter(order=order, is_accepted=True).exclude(pk=share.pk).exists()
    refunds.return_stray(
        payment=payment,
        order=order,
        amount=share.amount,
        kind=RefundKind.DUPLICATE_PAYMENT if was_paid else RefundKind.LATE_PAYMENT,
    )
    publish(PaymentArrivedLate(payment_id=payment.pk))
