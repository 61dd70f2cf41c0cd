"""Whether everything adds up: the rows among themselves, and our money against the sandbox's ledger."""

from orders.models import Payment, Refund
from orders.terms import PaymentStatus, RefundStatus
from shop.backoffice.invariants import every_invariant
from shop.core.money import to_fen
from tests.sandboxes import Sandbox


def broken() -> list[str]:
    """Every row of the database that breaks an invariant."""
    return [f"{one.id} {row}" for one in every_invariant() for row in one.broken()]


def differ(sandbox: Sandbox) -> list[str]:
    """Paid payments and done refunds that only one of the two ledgers knows, or with another amount."""
    theirs = sandbox.ledger()
    paid = {(row["out_trade_no"], row["total"]) for row in theirs["payments"] if row["state"] == "SUCCESS"}
    back = {(row["out_refund_no"], row["amount"]) for row in theirs["refunds"] if row["status"] == "SUCCESS"}
    payments = Payment.objects.filter(gateway="wechat", status=PaymentStatus.PAID)
    refunds = Refund.objects.filter(payment__gateway="wechat", status=RefundStatus.SUCCEEDED)
    ours = {(one.number, to_fen(one.amount)) for one in payments}
    gone = {(one.number, to_fen(one.amount)) for one in refunds}
    return [f"payment {row}" for row in ours ^ paid] + [f"refund {row}" for row in gone ^ back]
