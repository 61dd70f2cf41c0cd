"""Promises about money: it is settled once however often it is announced, and late money goes back once."""

from django.utils.translation import gettext as _

from orders.models import Notice, Order, Payment, PaymentTransition, Refund
from orders.services import closing, payments
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus, RefundStatus
from shop.backoffice.proof import bank, shopping
from shop.backoffice.proof.programs import wait_until
from shop.backoffice.proof.scene import Scene
from shop.backoffice.proof.town import Town
from shop.core import money
from shop.core.models import OutboxEvent

COPIES = 20


def told_often(town: Town, *, copies: int = COPIES) -> Scene:
    """WeChat announces one payment so many times, all at once."""
    order = _order(town)
    payment = _opened(order)
    bank.misbehave("duplicate_callback", scope=payment.number, value=str(copies))
    bank.pay(payment.number)
    wait_until(lambda: _attempts(payment) >= copies and _is_paid(order))
    bank.behave(scope=payment.number)
    settled = PaymentTransition.objects.filter(payment=payment, to_status=PaymentStatus.PAID).count()
    paid = OutboxEvent.objects.filter(topic__endswith="OrderPaid", payload__order_id=order.pk).count()
    order.refresh_from_db()
    return Scene(
        title=_("Told {count} times of one payment").format(count=copies),
        done=_("A shopper pays {amount}. WeChat sends the notice {count} times at once.").format(
            amount=money.show(payment.amount), count=copies
        ),
        expected=_("The order is paid once, with the amount once, and everything that follows happens once."),
        came=_(
            "{attempts} notices arrived, {rows} was kept. Settled {settled} time, “order paid” said {paid} "
            "time, paid amount {amount}."
        ).format(
            attempts=_attempts(payment),
            rows=Notice.objects.filter(number=payment.number).count(),
            settled=settled,
            paid=paid,
            amount=money.show(order.paid_amount),
        ),
        is_kept=(settled, paid, order.status) == (1, 1, OrderStatus.PAID)
        and order.paid_amount == payment.amount
        and _attempts(payment) >= copies,
    )


def too_late(town: Town) -> Scene:
    """Money arrives after its order has been closed."""
    order = _order(town)
    payment = _opened(order)
    bank.misbehave("callback_after_close", scope=payment.number)
    bank.pay(payment.number)
    closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")
    refunds = Refund.objects.filter(payment=payment)
    wait_until(lambda: refunds.filter(status=RefundStatus.SUCCEEDED).exists(), seconds=40)
    bank.behave(scope=payment.number)
    for _repeat in range(3):
        bank.notify(payment.number)
    order.refresh_from_db()
    back = [one for one in bank.payment(payment.number)["refunds"] if one["status"] == "SUCCESS"]
    returned = money.from_fen(sum(one["amount"] for one in back))
    return Scene(
        title=_("Money that comes too late"),
        done=_("An order is cancelled. Then {amount} for it arrive, and are announced four times.").format(
            amount=money.show(payment.amount)
        ),
        expected=_("The order stays closed. The money goes back by itself, once, to the fen."),
        came=_("The order is {state}. Sent back: {count} refund, {amount}.").format(
            state=order.get_status_display(), count=len(back), amount=money.show(returned)
        ),
        is_kept=order.status == OrderStatus.CLOSED
        and refunds.count() == len(back) == 1
        and returned == payment.amount,
    )


def _order(town: Town) -> Order:
    sku = town.product("红富士苹果", price="36.80", stocked=10)
    return shopping.order(town.member(), {sku.pk: 1})


def _opened(order: Order) -> Payment:
    return payments.start(order_id=order.pk, method=PaymentMethod.NATIVE, client_ip="127.0.0.1")


def _is_paid(order: Order) -> bool:
    return Order.objects.filter(pk=order.pk, status=OrderStatus.PAID).exists()


def _attempts(payment: Payment) -> int:
    return sum(len(notice["attempts"]) for notice in bank.payment(payment.number)["notices"])
