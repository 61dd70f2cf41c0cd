"""The JSON control API under /_control/, for tests and demos. README.md lists it."""

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from local.sandbox import clock, faults, notices, notifier, payments, people, platform, rival, seed, sms
from local.sandbox.box import Box
from local.sandbox.errors import CannotPay
from local.sandbox.http import Request, Response, json_response
from local.sandbox.ledger import Row
from local.sandbox.weixin import control as weixin

PREFIX = "/_control"
LONGEST_DELAY = 86_400.0
INSTANTS = (
    "created_at",
    "expire_at",
    "paid_at",
    "closed_at",
    "due_at",
    "settle_at",
    "success_at",
    "next_at",
    "at",
)
HIDDEN = ("request",)
Handler = Callable[[Box, re.Match[str], Request], Any]


class Refused(Exception):
    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


def answer(box: Box, request: Request) -> Response:
    allowed = False
    for method, path, handle in ROUTES:
        match = path.fullmatch(request.path.removeprefix(PREFIX))
        if not match:
            continue
        allowed = True
        if method == request.method:
            return _run(box, handle, match, request)
    if allowed:
        return json_response({"error": "method_not_allowed", "message": request.method}, 405)
    return json_response({"error": "not_found", "message": request.path}, 404)


def _run(box: Box, handle: Handler, match: re.Match[str], request: Request) -> Response:
    try:
        return json_response(handle(box, match, request))
    except Refused as error:
        return json_response({"error": error.error, "message": error.message}, error.status)
    except (ValueError, KeyError, TypeError, sqlite3.IntegrityError) as error:
        return json_response({"error": "invalid", "message": f"{type(error).__name__}: {error}"}, 400)


def show(row: Row) -> Row:
    """A row with its instants as RFC 3339."""
    shown = {name: value for name, value in row.items() if name not in HIDDEN}
    for name in INSTANTS:
        if shown.get(name) is not None:
            shown[name] = clock.rfc3339(shown[name])
    return shown


def _payment(box: Box, number: str) -> Row:
    found = payments.find(box, number)
    if not found:
        raise Refused(404, "not_found", f"no payment {number}")
    return found


def payment_page(box: Box, number: str) -> Row:
    """A payment with its refunds and notices."""
    found = _payment(box, number)
    page = show(found) | {"trade_state": payments.trade_state(box, found)}
    refunds_of = box.ledger.rows("SELECT * FROM refund WHERE out_trade_no = ? ORDER BY created_at", number)
    page["refunds"] = [show(refund) for refund in refunds_of]
    page["notices"] = []
    for notice in notices.of_payment(box, number):
        shown = show(notice) | {"resource": json.loads(notice["resource"])}
        page["notices"].append(shown | {"attempts": [show(attempt) for attempt in notice["attempts"]]})
    return page


def _health(box: Box, match: re.Match[str], request: Request) -> Row:
    waiting = box.ledger.value("SELECT COUNT(*) FROM notice WHERE state IN ('waiting', 'sending')")
    return {
        "status": "ok",
        "url": box.url,
        "factor": box.factor,
        "now": clock.rfc3339(clock.now()),
        "waiting_notices": waiting,
    }


