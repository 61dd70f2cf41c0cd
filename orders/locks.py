"""Every row lock of the trade, taken in the order of the ranks: order, lines, payment, refund."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model

from orders.models import Order, OrderLine, Payment, Refund
from shop.core import locks
from shop.core.transactions import require_transaction

T = TypeVar("T", bound=Model)


def placing(member_id: int, key: str) -> None:
    """One press of the button at a time: the second waits here and then finds the first one's order."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"place:{member_id}:{key}"])


def order(order_id: int) -> Order:
    """The order, locked. Raises Order.DoesNotExist."""
    return _one(locks.take(Order.objects.filter(pk=order_id), locks.Rank.ORDER), Order)


def made(order: Order) -> None:
    """An order inserted by this transaction is locked by it from the start."""
    locks.declare(locks.Rank.ORDER, Order._meta.db_table, [order.pk])


def lines(order_id: int) -> list[OrderLine]:
    """The lines of an order, locked in key order."""
    return locks.take(OrderLine.objects.filter(order_id=order_id), locks.Rank.LINE)


def payment(payment_id: int) -> Payment:
    """The payment, locked. Raises Payment.DoesNotExist."""
    return _one(locks.take(Payment.objects.filter(pk=payment_id), locks.Rank.PAYMENT), Payment)


def refund(refund_id: int) -> Refund:
    """The refund, locked. Raises Refund.DoesNotExist."""
    return _one(locks.take(Refund.objects.filter(pk=refund_id), locks.Rank.REFUND), Refund)


def _one(rows: list[T], model: type[T]) -> T:
    if not rows:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return rows[0]
