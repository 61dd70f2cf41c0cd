"""The home page: what happened, and the switches that make things happen."""

from typing import Any
from urllib.parse import urlencode

from local.sandbox import clock, control, faults, payments, sms
from local.sandbox.box import Box
from local.sandbox.errors import CannotPay
from local.sandbox.http import Request, Response, redirect
from local.sandbox.ledger import Row
from local.sandbox.pages import home_markup as markup
from local.sandbox.pages import home_weixin
from local.sandbox.pages.markup import EMPTY, Safe, fill, join, page, yuan

ROWS = 20
MESSAGES = 6
NOTICE_WORDS = {
    "waiting": ("等待重发", "amber"),
    "sending": ("发送中", "sky"),
    "accepted": ("商城已收下", "leaf"),
    "given_up": ("已放弃", "red"),
    "withheld": ("被开关扣下", "red"),
}
STATE_TONES = {"SUCCESS": "leaf", "REFUND": "sky", "NOTPAY": "amber", "CLOSED": "grey"}
REFUND_WORDS = {
    "PROCESSING": ("处理中", "amber"),
    "SUCCESS": ("已退款", "leaf"),
    "ABNORMAL": ("异常", "red"),
    "CLOSED": ("已关闭", "grey"),
}


def show(box: Box, request: Request) -> Response:
    wanted = request.query.get("q", "").strip()
    body = fill(
        markup.HOME,
        flash=fill(markup.FLASH, words=request.query["said"]) if request.query.get("said") else EMPTY,
        query=wanted,
        factor=f"{box.factor:g}",
        payments=_payments(box, wanted),
        refunds=_refunds(box),
        messages=_messages(box),
        notices=_notices(box),
        weixin=home_weixin.notices(box),
        pushes=home_weixin.pushed(box),
        faults=_faults(box),
        fault_options=_fault_options(),
        operation_options=_operation_options(),
    )
    return page("沙箱 · 微信与短信", body, kind="home")


def act(box: Box, request: Request) -> Response:
    """A button of the home page; the page is shown again with a word about it."""
    form = request.form
    try:
        said = _do(box, request.path.removeprefix("/actions/"), form)
    except (control.Refused, CannotPay, ValueError) as refusal:
        said = str(refusal)
    return redirect("/?" + urlencode({"said": said}))


def _do(box: Box, action: str, form: dict[str, str]) -> str:
    number = form.get("out_trade_no", "")
    match action:
        case "notify":
            return "通知已送达，商城收下了" if control.send_again(box, number) else "通知已发出，商城没有收下"
        case "pay":
            payments.pay(box, number)
            return f"{number} 已付款"
        case "late":
            faults.set_(box, fault="callback_after_close", scope=number, times=1)
            payments.pay(box, number)
            return f"{number} 的钱在关单之后到了"
        case "fault":
            times = form.get("times", "").strip()
            row = faults.set_(
                box,
                fault=form.get("fault", ""),
                scope=form.get("scope", "").strip(),
                value=form.get("value", "").strip(),
                times=int(times) if times else None,
                operation=form.get("operation", ""),
            )
            return f"已打开：{faults.BY_NAME[row['fault']].label}"
        case "clear":
            count = faults.clear(box, fault=form.get("fault", ""), scope=form.get("scope", ""))
            return f"已关闭 {count} 个开关"
    raise ValueError("没有这个操作")


def _badge(words: str, tone: str) -> Safe:
    return fill('<span class="badge {tone}">{words}</span>', words=words, tone=tone)


def _list(rows: list[Safe], empty: str) -> Safe:
    return join(rows) if rows else fill('<p class="empty">{empty}</p>', empty=empty)


def _payments(box: Box, wanted: str) -> Safe:
    rows = box.ledger.rows(
        "SELECT * FROM payment WHERE ? = '' OR out_trade_no LIKE ? OR transaction_id LIKE ?"
        " ORDER BY created_at DESC LIMIT ?",
        wanted,
        f"%{wanted}%",
        f"%{wanted}%",
        ROWS,
    )
    empty = "没有这个单号" if wanted else "还没有付款单。在商城下一单，它就会出现在这里。"
    return _list([_payment(box, row) for row in rows], empty)


