"""When the gateway is moody: a refusal proves nothing, silence is no answer, one bad row stops no job."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from orders.errors import PaymentRefused
from orders.events import PaymentSuperseded
from orders.gateways.base import Ok, RefundRequest, Rejected
from orders.gateways.wechat import WechatPay
from orders.gateways.wechat_client import WechatPayClient
from orders.models import Order, Payment, PaymentShare, Refund
from orders.services import closing, payments, receipts, refunds, settling
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus, RefundStatus
from shop.core import clock, outbox
from shop.core.events import publish
from shop.core.models import OutboxDelivery
from shop.core.transactions import unit
from tests.factories.bank import LOG, PaperBank
from tests.factories.orders import STAFF, an_open_payment, paid, place, shipped

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=16)


def start(order: Order) -> Payment:
    return payments.start(order_id=order.pk, method=PaymentMethod.H5, client_ip="127.0.0.1")


def test_a_number_the_gateway_has_opened_is_closed_there_before_it_is_given_up(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place()
    payment = start(order)
    assert payment.status == PaymentStatus.PENDING
    monkeypatch.setattr(bank, "start", lambda self, request: Rejected("INVALIDREQUEST", "changed", LOG))
    with clock.shifted(timedelta(minutes=5)), pytest.raises(PaymentRefused):
        start(order)  # its H5 address is too old, so the number is sent again
    assert not bank.pay(payment.number), "nobody can pay the old number beside a new one"
    assert not PaymentShare.objects.filter(order=order, is_open=True).exists()


def test_a_refused_number_that_was_paid_meanwhile_is_settled(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = place()
    payment = start(order)
    bank.pay(payment.number)
    monkeypatch.setattr(bank, "start", lambda self, request: Rejected("INVALIDREQUEST", "changed", LOG))
    with clock.shifted(timedelta(minutes=5)):
        answer = start(order)
    assert answer.status != PaymentStatus.FAILED
    settling.ask(payment_id=payment.pk)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_a_rival_payment_is_closed_even_when_the_gateway_is_silent_at_first(bank: type[PaperBank]) -> None:
    order = place()
    rival = an_open_payment(order)

    @unit
    def superseded() -> None:
        publish(PaymentSuperseded(payment_id=rival.pk))

    superseded()
    with bank.silent():
        outbox.drain_all(strict=False)
    with clock.shifted(timedelta(hours=1)):
        outbox.drain_all()
    rival.refresh_from_db()
    assert rival.status == PaymentStatus.CLOSED
    assert not OutboxDelivery.objects.filter(done_at=None).exists()


def test_a_refund_of_a_payment_the_gateway_does_not_know_waits_for_staff(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Rejected("RESOURCENOTEXISTS", "", LOG)
    monkeypatch.setattr(WechatPayClient, "call", lambda *_args, **_more: unknown)
    monkeypatch.setattr(WechatPay, "keys", None)
    request = RefundRequest("R1", "P1", paid().due, paid().due, "", "")
    monkeypatch.setattr(WechatPay, "client", WechatPayClient("http://127.0.0.1", None))  # type: ignore[arg-type]
    assert WechatPay().refund(request) == unknown
    absent = WechatPay().query_refund("R1")
    assert isinstance(absent, Ok) and absent.value.word == "absent"


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def test_one_order_that_can_not_be_closed_keeps_no_other_open(bank: type[PaperBank]) -> None:
    stuck, other = place(), place()
    payment = an_open_payment(stuck)
    Payment.objects.filter(pk=payment.pk).update(gateway="gone")
    Order.objects.filter(pk=stuck.pk).update(close_after=stuck.close_after - timedelta(minutes=1))
    with clock.shifted(LATER):
        assert closing.expire_due() == 1
        assert closing.expire_due() == 0
    other.refresh_from_db()
    assert other.status == OrderStatus.CLOSED
    stuck.refresh_from_db()
    assert stuck.status == OrderStatus.UNPAID


def test_one_payment_that_can_not_be_asked_silences_no_other(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = start(place()), start(place())
    bank.pay(second.number)
    ask = bank.query

    def query(self: PaperBank, number: str) -> Any:
        if number == first.number:
            raise ZeroDivisionError
        return ask(self, number)

    monkeypatch.setattr(bank, "query", query)
    with clock.shifted(timedelta(seconds=30)):
        settling.ask_due()
        second.refresh_from_db()
        assert second.status == PaymentStatus.PAID
        first.refresh_from_db()
        assert first.next_ask_at is not None and first.next_ask_at > clock.now(), "asked again, but later"


def test_one_refund_that_can_not_be_asked_silences_no_other(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    with bank.silent():
        for _ in range(2):
            closing.give_back(order_id=paid().pk, actor=STAFF, reason="x")
        outbox.drain_all()
    first, second = Refund.objects.order_by("pk")
    Refund.objects.filter(pk=first.pk).update(next_ask_at=first.created_at)
    ask = bank.query_refund

    def query(self: PaperBank, number: str) -> Any:
        if number == first.number:
            raise ZeroDivisionError
        return ask(self, number)

    monkeypatch.setattr(bank, "query_refund", query)
    with clock.shifted(timedelta(minutes=2)):
        refunds.ask_due()
        second.refresh_from_db()
        assert second.status == RefundStatus.SUCCEEDED
        first.refresh_from_db()
        assert first.next_ask_at is not None and first.next_ask_at > clock.now()


def test_one_order_that_can_not_be_confirmed_keeps_no_other_waiting(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shipped(), shipped()
    confirm = receipts.confirm

    def failing(*, order_id: int, actor: str) -> Order:
        if order_id == first.pk:
            raise ZeroDivisionError
        return confirm(order_id=order_id, actor=actor)

    monkeypatch.setattr(receipts, "confirm", failing)
    with clock.shifted(timedelta(days=11)):
        assert receipts.confirm_due() == 1
    second.refresh_from_db()
    assert second.status == OrderStatus.COMPLETED
