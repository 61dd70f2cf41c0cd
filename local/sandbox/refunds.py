"""Refunds: accepted at once, settled a moment later, told by a notice of their own."""

import secrets
from typing import Any

from local.sandbox import clock, faults, fields, notices, payments
from local.sandbox.box import Box
from local.sandbox.errors import ApiError, bad_parameter
from local.sandbox.ledger import Row

MOST_REFUNDS = 50
SECONDS_APART = 60.0
LONGEST = 365 * clock.DAY
SETTLE_SECONDS = 1.0
EVENTS = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}


def request(box: Box, body: dict[str, Any]) -> dict[str, Any]:
    """Accept a refund, or repeat the answer for one accepted before under this number."""
    number = fields.refund_no(body)
    payment = _payment_of(box, body)
    scopes = (number, payment["out_trade_no"])
    known = find(box, number)
    if not known and faults.take(box, "balance_not_enough", operation="refund", scopes=scopes) is not None:
        raise ApiError(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    fresh = _read(box, body, number, payment)
    with box.ledger.transaction():
        known = find(box, number)
        if known:
            same = ("out_trade_no", "amount")
            if any(known[name] != fresh[name] for name in same):
                raise ApiError(400, "INVALID_REQUEST", "同一退款单号的参数与首次请求时不一致")
            return describe(box, known)
        _check_limits(box, payment, fresh["amount"])
        fresh |= _plan(box, scopes, fresh["created_at"])
        box.ledger.insert("refund", fresh)
    box.wake()
    return describe(box, fresh)


def _payment_of(box: Box, body: dict[str, Any]) -> Row:
    transaction_id = fields.text(body, "transaction_id", longest=32, required=False)
    out_trade_no = fields.trade_no(body, required=False)
    if not (transaction_id or out_trade_no):
        raise bad_parameter("/transaction_id", "transaction_id 和 out_trade_no 必须填一个")
    payment = (
        payments.by_transaction(box, transaction_id) if transaction_id else payments.find(box, out_trade_no)
    )
    if not payment or (out_trade_no and payment["out_trade_no"] != out_trade_no):
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    return payment


def _read(box: Box, body: dict[str, Any], number: str, payment: Row) -> Row:
    fields.currency(body, required=True)
    if fields.fen(body, "amount/total") != payment["total"]:
        raise ApiError(400, "INVALID_REQUEST", "订单金额与支付时不一致")
    at = clock.now()
    return {
        "out_refund_no": number,
        "refund_id": new_refund_id(at),
        "out_trade_no": payment["out_trade_no"],
        "amount": fields.fen(body, "amount/refund"),
        "reason": fields.text(body, "reason", longest=80, required=False),
        "notify_url": fields.notify_url(body, required=False),
        "request": fields.canonical(body),
        "status": "PROCESSING",
        "created_at": at,
    }


def _check_limits(box: Box, payment: Row, amount: int) -> None:
    if payment["state"] != "SUCCESS":
        raise ApiError(403, "TRADE_ERROR", "订单未支付，不能退款")
    if clock.now() > payment["paid_at"] + LONGEST:
        raise ApiError(400, "INVALID_REQUEST", "订单支付已超过一年，不能退款")
    before = box.ledger.only(
        "SELECT COUNT(*) AS number, COALESCE(SUM(amount), 0) AS amount, MAX(created_at) AS latest"
        " FROM refund WHERE out_trade_no = ? AND status <> 'CLOSED'",
        payment["out_trade_no"],
    )
    if before["number"] >= MOST_REFUNDS:
        raise ApiError(403, "RULE_LIMIT", f"一笔订单最多退款 {MOST_REFUNDS} 次")
    if before["amount"] + amount > payment["total"]:
        raise ApiError(400, "INVALID_REQUEST", "退款金额大于可退金额")
    if before["latest"] and clock.now() < before["latest"] + box.real_seconds(SECONDS_APART):
        raise ApiError(429, "FREQUENCY_LIMITED", "同一订单的多次退款需间隔 1 分钟，请稍后用原单号重试")


def _plan(box: Box, scopes: tuple[str, ...], at: float) -> Row:
    """When the refund settles and as what."""

    def take(name: str) -> str | None:
        return faults.take(box, name, operation="refund", scopes=scopes)

    slow = take("refund_async")
    outcome = "SUCCESS"
    if take("refund_abnormal") is not None:
        outcome = "ABNORMAL"
    elif take("refund_closed") is not None:
        outcome = "CLOSED"
    wait = float(slow) if slow is not None else box.real_seconds(SETTLE_SECONDS)
    return {"outcome": outcome, "settle_at": at + wait}


def new_refund_id(at: float) -> str:
    return f"5030{secrets.randbelow(10**7):07}{clock.compact_day(at)}{secrets.randbelow(10**10):010}"


def find(box: Box, out_refund_no: str) -> Row | None:
    return box.ledger.row("SELECT * FROM refund WHERE out_refund_no = ?", out_refund_no)


def describe(box: Box, refund: Row | None) -> dict[str, Any]:
    """The refund object of an answer and of a query."""
    if not refund:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    payment = box.ledger.only("SELECT * FROM payment WHERE out_trade_no = ?", refund["out_trade_no"])
    amount, total = refund["amount"], payment["total"]
    found: dict[str, Any] = {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": payment["transaction_id"],
        "out_trade_no": refund["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": clock.rfc3339(refund["created_at"]),
        "status": refund["status"],
        "funds_account": "AVAILABLE",
        "amount": {
            "total": total,
            "refund": amount,
            "from": [],
            "payer_total": total,
            "payer_refund": amount,
            "settlement_total": total,
            "settlement_refund": amount,
            "discount_refund": 0,
            "refund_fee": 0,
            "currency": "CNY",
        },
        "promotion_detail": [],
    }
    if refund.get("success_at"):
        found["success_time"] = clock.rfc3339(refund["success_at"])
    return found


def settle(box: Box, out_refund_no: str, *, is_held: bool = False) -> str:
    """Bring an accepted refund to its planned outcome and tell the merchant; the id of the notice."""
    with box.ledger.transaction():
        refund = find(box, out_refund_no)
        if not refund or refund["status"] != "PROCESSING":
            return ""
        at = clock.now()
        success_at = at if refund["outcome"] == "SUCCESS" else None
        box.ledger.write(
            "UPDATE refund SET status = outcome, settle_at = NULL, success_at = ? WHERE out_refund_no = ?",
            success_at,
            out_refund_no,
        )
        refund |= {"status": refund["outcome"], "success_at": success_at}
        return notices.enqueue(
            box,
            event_type=f"REFUND.{refund['outcome']}",
            summary=EVENTS[refund["outcome"]],
            resource=_told(box, refund),
            url=refund["notify_url"],
            out_trade_no=refund["out_trade_no"],
            out_refund_no=out_refund_no,
            is_held=is_held,
        )


def _told(box: Box, refund: Row) -> dict[str, Any]:
    """The object inside a refund notice; it says `refund_status` where a query says `status`."""
    full = describe(box, refund)
    names = ("out_trade_no", "transaction_id", "out_refund_no", "refund_id", "user_received_account")
    amount = {name: full["amount"][name] for name in ("total", "refund", "payer_total", "payer_refund")}
    told = {"mchid": box.credentials.identity.mchid, "refund_status": full["status"], "amount": amount}
    told |= {name: full[name] for name in names}
    if "success_time" in full:
        told["success_time"] = full["success_time"]
    return told


def mend_abnormal(box: Box, refund_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """异常退款: send the money of an abnormal refund another way."""
    if fields.text(body, "type", longest=32) not in ("USER_BANK_CARD", "MERCHANT_BANK_CARD"):
        raise bad_parameter("/type", "type 只能是 USER_BANK_CARD 或 MERCHANT_BANK_CARD")
    with box.ledger.transaction():
        refund = find(box, fields.refund_no(body))
        if not refund or refund["refund_id"] != refund_id:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        if refund["status"] != "ABNORMAL":
            raise ApiError(400, "INVALID_REQUEST", "退款单不是异常状态")
        change = {"status": "PROCESSING", "outcome": "SUCCESS"}
        settle_at = clock.now() + box.real_seconds(SETTLE_SECONDS)
        box.ledger.write(
            "UPDATE refund SET status = ?, outcome = ?, settle_at = ? WHERE refund_id = ?",
            *change.values(),
            settle_at,
            refund_id,
        )
    box.wake()
    return describe(box, refund | change)


def run_due(box: Box, at: float) -> None:
    for refund in box.ledger.rows("SELECT out_refund_no FROM refund WHERE settle_at <= ?", at):
        settle(box, refund["out_refund_no"])
