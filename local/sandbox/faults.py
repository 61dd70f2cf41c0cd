"""Fault switches: what goes wrong on purpose, for whom, how often. Rows, so that they survive a restart."""

from dataclasses import dataclass

from local.sandbox.box import Box
from local.sandbox.ledger import Row

GLOBAL = "global"
CALLS = ("create", "query", "close", "refund", "refund_query", "abnormal_refund", "bill", "bill_file")
WEIXIN = (
    *("token", "stable_token", "ticket", "oauth", "userinfo", "session", "phone_number"),
    *("template", "subscribe", "bizsend", "wxacode", "msg_sec_check", "shipping"),
)
OPERATIONS = (*CALLS, "pay", "notice", "sms", "platform", *WEIXIN)


@dataclass(frozen=True)
class Fault:
    name: str
    label: str
    operations: tuple[str, ...]
    value_help: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None

    def check(self, value: str) -> str:
        """The value to store; raises ValueError when it makes no sense."""
        value = value or self.default
        if self.choices and value not in self.choices:
            raise ValueError(f"value of {self.name} must be one of {', '.join(self.choices)}")
        if self.low is not None:
            try:
                number = float(value)
            except ValueError:
                raise ValueError(f"value of {self.name} must be a number") from None
            if not self.low <= number <= 1_000_000_000:
                raise ValueError(f"value of {self.name} must be a number from {self.low:g}")
        return value


ANYTIME = -1_000_000_000.0
ALL = (
    Fault("timeout_before", "断开连接，什么也没做", CALLS, "先挂起几秒", "0", low=0),
    Fault("timeout_after", "已经办完，但应答丢失", CALLS, "先挂起几秒", "0", low=0),
    Fault("500_before", "系统错误，什么也没做", CALLS),
    Fault("500_after", "已经办完，却答系统错误", CALLS),
    Fault("429", "频率过高，什么也没做", CALLS),
    Fault("slow", "应答迟到", CALLS, "几秒", "3", low=0),
    Fault("bad_signature", "签名错误", (*CALLS, "notice")),
    Fault("signtest", "签名探测（通知只错第一次）", (*CALLS, "notice")),
    Fault("stale_timestamp", "时间戳过旧", (*CALLS, "notice"), "旧几秒", "600", low=0),
    Fault("wrong_amount_callback", "通知里的金额不对", ("notice",), "多出几分", "1", low=ANYTIME),
    Fault("duplicate_callback", "同一通知并发送达", ("notice",), "几份", "2", low=2),
    Fault("callback_before_response", "下单应答之前先付款并通知", ("create",)),
    Fault("callback_never", "不发通知", ("notice",)),
    Fault("callback_after_close", "关单之后钱才到", ("pay", "close"), "关单后几秒", "1", low=0),
    Fault("refund_async", "退款慢慢处理", ("refund",), "几秒", "10", low=0),
    Fault("refund_abnormal", "退款异常（用户的卡已失效）", ("refund",)),
    Fault("refund_closed", "退款关闭（失败，终态）", ("refund",)),
    Fault("refund_callback_before_answer", "退款通知先于应答", ("refund",)),
    Fault("balance_not_enough", "商户余额不足", ("refund",)),
    Fault(
        "bill_mismatch", "账单与事实不符", ("bill",), "drop / add / alter", "drop", ("drop", "add", "alter")
    ),
    Fault("clock_skew", "微信侧时钟偏差", (*CALLS, "notice"), "快几秒，可为负", "0", low=ANYTIME),
    Fault("errcode", "公众号或小程序接口报错", WEIXIN, "错误码", "-1", low=ANYTIME),
    Fault("sms_error", "短信被拒", ("sms",), "错误码", "isv.BUSINESS_LIMIT_CONTROL"),
)
BY_NAME = {fault.name: fault for fault in ALL}


def take(box: Box, name: str, *, operation: str, scopes: tuple[str, ...] = ()) -> str | None:
    """The value of the switch when it is set for this operation, using up one of its times; else None.

    Must not run inside a transaction that may be rolled back, or the use would be forgotten.
    """
    with box.ledger.transaction():
        row = _find(box, name, operation, scopes)
        if not row:
            return None
        if row["remaining"] is not None:
            box.ledger.write("UPDATE fault SET remaining = remaining - 1 WHERE id = ?", row["id"])
        return str(row["value"])


def peek(box: Box, name: str, *, operation: str, scopes: tuple[str, ...] = ()) -> str | None:
    """As `take`, without using it up."""
    row = _find(box, name, operation, scopes)
    return str(row["value"]) if row else None


def _find(box: Box, name: str, operation: str, scopes: tuple[str, ...]) -> Row | None:
    rows = box.ledger.rows("SELECT * FROM fault WHERE fault = ? AND remaining IS NOT 0", name)
    for scope in (*scopes, GLOBAL):
        for row in rows:
            wanted = (row["operation"],) if row["operation"] else BY_NAME[name].operations
            if row["scope"] == scope and operation in wanted:
                return row
    return None


def set_(
    box: Box, *, fault: str, scope: str, value: str = "", times: int | None = None, operation: str = ""
) -> Row:
    """Set or replace a switch. Raises ValueError when the fault, value, times or operation makes no sense."""
    known = BY_NAME.get(fault)
    if not known:
        raise ValueError(f"unknown fault {fault!r}; known: {', '.join(BY_NAME)}")
    if operation and operation not in OPERATIONS:
        raise ValueError(f"unknown operation {operation!r}; known: {', '.join(OPERATIONS)}")
    if times is not None and times < 1:
        raise ValueError("times must be at least 1, or left out for until cleared")
    row = {
        "fault": fault,
        "scope": scope or GLOBAL,
        "operation": operation,
        "value": known.check(value),
        "remaining": times,
    }
    with box.ledger.transaction():
        box.ledger.write(
            "DELETE FROM fault WHERE fault = ? AND scope = ? AND operation = ?",
            fault,
            row["scope"],
            operation,
        )
        return row | {"id": box.ledger.insert("fault", row)}


def clear(box: Box, *, fault: str = "", scope: str = "") -> int:
    """Clear the switches that match, all of them when nothing is named; how many."""
    return box.ledger.write(
        "DELETE FROM fault WHERE (? = '' OR fault = ?) AND (? = '' OR scope = ?)", fault, fault, scope, scope
    )


def active(box: Box) -> list[Row]:
    return box.ledger.rows("SELECT * FROM fault WHERE remaining IS NOT 0 ORDER BY id DESC")
