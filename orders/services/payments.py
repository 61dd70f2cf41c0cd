"""Opening and closing attempts to take money. No HTTP call happens inside a transaction:
order and holds are committed before, the payment row next, then the gateway is asked, then its answer is
stored.
"""

from datetime import timedelta
from typing import Literal
from urllib.parse import quote

from django.conf import settings

from members.selectors import merchant
from orders import gateways, locks
from orders.errors import GatewaySilent, OrderNotPayable, PaymentRefused
from orders.gateways.base import Ok, Prepay, Rejected, StartRequest
from orders.models import Order, Payment, PaymentShare
from orders.services import exchanges
from orders.states import PAYMENT
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus
from shop.core import clock, numbers
from shop.core.failpoints import failpoint
from shop.core.transactions import forbid_transaction, unit

ASK_AFTER = (10, 30, 60, 300)
H5_ADDRESS_SECONDS = 240


def start(
    *, order_id: int, method: PaymentMethod, client_ip: str, payer_openid: str = "", gateway: str = "wechat"
) -> Payment:
    """Open a payment of the whole order, or carry on with the one that is open.

    The answer is `pending` with a prepay, or has `is_unknown` set when the gateway did not answer: show
    "confirming", the same number is asked again. It may also be the former attempt when that one turns
    out to be paid.
    Raises OrderNotPayable, PaymentRefused, GatewaySilent.
    """
    forbid_transaction()
    former = Payment.objects.filter(shares__order_id=order_id, shares__is_open=True).first()
    if former is not None and (former.method != method or former.payer != payer_openid):
        word = close(payment_id=former.pk)
        if word == "paid":
            return former
        if word == "unknown":
            raise GatewaySilent
    payment, order = open_attempt(
        order_id=order_id, method=method, payer_openid=payer_openid, gateway=gateway
    )
    if _is_usable(payment):
        return payment
    failpoint("after_T2")
    return _send(payment, order, client_ip)


def close(*, payment_id: int) -> Literal["closed", "paid", "unknown"]:
    """Close an attempt at its gateway, then here. "paid" means the money has arrived: settle by asking.
    After "unknown" nothing may be released; ask again later.
    """
    forbid_transaction()
    payment = Payment.objects.get(pk=payment_id)
    if payment.status == PaymentStatus.PAID:
        return "paid"
    if payment.status in (PaymentStatus.FAILED, PaymentStatus.CLOSED):
        return "closed"
    result = gateways.get(payment.gateway).close(payment.number)
    exchanges.record(gateway=payment.gateway, verb="close", number=payment.number, result=result)
    if isinstance(result, Ok):
        if result.value == "paid":
            return "paid"
        return mark_closed(payment_id=payment_id, actor=f"gateway:{payment.gateway}")
    return "unknown"


@unit
def mark_closed(*, payment_id: int, actor: str) -> Literal["closed", "paid"]:
    """Note that nobody can pay this attempt any more. Answers "paid" when the money was faster."""
    order_ids = _order_ids(payment_id)
    for order_id in order_ids:
        locks.order(order_id)
    payment = locks.payment(payment_id)
    if payment.status == PaymentStatus.PAID:
        return "paid"
    if payment.is_open:
        PAYMENT.move(payment, PaymentStatus.CLOSED, actor=actor, is_unknown=False, next_ask_at=None)
    payment.shares.update(is_open=False)
    return "closed"


def note_asked(*, payment_id: int, is_unknown: bool) -> None:
    """Plan the next question: 10 s, 30 s, 1 min after each other, then every 5 min."""
    payment = Payment.objects.get(pk=payment_id)
    seconds = ASK_AFTER[min(payment.ask_count, len(ASK_AFTER) - 1)]
    Payment.objects.filter(pk=payment_id, status__in=[PaymentStatus.CREATED, PaymentStatus.PENDING]).update(
        ask_count=payment.ask_count + 1,
        next_ask_at=clock.now() + timedelta(seconds=seconds),
        is_unknown=is_unknown,
    )


def h5_address(payment: Payment, return_url: str) -> str:
    """Where a phone browser goes to pay and where it comes back to."""
    address = str(payment.prepay.get("h5_url", ""))
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}redirect_url={quote(return_url, safe='')}" if address else ""


