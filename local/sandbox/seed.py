"""Payments and refunds that happened before the sandbox was born, so that both books of a demo agree."""

from typing import Any

from local.sandbox import clock, payments, refunds
from local.sandbox.box import Box
from local.sandbox.ledger import Row


def sow(box: Box, items: list[dict[str, Any]]) -> dict[str, int]:
    """Write settled payments with their refunds; a number already known is left as it is.

    Raises ValueError or KeyError, and writes nothing, when an item makes no sense.
    """
    counts = {"payments": 0, "refunds": 0, "known": 0}
    with box.ledger.transaction():
        for item in items:
            number = str(item["out_trade_no"])
            if payments.find(box, number):
                counts["known"] += 1
            else:
                box.ledger.insert("payment", _payment(item, number))
                counts["payments"] += 1
            for refund in item.get("refunds") or ():
                counts["refunds"] += _sow_refund(box, number, refund)
    return counts


def _payment(item: dict[str, Any], number: str) -> Row:
    paid_at = _instant(item["success_time"])
    trade_type = item.get("trade_type", "NATIVE")
    if trade_type not in payments.TRADE_TYPES.values():
        raise ValueError(f"unknown trade_type {trade_type!r}")
    return {
        "out_trade_no": number,
        "transaction_id": item.get("transaction_id") or payments.new_transaction_id(paid_at),
        "trade_type": trade_type,
        "description": str(item.get("description") or number)[:127],
        "total": int(item["amount_total"]),
        "openid": item.get("openid") or payments.new_openid(),
        "notify_url": item.get("notify_url", ""),
        "state": "SUCCESS",
        "created_at": paid_at - 30,
        "expire_at": paid_at + 900,
        "paid_at": paid_at,
    }


def _sow_refund(box: Box, out_trade_no: str, item: dict[str, Any]) -> int:
    number = str(item["out_refund_no"])
    if refunds.find(box, number):
        return 0
    amount = int(item["amount"])
    payment = payments.find(box, out_trade_no)
    before = box.ledger.value(
        "SELECT COALESCE(SUM(amount), 0) FROM refund WHERE out_trade_no = ? AND status <> 'CLOSED'",
        out_trade_no,
    )
    if not payment or before + amount > payment["total"]:
        raise ValueError(f"refund {number} is larger than what is left of {out_trade_no}")
    at = _instant(item["success_time"])
    box.ledger.insert(
        "refund",
        {
            "out_refund_no": number,
            "refund_id": item.get("refund_id") or refunds.new_refund_id(at),
            "out_trade_no": out_trade_no,
            "amount": amount,
            "reason": str(item.get("reason", ""))[:80],
            "status": "SUCCESS",
            "outcome": "SUCCESS",
            "created_at": at,
            "success_at": at,
        },
    )
    return 1


def _instant(value: str | float) -> float:
    return clock.parse(value) if isinstance(value, str) else float(value)
