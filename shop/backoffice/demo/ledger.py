"""Tells the sandbox about the payments of the demo's history, so that both ledgers agree."""

import requests
from django.conf import settings

from orders.models import Payment
from orders.terms import PaymentStatus, RefundStatus
from shop.core import money

BATCH = 200


def seed() -> int:
    """Sends our paid payments with their refunds; how many. Without a sandbox nothing happens.

    Raises requests.RequestException when the sandbox is configured but does not take them.
    """
    if not settings.SANDBOX_URL:
        return 0
    rows = _rows()
    for start in range(0, len(rows), BATCH):
        answer = requests.post(
            f"{settings.SANDBOX_URL}/_control/seed", json=rows[start : start + BATCH], timeout=(3, 60)
        )
        answer.raise_for_status()
    return len(rows)


def _rows() -> list[dict[str, object]]:
    """As the sandbox's seed wants them: fen, RFC 3339."""
    paid = Payment.objects.filter(status=PaymentStatus.PAID, gateway="wechat").prefetch_related("refunds")
    return [
        {
            "out_trade_no": payment.number,
            "transaction_id": payment.transaction_id,
            "amount_total": money.to_fen(payment.amount),
            "success_time": payment.paid_at.isoformat() if payment.paid_at else None,
            "trade_type": "MWEB",
            "description": "街角鲜生",
            "refunds": [
                {
                    "out_refund_no": refund.number,
                    "amount": money.to_fen(refund.amount),
                    "success_time": refund.done_at.isoformat() if refund.done_at else None,
                    "refund_id": refund.gateway_refund_id,
                    "reason": refund.reason,
                }
                for refund in payment.refunds.all()
                if refund.status == RefundStatus.SUCCEEDED
            ],
        }
        for payment in paid.order_by("pk")
    ]
