"""Statements of a past day, drawn from the sandbox's own book and handed out as files that expire."""

import gzip
import hashlib
import secrets
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local.sandbox import clock, faults, payments
from local.sandbox.bill_columns import ALL, FLOW, FLOW_SUMMARY, REFUND, SUCCESS, TRADE_SUMMARY
from local.sandbox.box import Box
from local.sandbox.errors import ApiError, bad_parameter
from local.sandbox.ledger import Row

RATE = Decimal("0.0060")
URL_SECONDS = 300.0
READY_HOUR = 10
DAYS_KEPT = 92
CENT = Decimal("0.01")
TRADE_KINDS = {"ALL": (ALL, "PR"), "SUCCESS": (SUCCESS, "P"), "REFUND": (REFUND, "R")}
FLOW_ACCOUNTS = ("BASIC", "OPERATION", "FEES")


def trade_bill(box: Box, query: dict[str, str]) -> dict[str, Any]:
    """交易账单: every payment of the day, and every refund asked for on it."""
    kind = query.get("bill_type", "ALL")
    if kind not in TRADE_KINDS:
        raise bad_parameter("bill_type", "bill_type 只能是 ALL、SUCCESS 或 REFUND", location="query")
    start, end = _day(query)
    columns, sorts = TRADE_KINDS[kind]
    rows = [row for row in trade_rows(box, start, end) if row["sort"] in sorts]
    if not rows:
        raise _no_bill()
    _spoil(box, rows)
    return _offer(box, query, _csv(columns, rows, TRADE_SUMMARY, _trade_totals(rows)))


def flow_bill(box: Box, query: dict[str, str]) -> dict[str, Any]:
    """资金账单: what came into and left the account on that day."""
    account = query.get("account_type", "BASIC")
    if account not in FLOW_ACCOUNTS:
        raise bad_parameter("account_type", "account_type 只能是 BASIC、OPERATION 或 FEES", location="query")
    start, end = _day(query)
    rows = flow_rows(box, start, end) if account == "BASIC" else []
    if not rows:
        raise _no_bill()
    return _offer(box, query, _csv(FLOW, rows, FLOW_SUMMARY, _flow_totals(rows)))


def file(box: Box, token: str) -> bytes:
    """The bytes behind a download address, for five minutes."""
    found = box.ledger.row("SELECT * FROM bill_file WHERE token = ?", token)
    if not found or clock.now() > found["created_at"] + URL_SECONDS:
        raise ApiError(403, "NO_AUTH", "账单下载地址无效或已过期")
    return bytes(found["content"])


def trade_rows(box: Box, start: float, end: float) -> list[Row]:
    identity = box.credentials.identity
    shared = {"公众账号ID": identity.appid, "商户号": identity.mchid}
    paid = box.ledger.rows("SELECT * FROM payment WHERE paid_at >= ? AND paid_at < ?", start, end)
    found = [_payment_row(payment) | shared for payment in paid]
    for refund in box.ledger.rows(
        "SELECT payment.*, refund.*, refund.created_at AS asked_at"
        " FROM refund JOIN payment USING (out_trade_no)"
        " WHERE refund.created_at >= ? AND refund.created_at < ? AND refund.status <> 'CLOSED'",
        start,
        end,
    ):
        found.append(_refund_row(refund) | shared)
    return sorted(found, key=lambda row: (row["交易时间"], row["微信订单号"], row["商户退款单号"]))


def _common(payment: Row) -> Row:
    return {
        "特约商户号": "0",
        "设备号": "",
        "微信订单号": payment["transaction_id"],
        "商户订单号": payment["out_trade_no"],
        "用户标识": payment["openid"],
        "交易类型": payment["trade_type"],
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "代金券金额": "0.00",
        "充值券退款金额": "0.00",
        "商品名称": payment["description"],
        "商户数据包": payment["attach"],
        "费率": f"{RATE * 100:.2f}%",
        "费率备注": "",
    }


def _payment_row(payment: Row) -> Row:
    total = yuan(payment["total"])
    return _common(payment) | {
        "sort": "P",
        "交易时间": clock.bill_time(payment["paid_at"]),
        "交易状态": "SUCCESS",
        "应结订单金额": total,
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": "0.00",
        "退款类型": "",
        "退款状态": "",
        "手续费": yuan(fee(payment["total"])),
        "订单金额": total,
        "申请退款金额": "0.00",
    }


def _refund_row(refund: Row) -> Row:
    amount = yuan(refund["amount"])
    return _common(refund) | {
        "sort": "R",
        "交易时间": clock.bill_time(refund["asked_at"]),
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "退款申请时间": clock.bill_time(refund["asked_at"]),
        "退款成功时间": clock.bill_time(refund["success_at"]) if refund["success_at"] else "",
        "微信退款单号": refund["refund_id"],
        "商户退款单号": refund["out_refund_no"],
        "退款金额": amount,
        "退款类型": "ORIGINAL",
        "退款状态": refund["status"],
        "手续费": yuan(-fee(refund["amount"])),
        "订单金额": "0.00",
        "申请退款金额": amount,
    }


