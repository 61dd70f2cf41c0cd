"""Payments, refunds and notices in the back office: looked at, asked about, never edited."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import GatewayCall, Notice, Payment, Refund
from orders.services import payments, refunds
from orders.terms import PaymentMethod, RefundKind
from shop.core import clock, outbox
from shop.core.models import AuditEntry
from tests.backoffice.lived_in import desk
from tests.factories import orders
from tests.factories.bank import PaperBank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def button(thing: Any, verb: str) -> str:
    return reverse(f"admin:orders_{thing._meta.model_name}_{verb}", args=[thing.pk])


def page(thing: Any) -> str:
    return button(thing, "change")


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def an_open_payment() -> Payment:
    order = orders.place()
    return payments.start(order_id=order.pk, method=PaymentMethod.NATIVE, client_ip="127.0.0.1")


def test_asking_the_gateway_settles_a_payment_whose_notice_was_lost() -> None:
    payment = an_open_payment()
    PaperBank.pay(payment.number)
    finance = desk("finance")
    ask = button(payment, "ask_the_gateway")
    assert ask in words(finance, page(payment))
    assert finance.get(ask).status_code == 200
    payment.refresh_from_db()
    assert payment.status == "pending", "looking at the button does nothing"
    assert finance.post(ask).status_code == 302
    payment.refresh_from_db()
    assert payment.status == "paid"
    assert payment.shares.get().order.status == "paid"
    assert (
        AuditEntry.objects.filter(verb="ask_the_gateway", target=f"orders.payment:{payment.pk}").count() == 1
    )
    assert ask not in words(finance, page(payment)), "a paid one needs no asking"


def test_a_silent_gateway_changes_nothing() -> None:
    payment = an_open_payment()
    with PaperBank.silent():
        desk("finance").post(button(payment, "ask_the_gateway"))
    payment.refresh_from_db()
    assert payment.status == "pending"
    assert payment.is_unknown


def a_refund() -> Refund:
    payment = an_open_payment()
    PaperBank.pay(payment.number)
    order = payment.shares.get().order
    orders.settle(payment)
    outbox.drain_all()
    with PaperBank.silent():
        refund = refunds.request(order_id=order.pk, reason="少发", kind=RefundKind.GOODWILL, actor="user:1")
        outbox.drain_all(strict=False)
    refund.refresh_from_db()
    assert refund.status == "created"
    return refund


@pytest.mark.parametrize("verb", ["ask_the_gateway", "send_again"])
def test_a_refund_the_gateway_never_saw_is_sent_again_under_its_number(verb: str) -> None:
    refund = a_refund()
    finance = desk("finance")
    assert button(refund, verb) in words(finance, page(refund))
    assert finance.post(button(refund, verb)).status_code == 302
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert list(PaperBank.refunds) == [refund.number]
    assert button(refund, verb) not in words(finance, page(refund))


def test_only_finance_and_those_who_refund_may_ask() -> None:
    payment, refund = an_open_payment(), a_refund()
    for role in ("warehouse", "store_clerk"):
        for thing in (payment, refund):
            assert desk(role).get(page(thing)).status_code == 403
            assert desk(role).post(button(thing, "ask_the_gateway")).status_code == 403
    operator = desk("operator")
    assert button(payment, "ask_the_gateway") not in words(operator, page(payment))
    assert operator.post(button(payment, "ask_the_gateway")).status_code == 403
    payment.refresh_from_db()
    assert payment.status == "pending"


def test_nothing_about_money_can_be_typed_over() -> None:
    payment, refund = an_open_payment(), a_refund()
    admin = desk("administrator")
    call = GatewayCall.objects.earliest("pk")
    for thing in (payment, refund, call):
        assert admin.post(page(thing), {"status": "closed", "amount": "0.01"}).status_code == 403
        assert (
            admin.post(reverse(f"admin:orders_{thing._meta.model_name}_delete", args=[thing.pk])).status_code
            == 403
        )
        assert admin.get(reverse(f"admin:orders_{thing._meta.model_name}_add")).status_code == 403
    before = payment.amount
    payment.refresh_from_db()
    assert payment.amount == before


def test_pages_show_the_way_the_money_went() -> None:
    refund = a_refund()
    finance = desk("finance")
    shown = words(finance, page(refund.payment))
    for part in (refund.payment.number, refund.number, refund.order.number, "tabular-nums"):
        assert part in shown
    shown = words(finance, page(refund))
    for part in (refund.order.number, refund.payment.number, "少发", refund.order.lines.get().title):
        assert part in shown
    listed = words(finance, reverse("admin:orders_payment_changelist") + f"?q={refund.order.number}")
    assert refund.payment.number in listed


def a_notice(number: str, kind: str = "payment") -> Notice:
    return Notice.objects.create(
        gateway="wechat",
        notice_id=f"{kind}-{number}",
        kind=kind,
        number=number,
        body='{"id": "raw"}',
        resource={"trade_state": "SUCCESS"},
        outcome="amount 1 ≠ 2",
        received_at=clock.now() - timedelta(minutes=10),
    )


def test_a_notice_that_does_not_fit_stays_marked_until_somebody_looked_into_it() -> None:
    notice = a_notice("nobody-knows")
    finance = desk("finance")
    marked = reverse("admin:orders_notice_changelist") + "?todo=notice_unprocessed"
    assert "nobody-knows" in words(finance, marked)
    shown = words(finance, page(notice))
    assert "trade_state" in shown
    assert button(notice, "ask_the_gateway") not in shown, "there is nothing to ask about"
    assert finance.post(button(notice, "set_aside"), {"reason": ""}).status_code == 200
    assert finance.post(button(notice, "set_aside"), {"reason": "测试通知"}).status_code == 302
    notice.refresh_from_db()
    assert notice.processed_at is not None
    assert "测试通知" in notice.outcome
    assert "nobody-knows" not in words(finance, marked)
    first = notice.processed_at
    finance.post(button(notice, "set_aside"), {"reason": "x"})
    notice.refresh_from_db()
    assert notice.processed_at == first


def test_a_notice_leads_to_asking_about_its_payment_or_refund() -> None:
    payment, refund = an_open_payment(), a_refund()
    PaperBank.pay(payment.number)
    finance = desk("finance")
    for notice, thing in ((a_notice(payment.number), payment), (a_notice(refund.number, "refund"), refund)):
        assert page(thing) in words(finance, page(notice))
        assert finance.post(button(notice, "ask_the_gateway")).status_code == 302
    payment.refresh_from_db()
    refund.refresh_from_db()
    assert (payment.status, refund.status) == ("paid", "succeeded")