@unit
def open_attempt(
    *, order_id: int, method: PaymentMethod, payer_openid: str, gateway: str
) -> tuple[Payment, Order]:
    """The open attempt of an order, made now when there is none; the gateway hears nothing yet.

    Raises OrderNotPayable.
    """
    order = locks.order(order_id)
    now = clock.now()
    if order.status != OrderStatus.UNPAID or order.expires_at <= now or not order.due:
        raise OrderNotPayable
    share = PaymentShare.objects.filter(order=order, is_open=True).select_related("payment").first()
    if share is not None:
        return share.payment, order
    payment = Payment.objects.create(
        number=numbers.new(now),
        gateway=gateway,
        method=method,
        payer=payer_openid,
        amount=order.due,
        created_at=now,
        expires_at=order.expires_at,
        next_ask_at=now + timedelta(seconds=ASK_AFTER[0]),
    )
    PaymentShare.objects.create(payment=payment, order=order, amount=order.due)
    return payment, order


def _is_usable(payment: Payment) -> bool:
    """An open attempt whose prepay still works. H5 addresses live five minutes, so they are asked for
    again."""
    if payment.status != PaymentStatus.PENDING:
        return False
    if payment.method != PaymentMethod.H5:
        return bool(payment.prepay)
    started = payment.transitions.order_by("-pk").values_list("created_at", flat=True).first()
    return started is not None and clock.now() - started < timedelta(seconds=H5_ADDRESS_SECONDS)


def _send(payment: Payment, order: Order, client_ip: str) -> Payment:
    shop = merchant.current().shop_name
    result = gateways.get(payment.gateway).start(
        StartRequest(
            number=payment.number,
            method=payment.method,
            amount=payment.amount,
            description=f"{shop} {order.number}".strip(),
            expires_at=payment.expires_at or order.expires_at,
            notify_url=f"{settings.SHOP_URL}/notify/{payment.gateway}/payment/",
            client_ip=client_ip,
            payer_openid=payment.payer,
        )
    )
    exchanges.record(gateway=payment.gateway, verb="start", number=payment.number, result=result)
    failpoint("after_T2_http")
    if isinstance(result, Ok):
        return _store_prepay(payment_id=payment.pk, prepay=result.value)
    if isinstance(result, Rejected):
        return _store_refusal(payment_id=payment.pk, rejected=result)
    note_asked(payment_id=payment.pk, is_unknown=True)
    payment.refresh_from_db()
    return payment


@unit
def _store_prepay(*, payment_id: int, prepay: Prepay) -> Payment:
    payment = locks.payment(payment_id)
    actor = f"gateway:{payment.gateway}"
    if payment.status == PaymentStatus.CREATED:
        PAYMENT.move(payment, PaymentStatus.PENDING, actor=actor, prepay=prepay.as_json(), is_unknown=False)
    elif payment.status == PaymentStatus.PENDING:
        payment.prepay = prepay.as_json()
        payment.is_unknown = False
        payment.save(update_fields=["prepay", "is_unknown"])
    return payment


def _store_refusal(*, payment_id: int, rejected: Rejected) -> Payment:
    """A refusal ends the attempt. A number the gateway may have opened before has to be closed there first:
    nobody must be able to pay it beside the next one."""
    payment = Payment.objects.get(pk=payment_id)
    is_known_there = rejected.code in {"ORDERPAID", "OUTTRADENOUSED"}
    if is_known_there or payment.is_unknown or payment.status == PaymentStatus.PENDING:
        result = gateways.get(payment.gateway).close(payment.number)
        exchanges.record(gateway=payment.gateway, verb="close", number=payment.number, result=result)
        if not (isinstance(result, Ok) and result.value == "closed"):
            note_asked(payment_id=payment_id, is_unknown=True)
            payment.refresh_from_db()
            return payment
    _fail(payment_id=payment_id, reason=f"{rejected.code} {rejected.message}")
    raise PaymentRefused(reason=rejected.message or rejected.code)


@unit
def _fail(*, payment_id: int, reason: str) -> None:
    for order_id in _order_ids(payment_id):
        locks.order(order_id)
    payment = locks.payment(payment_id)
    if payment.is_open:
        PAYMENT.move(
            payment, PaymentStatus.FAILED, actor=f"gateway:{payment.gateway}", reason=reason, next_ask_at=None
        )
        payment.shares.update(is_open=False)


def _order_ids(payment_id: int) -> list[int]:
    return list(
        PaymentShare.objects.filter(payment_id=payment_id)
        .order_by("order_id")
        .values_list("order_id", flat=True)
    )