def _messages(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    limit = int(request.query.get("limit", 50))
    found = sms.inbox(box, phone=request.query.get("phone", ""), limit=limit)
    return [show(row) | {"parameters": json.loads(row["parameters"])} for row in found]


def _payments(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    limit = int(request.query.get("limit", 100))
    found = box.ledger.rows("SELECT * FROM payment ORDER BY created_at DESC LIMIT ?", limit)
    return [show(row) | {"trade_state": payments.trade_state(box, row)} for row in found]


def _one_payment(box: Box, match: re.Match[str], request: Request) -> Row:
    return payment_page(box, match[1])


def _pay(box: Box, match: re.Match[str], request: Request) -> Row:
    number = _payment(box, match[1])["out_trade_no"]
    given = request.json()
    delay = float(given.get("delay") or 0)
    if not 0 <= delay <= LONGEST_DELAY:
        raise ValueError("delay must be 0 to 86400 seconds")
    openid = str(given.get("openid") or "")
    try:
        if delay:
            payments.pay_later(box, number, delay=delay, openid=openid)
        else:
            payments.pay(box, number, openid=openid)
    except CannotPay as refusal:
        raise Refused(409, "cannot_pay", str(refusal)) from None
    return payment_page(box, number)


def _notify(box: Box, match: re.Match[str], request: Request) -> Row:
    send_again(box, _payment(box, match[1])["out_trade_no"])
    return payment_page(box, match[1])


def send_again(box: Box, number: str) -> bool:
    """Send the newest notice of each kind of a payment by hand; whether every one was accepted."""
    newest: dict[str, str] = {}
    for notice in notices.of_payment(box, number):
        newest.setdefault(f"{notice['kind']}:{notice['out_refund_no']}", notice["id"])
    if not newest:
        raise Refused(409, "no_notice", f"{number} has no notice yet")
    outcomes = [notifier.deliver(box, notice_id, by_hand=True) for notice_id in newest.values()]
    return all(outcomes)


def _faults(box: Box, match: re.Match[str], request: Request) -> Row:
    return {"active": faults.active(box), "known": {fault.name: fault.label for fault in faults.ALL}}


def _set_fault(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    value, times = given.get("value"), given.get("times")
    return faults.set_(
        box,
        fault=str(given["fault"]),
        scope=str(given.get("scope") or faults.GLOBAL),
        value="" if value is None else str(value),
        times=None if times is None else int(times),
        operation=str(given.get("operation") or ""),
    )


def _clear_faults(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.query | request.json()
    return {"cleared": faults.clear(box, fault=given.get("fault", ""), scope=given.get("scope", ""))}


def _seed(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    if not isinstance(given, list):
        raise ValueError("a list of payments is expected")
    return dict(seed.sow(box, given))


def _ledger(box: Box, match: re.Match[str], request: Request) -> Row:
    paid = box.ledger.only(
        "SELECT COUNT(*) AS count, COALESCE(SUM(total), 0) AS fen FROM payment WHERE state='SUCCESS'"
    )
    by_status = box.ledger.rows(
        "SELECT status, COUNT(*) AS count, SUM(amount) AS fen FROM refund GROUP BY status"
    )
    by_state = box.ledger.rows(
        "SELECT state, COUNT(*) AS count, SUM(total) AS fen FROM payment GROUP BY state"
    )
    refunded = sum(row["fen"] for row in by_status if row["status"] == "SUCCESS")
    found: Row = {
        "paid": paid,
        "refunded": {
            "count": sum(row["count"] for row in by_status if row["status"] == "SUCCESS"),
            "fen": refunded,
        },
        "net_fen": paid["fen"] - refunded,
        "payments_by_state": {row["state"]: {"count": row["count"], "fen": row["fen"]} for row in by_state},
        "refunds_by_status": {row["status"]: {"count": row["count"], "fen": row["fen"]} for row in by_status},
    }
    if request.query.get("rows"):
        names = "out_trade_no, transaction_id, state, total, paid_at"
        found["payments"] = [show(row) for row in box.ledger.rows(f"SELECT {names} FROM payment")]  # noqa: S608
        names = "out_refund_no, refund_id, out_trade_no, status, amount, created_at, success_at"
        found["refunds"] = [show(row) for row in box.ledger.rows(f"SELECT {names} FROM refund")]  # noqa: S608
    return found


def _time(box: Box, match: re.Match[str], request: Request) -> Row:
    notices.change_pace(box, float(request.json()["factor"]))
    return {"factor": box.factor}


def _reset(box: Box, match: re.Match[str], request: Request) -> Row:
    box.ledger.wipe()
    people.ensure_first(box)
    return {"status": "empty"}


ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile(path), handle)
    for method, path, handle in (
        ("GET", "/health", _health),
        ("GET", "/sms", _messages),
        ("GET", "/payments", _payments),
        ("GET", "/payments/([^/]+)", _one_payment),
        ("POST", "/payments/([^/]+)/pay", _pay),
        ("POST", "/payments/([^/]+)/notify", _notify),
        ("GET", "/faults", _faults),
        ("POST", "/faults", _set_fault),
        ("DELETE", "/faults", _clear_faults),
        ("POST", "/seed", _seed),
        ("GET", "/ledger", _ledger),
        ("POST", "/time", _time),
        ("POST", "/reset", _reset),
        *platform.ROUTES,
        *rival.ROUTES,
        *weixin.ROUTES,
    )
)
