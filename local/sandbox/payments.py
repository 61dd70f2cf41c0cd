"""Payments: created, asked for, closed by the merchant; paid by the user in the cashier."""

import secrets
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from local.sandbox import clock, faults, fields, notices, people
from local.sandbox.box import Box
from local.sandbox.errors import ApiError, CannotPay, bad_parameter, no_such_order
from local.sandbox.ledger import Row

TRADE_TYPES = {"native": "NATIVE", "h5": "MWEB", "jsapi": "JSAPI", "app": "APP"}
PREPAY_SECONDS = {"MWEB": 300.0}
PREPAY_DEFAULT = 7200.0
STATE_WORDS = {
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
}


def create(box: Box, product: str, body: dict[str, Any]) -> dict[str, Any]:
    """Open a payment, or give a fresh prepay for the same unpaid one; the answer of 下单."""
    fresh = _read_order(box, TRADE_TYPES[product], body)
    out_trade_no = fresh["out_trade_no"]
    with box.ledger.transaction():
        known = find(box, out_trade_no)
        if known:
            _check_repeat(known, fresh)
        else:
            box.ledger.insert("payment", fresh)
        return _prepay(box, known or fresh)


def _check_repeat(known: Row, fresh: Row) -> None:
    if known["state"] == "SUCCESS":
        raise ApiError(400, "ORDERPAID", "该订单已支付")
    if known["state"] == "CLOSED":
        raise ApiError(400, "ORDER_CLOSED", "该订单已关闭")
    if known["trade_type"] != fresh["trade_type"]:
        raise ApiError(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    if known["request"] != fresh["request"]:
        raise ApiError(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")


def _read_order(box: Box, trade_type: str, body: dict[str, Any]) -> Row:
    check_merchant(box, fields.text(body, "mchid", longest=32))
    if fields.text(body, "appid", longest=32) != box.credentials.identity.appid:
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid 和 mchid 不匹配")
    at = clock.now()
    row: Row = {
        "out_trade_no": fields.trade_no(body),
        "trade_type": trade_type,
        "description": fields.text(body, "description", longest=127),
        "attach": fields.text(body, "attach", longest=128, required=False),
        "total": fields.fen(body, "amount/total"),
        "notify_url": fields.notify_url(body, required=True),
        "openid": "",
        "request": fields.canonical({name: body[name] for name in body if name != "scene_info"}),
        "state": "NOTPAY",
        "created_at": at,
        "expire_at": _expiry(body, at),
    }
    fields.currency(body, required=False)
    if trade_type == "JSAPI":
        row["openid"] = _payer(box, fields.text(body, "payer/openid", longest=128))
    if trade_type == "MWEB":
        fields.text(body, "scene_info/payer_client_ip", longest=45)
        if fields.text(body, "scene_info/h5_info/type", longest=32) not in ("iOS", "Android", "Wap"):
            raise bad_parameter("/scene_info/h5_info/type", "type 只能是 iOS、Android 或 Wap")
    return row


def _payer(box: Box, openid: str) -> str:
    """The openid when it is one of the appid's own."""
    if people.by_openid(box, "oa", openid):
        return openid
    if people.by_openid(box, "mp", openid):
        raise ApiError(500, "OPENID_MISMATCH", "openid和appid不匹配")
    raise bad_parameter("/payer/openid", "无效的openid")


def _expiry(body: dict[str, Any], at: float) -> float:
    """The last moment the user can pay: 7 days by default, never within a minute, at most 90 days."""
    named = fields.text(body, "time_expire", longest=64, required=False)
    if not named:
        return at + 7 * clock.DAY
    try:
        chosen = clock.parse(named)
    except ValueError:
        raise bad_parameter("/time_expire", "time_expire 必须是带时区的 RFC 3339 时间") from None
    if chosen > at + 90 * clock.DAY:
        raise bad_parameter("/time_expire", "time_expire 最长 90 天")
    return max(chosen, at + 60)


def _prepay(box: Box, payment: Row) -> dict[str, Any]:
    trade_type = payment["trade_type"]
    at = clock.now()
    token = secrets.token_urlsafe(9) if trade_type == "NATIVE" else _prepay_id(at)
    box.ledger.insert(
        "prepay",
        {
            "token": token,
            "out_trade_no": payment["out_trade_no"],
            "valid_until": at + PREPAY_SECONDS.get(trade_type, PREPAY_DEFAULT),
        },
    )
    if trade_type == "NATIVE":
        return {"code_url": f"weixin://wxpay/bizpayurl?pr={token}"}
    if trade_type == "MWEB":
        query = urlencode({"prepay_id": token, "package": secrets.randbelow(10**10)})
        return {"h5_url": f"{box.url}/cashier?{query}"}
    return {"prepay_id": token}


def _prepay_id(at: float) -> str:
    return f"wx{clock.compact_day(at)}{secrets.token_hex(13)}"


def check_merchant(box: Box, mchid: str) -> None:
    if mchid != box.credentials.identity.mchid:
        raise ApiError(400, "PARAM_ERROR", "Http头Authorization中的mchid与请求中的mchid不匹配")


def find(box: Box, out_trade_no: str) -> Row | None:
    return box.ledger.row("SELECT * FROM payment WHERE out_trade_no = ?", out_trade_no)


def by_transaction(box: Box, transaction_id: str) -> Row | None:
    return box.ledger.row("SELECT * FROM payment WHERE transaction_id = ?", transaction_id)


def trade_state(box: Box, payment: Row) -> str:
    """SUCCESS becomes REFUND once any refund has been accepted and not failed for good."""
    if payment["state"] != "SUCCESS":
        return str(payment["state"])
    refunded = box.ledger.row(
        "SELECT 1 FROM refund WHERE out_trade_no = ? AND status <> 'CLOSED'", payment["out_trade_no"]
    )
    return "REFUND" if refunded else "SUCCESS"


def describe(box: Box, payment: Row | None) -> dict[str, Any]:
    """The transaction object of a query and of a notice."""
    if not payment:
        raise no_such_order()
    state = trade_state(box, payment)
    identity = box.credentials.identity
    found: dict[str, Any] = {
        "appid": identity.appid,
        "mchid": identity.mchid,
        "out_trade_no": payment["out_trade_no"],
        "trade_state": state,
        "trade_state_desc": STATE_WORDS[state],
        "attach": payment["attach"],
        "promotion_detail": [],
        "amount": {"total": payment["total"], "currency": "CNY", "payer_currency": "CNY"},
    }
    if payment["state"] == "SUCCESS":
        found["amount"]["payer_total"] = payment["total"]
        found |= {
            "transaction_id": payment["transaction_id"],
            "trade_type": payment["trade_type"],
            "bank_type": "OTHERS",
            "success_time": clock.rfc3339(payment["paid_at"]),
            "payer": {"openid": payment["openid"]},
        }
    return found


def close(box: Box, out_trade_no: str) -> None:
    """Close an unpaid payment for good."""
    late = None
    with box.ledger.transaction():
        payment = find(box, out_trade_no)
        if not payment:
            raise no_such_order()
        if payment["state"] == "SUCCESS":
            raise ApiError(400, "ORDERPAID", "订单已支付，不能关闭")
        if payment["state"] == "CLOSED":
            raise ApiError(400, "ORDER_CLOSED", "订单已关闭")
        at = clock.now()
        due_at = None
        if payment["is_in_flight"]:
            late = faults.take(box, "callback_after_close", operation="close", scopes=(out_trade_no,))
            due_at = at + max(float(late or 1), 0.5)
        box.ledger.write(
            "UPDATE payment SET state = 'CLOSED', closed_at = ?, due_at = ? WHERE out_trade_no = ?",
            at,
            due_at,
            out_trade_no,
        )
    box.wake()


def check_payable(box: Box, out_trade_no: str) -> Row:
    """The payment when the user may pay it now; else CannotPay with the words to show."""
    payment = find(box, out_trade_no)
    if not payment:
        raise CannotPay("订单不存在")
    if payment["state"] == "SUCCESS":
        raise CannotPay("订单已支付，请勿重复支付")
    if payment["state"] == "CLOSED" and not _may_be_late(box, out_trade_no):
        raise CannotPay("订单已关闭")
    if payment["state"] == "NOTPAY" and clock.now() > payment["expire_at"]:
        raise CannotPay("订单已过期")
    return payment


def _may_be_late(box: Box, out_trade_no: str) -> bool:
    return faults.peek(box, "callback_after_close", operation="pay", scopes=(out_trade_no,)) is not None


def pay(box: Box, out_trade_no: str, *, openid: str = "", is_held: bool = False) -> str:
    """The user confirms. The id of the notice, "" when there is none yet. Raises CannotPay.

    With `callback_after_close` set, the money stays in flight until the merchant has closed the payment.
    """
    with box.ledger.transaction():
        payment = check_payable(box, out_trade_no)
        payer = openid or payment["openid"] or new_openid()
        if _may_be_late(box, out_trade_no):
            if payment["state"] == "NOTPAY":
                box.ledger.write(
                    "UPDATE payment SET is_in_flight = 1, openid = ?, due_at = NULL WHERE out_trade_no = ?",
                    payer,
                    out_trade_no,
                )
                return ""
            faults.take(box, "callback_after_close", operation="pay", scopes=(out_trade_no,))
        return _succeed(box, payment, payer, is_held=is_held)


def pay_later(box: Box, out_trade_no: str, *, delay: float, openid: str = "") -> None:
    """The user confirms `delay` seconds from now, if the payment is still open then."""
    with box.ledger.transaction():
        payment = check_payable(box, out_trade_no)
        box.ledger.write(
            "UPDATE payment SET due_at = ?, openid = ? WHERE out_trade_no = ?",
            clock.now() + delay,
            openid or payment["openid"],
            out_trade_no,
        )
    box.wake()


def run_due(box: Box, at: float) -> None:
    """Let the delayed payments and the money in flight arrive."""
    for payment in box.ledger.rows("SELECT * FROM payment WHERE due_at <= ?", at):
        number = payment["out_trade_no"]
        with box.ledger.transaction():
            box.ledger.write("UPDATE payment SET due_at = NULL WHERE out_trade_no = ?", number)
            if payment["is_in_flight"] and payment["state"] == "CLOSED":
                _succeed(box, payment, payment["openid"])
                continue
        with suppress(CannotPay):
            pay(box, number, openid=payment["openid"])


def _succeed(box: Box, payment: Row, openid: str, *, is_held: bool = False) -> str:
    at = clock.now()
    number = payment["out_trade_no"]
    box.ledger.write(
        "UPDATE payment SET state = 'SUCCESS', transaction_id = ?, paid_at = ?, openid = ?, due_at = NULL,"
        " is_in_flight = 0 WHERE out_trade_no = ? AND state <> 'SUCCESS'",
        new_transaction_id(at),
        at,
        openid,
        number,
    )
    return notices.enqueue(
        box,
        event_type="TRANSACTION.SUCCESS",
        summary="支付成功",
        resource=describe(box, find(box, number)),
        url=payment["notify_url"],
        out_trade_no=number,
        is_held=is_held,
    )


def new_transaction_id(at: float) -> str:
    return f"4200{secrets.randbelow(10**6):06}{clock.compact_day(at)}{secrets.randbelow(10**10):010}"


def new_openid() -> str:
    return "o" + secrets.token_urlsafe(21)[:27].replace("-", "A")