def _payment(box: Box, row: Row) -> Safe:
    state = payments.trade_state(box, row)
    words = payments.STATE_WORDS[state]
    if row["due_at"] or row["is_in_flight"]:
        words = "钱在路上"
    elif state == "NOTPAY" and clock.now() > row["expire_at"]:
        words = "已过支付时限"
    number = row["out_trade_no"]
    buttons = []
    if row["state"] == "NOTPAY":
        buttons.append(fill(markup.OPEN, number=number))
        buttons.append(fill(markup.PAY, number=number))
    elif row["state"] == "CLOSED":
        buttons.append(fill(markup.LATE, number=number))
    elif box.ledger.row("SELECT 1 FROM notice WHERE out_trade_no = ?", number):
        buttons.append(fill(markup.NOTIFY, number=number))
    return fill(
        markup.PAYMENT,
        description=row["description"],
        sum=yuan(row["total"]),
        badge=_badge(words, STATE_TONES[state]),
        number=number,
        type=row["trade_type"],
        at=clock.short(row["paid_at"] or row["created_at"]),
        buttons=join(buttons),
    )


def _refunds(box: Box) -> Safe:
    rows = box.ledger.rows("SELECT * FROM refund ORDER BY created_at DESC LIMIT ?", ROWS)
    return _list([_refund(row) for row in rows], "还没有退款")


def _refund(row: Row) -> Safe:
    return fill(
        markup.REFUND,
        reason=row["reason"] or "未写原因",
        sum=yuan(row["amount"]),
        badge=_badge(*REFUND_WORDS[row["status"]]),
        refund_no=row["out_refund_no"],
        number=row["out_trade_no"],
        at=clock.short(row["success_at"] or row["created_at"]),
    )


def _messages(box: Box) -> Safe:
    return _list(
        [_message(row) for row in sms.inbox(box, limit=MESSAGES)],
        "还没有短信。在商城用手机号登录，验证码会到这里。",
    )


def _message(row: Row) -> Safe:
    code = fill('<p class="code figures">{code}</p>', code=row["code"]) if row["code"] else EMPTY
    return fill(markup.MESSAGE, phone=row["phone"], at=clock.short(row["at"]), code=code, text=row["text"])


def _notices(box: Box) -> Safe:
    rows = box.ledger.rows("SELECT * FROM notice ORDER BY rowid DESC LIMIT ?", ROWS)
    return _list([_notice(box, row) for row in rows], "还没有通知")


def _notice(box: Box, row: Row) -> Safe:
    attempts = box.ledger.rows(
        "SELECT * FROM attempt WHERE notice_id = ? ORDER BY id DESC LIMIT 6", row["id"]
    )
    next_words = f"，下次 {clock.short(row['next_at'])}" if row["next_at"] else ""
    return fill(
        markup.NOTICE,
        summary=row["summary"],
        badge=_badge(*NOTICE_WORDS[row["state"]]),
        number=row["out_refund_no"] or row["out_trade_no"],
        url=row["url"],
        next=next_words,
        attempts=join(_attempt(attempt) for attempt in attempts),
    )


def _attempt(row: Row) -> Safe:
    details: list[Any] = [f"{row['millis']} ms", row["faults"], row["error"][:60]]
    return fill(
        markup.ATTEMPT,
        at=clock.short(row["at"]),
        place=f"第 {row['number']} 次" if row["number"] else "手动",
        status=_badge(row["status"] or "无应答", "leaf" if row["status"] in (200, 204) else "red"),
        details=" · ".join(str(detail) for detail in details if detail),
    )


def _faults(box: Box) -> Safe:
    return _list([_fault(row) for row in faults.active(box)], "没有打开的开关，一切正常")


def _fault(row: Row) -> Safe:
    parts = [f"范围 {row['scope']}"]
    if row["operation"]:
        parts.append(f"只对 {row['operation']}")
    if row["value"]:
        parts.append(f"值 {row['value']}")
    parts.append(f"还有 {row['remaining']} 次" if row["remaining"] is not None else "一直")
    return fill(
        markup.FAULT,
        label=faults.BY_NAME[row["fault"]].label,
        name=row["fault"],
        details=" · ".join(parts),
        scope=row["scope"],
    )


def _fault_options() -> Safe:
    return join(
        fill(
            '<option value="{name}">{label}{help}</option>',
            name=fault.name,
            label=fault.label,
            help=f"（值：{fault.value_help}，默认 {fault.default}）" if fault.value_help else "",
        )
        for fault in faults.ALL
    )


def _operation_options() -> Safe:
    return join(fill('<option value="{name}">{name}</option>', name=name) for name in faults.OPERATIONS)