def flow_rows(box: Box, start: float, end: float) -> list[Row]:
    """Settled money only, with the running balance since the first payment."""
    moves = [
        (row["paid_at"], row["transaction_id"], row["out_trade_no"], row["total"])
        for row in box.ledger.rows("SELECT * FROM payment WHERE paid_at < ?", end)
    ] + [
        (row["success_at"], row["refund_id"], row["out_refund_no"], -row["amount"])
        for row in box.ledger.rows("SELECT * FROM refund WHERE success_at < ? AND status = 'SUCCESS'", end)
    ]
    balance = 0
    found: list[Row] = []
    for at, vendor_no, our_no, amount in sorted(moves):
        charge = fee(abs(amount)) * (1 if amount > 0 else -1)
        parts = [("交易" if amount > 0 else "退款", amount)]
        if amount > 0 and charge:
            parts.append(("扣除交易手续费", -charge))
        elif charge:
            parts = [("退款", amount - charge)]
        for name, change in parts:
            balance += change
            if at >= start:
                found.append(
                    {
                        "记账时间": clock.bill_time(at),
                        "微信支付业务单号": vendor_no,
                        "资金流水单号": f"{vendor_no}{len(found):04}",
                        "业务名称": name,
                        "业务类型": name,
                        "收支类型": "收入" if change > 0 else "支出",
                        "收支金额(元)": yuan(abs(change)),
                        "账户结余(元)": yuan(balance),
                        "资金变更提交申请人": "system",
                        "备注": "",
                        "业务凭证号": our_no,
                    }
                )
    return found


def fee(amount: int) -> int:
    """The vendor's charge on an amount, both in fen."""
    return int((Decimal(amount) * RATE).quantize(Decimal(1), ROUND_HALF_UP))


def yuan(fen: int) -> str:
    return str((Decimal(fen) / 100).quantize(CENT))


def _day(query: dict[str, str]) -> tuple[float, float]:
    if query.get("tar_type", "GZIP") != "GZIP":
        raise bad_parameter("tar_type", "tar_type 只能是 GZIP", location="query")
    try:
        day = date.fromisoformat(query.get("bill_date", ""))
    except ValueError:
        raise bad_parameter("bill_date", "bill_date 必须是 2026-01-01 这样的日期", location="query") from None
    start, end = clock.day_bounds(day)
    at = clock.now()
    if at > clock.day_bounds(day + timedelta(days=DAYS_KEPT))[0]:
        raise bad_parameter("bill_date", "只提供三个月内的账单", location="query")
    if at < end + READY_HOUR * 3600:
        raise _no_bill()
    return start, end


def _no_bill() -> ApiError:
    return ApiError(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在")


def _spoil(box: Box, rows: list[Row]) -> None:
    """Drop, add or alter one row where `bill_mismatch` says so: the named payment's, else the first."""
    for place, row in enumerate(rows):
        how = faults.take(box, "bill_mismatch", operation="bill", scopes=(row["商户订单号"],))
        if how == "drop":
            del rows[place]
        elif how == "add":
            stranger = {
                "商户订单号": f"9{secrets.token_hex(8)}",
                "微信订单号": payments.new_transaction_id(clock.now()),
            }
            rows.append(row | stranger)
        elif how == "alter":
            amount = "退款金额" if row["sort"] == "R" else "应结订单金额"
            rows[place] = row | {amount: str(Decimal(row[amount]) + CENT)}
        if how:
            return


def _trade_totals(rows: list[Row]) -> list[str]:
    amounts = ("应结订单金额", "退款金额", "充值券退款金额", "手续费", "订单金额", "申请退款金额")
    return [str(len(rows))] + [
        str(sum((Decimal(row[name]) for row in rows), Decimal("0.00"))) for name in amounts
    ]


def _flow_totals(rows: list[Row]) -> list[str]:
    totals = [str(len(rows))]
    for sort in ("收入", "支出"):
        amounts = [Decimal(row["收支金额(元)"]) for row in rows if row["收支类型"] == sort]
        totals += [str(len(amounts)), str(sum(amounts, Decimal("0.00")))]
    return totals


def _csv(columns: tuple[str, ...], rows: list[Row], summary: tuple[str, ...], totals: list[str]) -> bytes:
    """Headings, values with a back-quote each, then the summary's headings and values."""
    lines = [",".join(columns)]
    lines += [",".join("`" + _clean(row[name]) for name in columns) for row in rows]
    lines += [",".join(summary), ",".join("`" + total for total in totals)]
    return ("\r\n".join(lines) + "\r\n").encode()


def _clean(value: str) -> str:
    """A value can't hold what separates values."""
    return value.replace(",", "，").replace("`", "'").replace("\r", " ").replace("\n", " ")


def _offer(box: Box, query: dict[str, str], content: bytes) -> dict[str, Any]:
    token = secrets.token_urlsafe(48)
    packed = gzip.compress(content) if query.get("tar_type") == "GZIP" else content
    box.ledger.write("DELETE FROM bill_file WHERE created_at < ?", clock.now() - URL_SECONDS)
    box.ledger.insert("bill_file", {"token": token, "content": packed, "created_at": clock.now()})
    return {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(content).hexdigest(),  # noqa: S324 - the format says SHA1
        "download_url": f"{box.url}/v3/billdownload/file?token={token}",
    }
