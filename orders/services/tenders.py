from decimal import Decimal

from orders import locks
from orders.errors import OrderNotPayable
from orders.events import OrderPaid
from orders.models import Payment, PaymentShare
from orders.states import ORDER, PAYMENT
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus
from shop.core import clock, numbers
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def settle_zero(*, order_id: int, actor: str = "system") -> Payment:
    """Pay an order of which nothing is due. Raises OrderNotPayable for any other order."""
    order = locks.order(order_id)
    if order.status != OrderStatus.UNPAID or order.due:
        raise OrderNotPayable
    now = clock.now()
    payment = Payment.objects.create(
        number=numbers.new(now),
        gateway="zero",
        method=PaymentMethod.ZERO,
        amount=Decimal("0.00"),
        created_at=now,
    )
    PaymentShare.objects.create(
        payment=payment, order=order, amount=payment.amount, is_open=False, is_accepted=True
    )
    PAYMENT.move(payment, PaymentStatus.PAID, actor=actor, paid_at=now)
    ORDER.move(order, OrderStatus.PAID, actor=actor, paid_at=now)
    publish(OrderPaid(order_id=order.pk))
    return payment
