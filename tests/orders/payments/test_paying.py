import time
from decimal import Decimal
from typing import Any

import pytest

from orders.errors import GatewaySilent, OrderNotPayable, PaymentRefused
from orders.models import GatewayCall, Notice, Order, Payment, Refund
from orders.services import closing, payments, refunds, settling
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus, RefundKind, RefundStatus
from shop.core import outbox
from shop.core.models import OutboxEvent
from tests.orders.payments.scenes import an_order
from tests.races import run_all, run_together
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("payments")]


@pytest.fixture
def shop(sandbox: Sandbox, live_server: Any, settings: Any) -> Sandbox:
    """The sandbox knows where this shop takes notices."""
    settings.SHOP_URL = live_server.url
    return sandbox


def start(order: Order, method: PaymentMethod = PaymentMethod.NATIVE) -> Payment:
    return payments.start(order_id=order.pk, method=method, client_ip="127.0.0.1")


def settled(payment: Payment) -> Payment:
    payment.refresh_from_db()
    return payment


def paid_order(shop: Sandbox, *prices: str, freight: str = "0.00") -> tuple[Order, Payment]:
    order = an_order(*prices, freight=freight)
    payment = start(order)
    shop.pay(payment.number)
    settling.ask(payment_id=payment.pk)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    return order, settled(payment)


def events(topic: str) -> int:
    return OutboxEvent.objects.filter(topic=topic).count()


def test_notice_makes_the_order_paid_once(shop: Sandbox) -> None:
    order = an_order("36.80", freight="6.00")
    payment = start(order)
    assert payment.status == PaymentStatus.PENDING and payment.prepay["code_url"].startswith("weixin://")
    page = shop.pay(payment.number)
    assert page["amount_total"] if "amount_total" in page else page["total"] == 4280
    shop.notify(payment.number)
    order.refresh_from_db()
    assert (order.status, order.paid_amount) == (OrderStatus.PAID, Decimal("42.80"))
    assert settled(payment).transaction_id
    assert events("orders.OrderPaid") == 1
    assert Notice.objects.filter(processed_at__isnull=False).count() == 1
    assert GatewayCall.objects.filter(number=payment.number, verb="start", result="ok").count() == 1


def test_asking_settles_when_the_notice_never_comes(shop: Sandbox) -> None:
    shop.fault("callback_never")
    order = an_order("9.90")
    payment = start(order)
    assert settling.ask(payment_id=payment.pk) == PaymentStatus.PENDING
    shop.pay(payment.number)
    assert settling.ask(payment_id=payment.pk) == PaymentStatus.PAID
    assert settling.ask(payment_id=payment.pk) == PaymentStatus.PAID
    assert events("orders.OrderPaid") == 1


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "500_after", "bad_signature"])
def test_unknown_start_keeps_its_number_and_works_later(shop: Sandbox, fault: str) -> None:
    order = an_order("9.90")
    shop.fault(fault, operation="create")
    first = start(order)
    assert first.is_unknown and first.status == PaymentStatus.CREATED
    shop.clear()
    again = start(order)
    assert again.number == first.number and again.status == PaymentStatus.PENDING
    assert Payment.objects.count() == 1


def test_another_method_closes_the_former_attempt_first(shop: Sandbox) -> None:
    order = an_order("9.90")
    native = start(order)
    h5 = start(order, PaymentMethod.H5)
    assert h5.number != native.number and settled(native).status == PaymentStatus.CLOSED
    assert "redirect_url=" in payments.h5_address(h5, "http://x/orders/1/pay/")
    assert order.payment_shares.filter(is_open=True).count() == 1


def test_another_method_waits_while_the_former_attempt_is_unknown(shop: Sandbox) -> None:
    order = an_order("9.90")
    start(order)
    shop.fault("500_before", operation="close")
    with pytest.raises(GatewaySilent):
        start(order, PaymentMethod.H5)
    assert Payment.objects.count() == 1


def test_another_method_finds_the_former_attempt_paid(shop: Sandbox) -> None:
    shop.fault("callback_never")
    order = an_order("9.90")
    native = start(order)
    shop.pay(native.number)
    found = start(order, PaymentMethod.H5)
    assert found.pk == native.pk and settling.ask(payment_id=found.pk) == PaymentStatus.PAID


def test_closed_or_expired_orders_are_not_payable(shop: Sandbox) -> None:
    with pytest.raises(OrderNotPayable):
        start(an_order("9.90", minutes=-1))


def test_refusal_of_the_gateway_is_said_and_a_new_attempt_is_possible(shop: Sandbox) -> None:
    order = an_order("9.90")
    with pytest.raises(PaymentRefused):
        start(order, PaymentMethod.JSAPI)  # without an openid
    assert Payment.objects.get().status == PaymentStatus.FAILED
    assert start(order).status == PaymentStatus.PENDING


