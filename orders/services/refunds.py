"""Money going back. The number is committed before the gateway hears of it and never changes (INVARIANT
RF3)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F

from orders import gateways, locks
from orders.errors import (
    NothingToRefund,
    PaymentMismatch,
    PaymentNotKnown,
    RefundBeforePayment,
    RefundTooMuch,
)
from orders.events import RefundFailed, RefundRequested, RefundSucceeded
from orders.gateways.base import Ok, RefundRequest, RefundState, Rejected
from orders.models import LineComponent, Order, OrderLine, Payment, Refund, RefundComponent, RefundLine
from orders.services import components, exchanges, refund_shares
from orders.services.components import Parts
from orders.states import REFUND, SHIPPING
from orders.terms import OrderStatus, RefundKind, RefundStatus, ShippingStatus
from shop.core import clock, numbers, scans
from shop.core.events import publish
from shop.core.failpoints import failpoint
from shop.core.transactions import forbid_transaction, unit

ASK_AFTER = (5, 30, 60, 300, 1800, 3600)
STRAY = (RefundKind.LATE_PAYMENT, RefundKind.DUPLICATE_PAYMENT)
RETRYABLE = {"NOTENOUGH", "FREQUENCYLIMITED", "RATELIMITEXCEEDED"}


@unit
def request(
    *,
    order_id: int,
    reason: str,
    kind: RefundKind,
    actor: str,
    amount: Decimal | None = None,
    quantities: Mapping[int, int] | None = None,
    pieces_of: Mapping[int, int] | None = None,
) -> Refund:
    """Grant a refund and hand it to the gateway through the outbox.

    Give `quantities` (line id → pieces) and `pieces_of` (component id → pieces, for parts of bundles), or
    `amount` in yuan, or nothing for everything that is left; an amount of all that is left is everything,
    too. Pieces that have not left the house are withdrawn with it: what is refunded is not shipped as well,
    unless goods are recalled: those were sent.
    Raises RefundBeforePayment, NothingToRefund, RefundTooMuch, NotALine, TooManyPieces.
    """
    order = locks.order(order_id)
    if order.status not in (OrderStatus.PAID, OrderStatus.COMPLETED):
        raise RefundBeforePayment
    lines = locks.lines(order_id)
    accepted = (
        Payment.objects.filter(shares__order=order, shares__is_accepted=True, amount__gt=0)
        .values_list("pk", flat=True)
        .first()
    )
    left = order.paid_amount - order.refunded_amount
    if accepted is None or left <= 0:
        raise NothingToRefund
    payment = locks.payment(accepted)
    returned_freight = refund_shares.freight_returned(order)
    bundles = components.of(lines)
    if quantities or pieces_of:
        parts = refund_shares.by_pieces(
            order,
            lines,
            quantities or {},
            returned_freight,
            with_freight=kind == RefundKind.BEFORE_SHIPMENT,
            bundles=bundles,
            pieces_of=pieces_of,
        )
    elif amount is not None and amount != left:
        if amount <= 0 or amount > left:
            raise RefundTooMuch(left=str(left))
        parts = refund_shares.by_amount(order, lines, amount, returned_freight)
    else:
        parts = refund_shares.everything(order, lines, returned_freight)
    parts = refund_shares.withdrawing(parts, lines, bundles, sent_only=kind == RefundKind.RECALL)
    total = sum((part.amount for part in parts), Decimal("0.00"))
    if total <= 0:
        raise NothingToRefund
    refund = _create(payment=payment, order=order, amount=total, kind=kind, reason=reason, actor=actor)
    written = RefundLine.objects.bulk_create(
        [
            RefundLine(
                refund=refund,
                line_id=part.line_id,
                quantity=part.quantity,
                withdrawn_count=part.withdrawn_count,
                amount=part.amount,
            )
            for part in parts
        ]
    )
    RefundComponent.objects.bulk_create(
        RefundComponent(
            refund_line=row,
            component_id=one.component_id,
            quantity=one.quantity,
            withdrawn_count=one.withdrawn_count,
            amount=one.amount,
        )
        for row, part in zip(written, parts, strict=True)
        for one in part.components
    )
    _book(refund, written, sign=1)
    return refund


def return_stray(*, payment: Payment, order: Order, amount: Decimal, kind: RefundKind) -> Refund:
    """Send back money no order counts: it came late or twice. The payment must be locked by the caller."""
    if amount <= 0:
        raise NothingToRefund
    refund = _create(payment=payment, order=order, amount=amount, kind=kind, reason="", actor="system")
    Payment.objects.filter(pk=payment.pk).update(refunded_amount=F("refunded_amount") + amount)
    return refund


def send(*, refund_id: int) -> None:
    """Ask the gateway for the refund, always with the same number. Harmless to repeat."""
    forbid_transaction()
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if not refund.is_open:
        return
    payment = refund.payment
    failpoint("before_refund_call")
    result = gateways.get(payment.gateway).refund(
        RefundRequest(
            number=refund.number,
            payment_number=payment.number,
            amount=refund.amount,
            total=payment.amount,
            reason=refund.reason,
            notify_url=f"{settings.SHOP_URL}/notify/{payment.gateway}/refund/",
        )
    )
    exchanges.record(gateway=payment.gateway, verb="refund", number=refund.number, result=result)
    failpoint("after_refund_call")
    if isinstance(result, Ok):
        settle(state=result.value, gateway=payment.gateway)
    elif isinstance(result, Rejected) and result.code not in RETRYABLE:
        _put_aside(refund_id=refund_id, trouble=f"{result.code} {result.message}")
    else:
        trouble = f"{result.code} {result.message}" if isinstance(result, Rejected) else result.reason
        _ask_later(refund_id=refund_id, trouble=trouble, is_unknown=not isinstance(result, Rejected))


def ask(*, refund_id: int) -> RefundStatus:
    """Ask how a refund stands; one the gateway never saw is sent again with the same number."""
    forbid_transaction()
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.is_open:
        gateway = refund.payment.gateway
        result = gateways.get(gateway).query_refund(refund.number)
        exchanges.record(gateway=gateway, verb="query_refund", number=refund.number, result=result)
        if isinstance(result, Ok) and result.value.word == "absent":
            send(refund_id=refund_id)
        elif isinstance(result, Ok):
            settle(state=result.value, gateway=gateway)
        else:
            trouble = result.code if isinstance(result, Rejected) else result.reason
            _ask_later(refund_id=refund_id, trouble=trouble, is_unknown=True)
    return RefundStatus(Refund.objects.values_list("status", flat=True).get(pk=refund_id))


def ask_due(*, limit: int = 50) -> int:
    """Ask about every refund whose time has come. Answers how many could be asked."""
    due = Refund.objects.filter(
        status__in=[RefundStatus.CREATED, RefundStatus.PROCESSING], next_ask_at__lte=clock.now()
    )
    ids = list(due.order_by("next_ask_at").values_list("pk", flat=True)[:limit])
    return scans.each(ids, lambda pk: ask(refund_id=pk), put_off=_put_off)


@unit
def settle(*, state: RefundState, gateway: str) -> Refund:
    """Store what the gateway says of a refund; final states stay. Raises PaymentNotKnown, PaymentMismatch."""
    found = (
        Refund.objects.filter(number=state.number, payment__gateway=gateway)
        .values_list("pk", "order_id", "payment_id", "payment__number")
        .first()
    )
    if found is None:
        raise PaymentNotKnown
    refund_id, order_id, payment_id, payment_number = found
    order = locks.order(order_id)
    if state.word == "closed":
        locks.lines(order_id)
    locks.payment(payment_id)
    refund = locks.refund(refund_id)
    if state.amount is not None and state.amount != refund.amount:
        raise PaymentMismatch(what=f"refund {state.amount} ≠ {refund.amount}")
    if state.payment_number and state.payment_number != payment_number:
        raise PaymentMismatch(what="refund of another payment")
    if not refund.is_open:
        return refund
    known: dict[str, Any] = {
        "gateway_refund_id": state.gateway_refund_id or refund.gateway_refund_id,
        "is_unknown": False,
    }
    actor = f"gateway:{gateway}"
    if state.word == "succeeded":
        done_at = state.done_at or clock.now()
        REFUND.move(
            refund,
            RefundStatus.SUCCEEDED,
            actor=actor,
            done_at=done_at,
            next_ask_at=None,
            trouble="",
            **known,
        )
        publish(RefundSucceeded(refund_id=refund.pk))
    elif state.word == "closed":
        REFUND.move(refund, RefundStatus.CLOSED, actor=actor, done_at=clock.now(), next_ask_at=None, **known)
        _unbook(refund, order, actor)
        if refund.kind in STRAY:
            _leave_to_staff(refund)
        publish(RefundFailed(refund_id=refund.pk))
    elif state.word == "abnormal":
        if refund.status != RefundStatus.ABNORMAL:
            REFUND.move(refund, RefundStatus.ABNORMAL, actor=actor, next_ask_at=None, **known)
    else:
        if refund.status != RefundStatus.PROCESSING:
            REFUND.move(refund, RefundStatus.PROCESSING, actor=actor, trouble="", **known)
        _plan(refund)
    return refund


def _create(
    *, payment: Payment, order: Order, amount: Decimal, kind: RefundKind, reason: str, actor: str
) -> Refund:
    now = clock.now()
    refund = Refund.objects.create(
        number=numbers.new(now),
        payment=payment,
        order=order,
        kind=kind,
        amount=amount,
        reason=reason[:80],
        requested_by=actor,
        created_at=now,
        next_ask_at=now + timedelta(seconds=60),
    )
    publish(RefundRequested(refund_id=refund.pk))
    return refund


def _leave_to_staff(failed: Refund) -> None:
    """Stray money still has to go back: a new number for it waits until somebody sends it by hand."""
    now = clock.now()
    refund = Refund.objects.create(
        number=numbers.new(now),
        payment_id=failed.payment_id,
        order_id=failed.order_id,
        kind=failed.kind,
        amount=failed.amount,
        reason=failed.reason,
        requested_by="system",
        created_at=now,
    )
    REFUND.move(refund, RefundStatus.ABNORMAL, actor="system", trouble=f"{failed.number} failed")
    _book(refund, [], sign=1)


def _book(refund: Refund, parts: Sequence[RefundLine], *, sign: int, keeps_withdrawn: bool = False) -> None:
    """Count the refund on payment, order, lines and components, or take the count back, if need be without
    sending its withdrawn pieces after all. All rows are locked."""
    Payment.objects.filter(pk=refund.payment_id).update(
        refunded_amount=F("refunded_amount") + sign * refund.amount
    )
    if refund.kind in STRAY:
        return
    Order.objects.filter(pk=refund.order_id).update(
        refunded_amount=F("refunded_amount") + sign * refund.amount
    )
    of_lines = [part for part in parts if part.line_id is not None]
    lines = {line.pk: line for line in OrderLine.objects.filter(pk__in=[part.line_id for part in of_lines])}
    bundles = components.of(lines.values())
    _book_components(refund, bundles, sign, keeps_withdrawn)
    for part in of_lines:
        line = lines[part.line_id]  # type: ignore[index]
        line.refunded_amount += sign * part.amount
        line.refunded_count += sign * part.quantity
        line.withdrawn_count += 0 if keeps_withdrawn else sign * part.withdrawn_count
        if line.pk in bundles:
            line.shipped_count = components.shipped(line, bundles[line.pk])
    OrderLine.objects.bulk_update(
        lines.values(), ["refunded_amount", "refunded_count", "withdrawn_count", "shipped_count"]
    )


def _book_components(refund: Refund, bundles: Parts, sign: int, keeps_withdrawn: bool) -> None:
    known = {one.pk: one for group in bundles.values() for one in group}
    if not known:
        return
    for given in RefundComponent.objects.filter(refund_line__refund=refund):
        one = known[given.component_id]
        one.refunded_amount += sign * given.amount
        one.refunded_count += sign * given.quantity
        one.withdrawn_count += 0 if keeps_withdrawn else sign * given.withdrawn_count
    LineComponent.objects.bulk_update(
        known.values(), ["refunded_amount", "refunded_count", "withdrawn_count"]
    )


def _unbook(refund: Refund, order: Order, actor: str) -> None:
    """Take the count of a failed refund back. Its withdrawn pieces are to be shipped again, unless the order
    is over already: then they stay at home and can be refunded anew."""
    parts = list(refund.lines.all())
    pieces = RefundComponent.objects.filter(refund_line__refund=refund, withdrawn_count__gt=0)
    is_withdrawing = any(part.withdrawn_count for part in parts) or pieces.exists()
    if is_withdrawing and order.status == OrderStatus.COMPLETED:
        _book(refund, parts, sign=-1, keeps_withdrawn=True)
        return
    _book(refund, parts, sign=-1)
    if is_withdrawing:
        refund.lines.update(withdrawn_count=0)
        pieces.update(withdrawn_count=0)
        if order.shipping_status == ShippingStatus.SHIPPED:
            SHIPPING.move(order, ShippingStatus.PARTIAL, actor=actor, shipped_at=None, auto_confirm_at=None)


def _put_off(refund_id: int, problem: Exception) -> None:
    """What doesn't fit is for staff; anything else is tried again."""
    if isinstance(problem, PaymentMismatch):
        _put_aside(refund_id=refund_id, trouble=str(problem))
    else:
        _ask_later(refund_id=refund_id, trouble=type(problem).__name__, is_unknown=True)


@unit
def _put_aside(*, refund_id: int, trouble: str) -> None:
    """The gateway refused for good: staff have to look, the money stays counted as on its way."""
    refund = locks.refund(refund_id)
    if refund.is_open and refund.status != RefundStatus.ABNORMAL:
        REFUND.move(refund, RefundStatus.ABNORMAL, actor="system", trouble=trouble[:200], next_ask_at=None)


@unit
def _ask_later(*, refund_id: int, trouble: str, is_unknown: bool) -> None:
    refund = locks.refund(refund_id)
    if refund.is_open:
        Refund.objects.filter(pk=refund_id).update(trouble=trouble[:200], is_unknown=is_unknown)
        _plan(refund)


def _plan(refund: Refund) -> None:
    seconds = ASK_AFTER[min(refund.ask_count, len(ASK_AFTER) - 1)]
    Refund.objects.filter(pk=refund.pk).update(
        ask_count=refund.ask_count + 1, next_ask_at=clock.now() + timedelta(seconds=seconds)
    )