def test_late_payment_of_closed_order_is_refunded(shop: Sandbox) -> None:
    shop.fault("callback_never")
    order = an_order("9.90", minutes=15)
    payment = start(order)
    shop.pay(payment.number)
    # the close of the order loses the race: it believes the gateway's word "closed"
    payments.mark_closed(payment_id=payment.pk, actor="test")
    closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")
    assert settling.ask(payment_id=payment.pk) == PaymentStatus.PAID
    outbox.drain_all()
    order.refresh_from_db()
    refund = Refund.objects.get()
    assert order.status == OrderStatus.CLOSED and order.paid_amount == 0 and order.refunded_amount == 0
    assert (refund.kind, refund.amount) == (RefundKind.LATE_PAYMENT, Decimal("9.90"))
    for _ in range(60):
        if refunds.ask(refund_id=refund.pk) == RefundStatus.SUCCEEDED:
            break
        time.sleep(0.2)
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert shop.ledger()["net_fen"] == 0


def test_second_payment_of_one_order_goes_back(shop: Sandbox) -> None:
    shop.fault("callback_never")
    order = an_order("9.90")
    first = start(order)
    payments.mark_closed(payment_id=first.pk, actor="test")  # wrongly believed closed
    second = start(order, PaymentMethod.H5)
    shop.pay(second.number)
    shop.pay(first.number)
    assert settling.ask(payment_id=second.pk) == PaymentStatus.PAID
    assert settling.ask(payment_id=first.pk) == PaymentStatus.PAID
    refund = Refund.objects.get()
    assert (refund.payment_id, refund.kind) == (first.pk, RefundKind.DUPLICATE_PAYMENT)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID and order.paid_amount == Decimal("9.90")


def test_rival_attempt_is_closed_when_a_late_one_pays(shop: Sandbox) -> None:
    shop.fault("callback_never")
    order = an_order("9.90")
    first = start(order)
    payments.mark_closed(payment_id=first.pk, actor="test")
    second = start(order, PaymentMethod.H5)
    shop.pay(first.number)
    settling.ask(payment_id=first.pk)
    outbox.drain_all()
    assert settled(second).status == PaymentStatus.CLOSED
    assert shop.payment(second.number)["trade_state"] == "CLOSED"


# R7: ten notices at once, the poll and the return page


def test_ten_notices_and_a_query_at_once_pay_once(shop: Sandbox) -> None:
    shop.fault("duplicate_callback", value=10)
    order = an_order("9.90")
    payment = start(order)
    outcome = run_all([lambda: shop.pay(payment.number)] + [lambda: settling.ask(payment_id=payment.pk)] * 3)
    assert not outcome.problems
    shop.notify(payment.number)
    settling.ask(payment_id=payment.pk)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert events("orders.OrderPaid") == 1
    assert order.transitions.filter(to_status="paid").count() == 1
    assert Notice.objects.count() == 1


def test_negative_control_without_the_lock_two_settle(shop: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the row locks both threads see the order unpaid; only the compare-and-set is left to stop
    them."""
    from orders import locks
    from shop.core.errors import LostRace

    order = an_order("9.90")
    payment = start(order)
    monkeypatch.setattr(locks, "order", lambda pk: Order.objects.get(pk=pk))
    monkeypatch.setattr(locks, "payment", lambda pk: Payment.objects.get(pk=pk))
    import threading

    both_have_read = threading.Barrier(2)
    check = Payment.objects.filter

    def slow_filter(*args: Any, **kwargs: Any) -> Any:
        if "transaction_id" in kwargs:
            both_have_read.wait(10)
        return check(*args, **kwargs)

    monkeypatch.setattr(Payment.objects, "filter", slow_filter)
    outcome = run_together(
        2,
        lambda: settling.settle(
            payment_number=payment.number,
            gateway="wechat",
            transaction_id="4200000001",
            amount=Decimal("9.90"),
            paid_at=None,
        ),
    )
    assert len(outcome.of(LostRace)) == 1 or len(outcome.problems) == 1


# R8: closing meets the notice


@pytest.mark.parametrize("round_number", range(5))
def test_close_job_and_notice_agree(shop: Sandbox, round_number: int) -> None:
    order = an_order("9.90")
    payment = start(order)
    run_all(
        [
            lambda: shop.pay(payment.number),
            lambda: closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}"),
        ]
    )
    settling.ask(payment_id=payment.pk)
    outbox.drain_all(strict=False)
    order.refresh_from_db()
    state = shop.payment(payment.number)["trade_state"]
    if order.status == OrderStatus.CLOSED:
        assert state in ("CLOSED", "REFUND") or Refund.objects.exists()
    else:
        assert state in ("SUCCESS", "REFUND")
        assert order.paid_amount == Decimal("9.90")
    assert events("orders.OrderPaid") <= 1
