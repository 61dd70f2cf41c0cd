"""Notices as rows: what has to be told to the shop, when next, and every attempt so far."""

import json
import secrets
from typing import Any

from local.sandbox import clock, faults
from local.sandbox.box import Box
from local.sandbox.ledger import Row

# Seconds of WeChat's between one failed attempt and the next: 24 h 4 min in all.
SCHEDULE = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)


def enqueue(
    box: Box,
    *,
    event_type: str,
    summary: str,
    resource: dict[str, Any],
    url: str,
    out_trade_no: str,
    out_refund_no: str = "",
    is_held: bool = False,
) -> str:
    """Write a notice to be sent at once; its id, or "" when the merchant named no address.

    A held notice waits for the caller to deliver it.
    """
    if not url:
        return ""
    at = clock.now()
    scopes = tuple(name for name in (out_refund_no, out_trade_no) if name)
    never = faults.take(box, "callback_never", operation="notice", scopes=scopes) is not None
    row = {
        "id": f"EV-{clock.compact_day(at)}{secrets.token_hex(12)}",
        "kind": "refund" if out_refund_no else "transaction",
        "event_type": event_type,
        "summary": summary,
        "out_trade_no": out_trade_no,
        "out_refund_no": out_refund_no,
        "url": url,
        "resource": json.dumps(resource, ensure_ascii=False, separators=(",", ":")),
        "state": "withheld" if never else "sending" if is_held else "waiting",
        "created_at": at,
        "next_at": None if never or is_held else at,
    }
    box.ledger.insert("notice", row)
    box.wake()
    return "" if never and is_held else str(row["id"])


def claim_due(box: Box, at: float) -> list[str]:
    """Take the notices that are due; each must then be delivered."""
    with box.ledger.transaction():
        due = box.ledger.rows("SELECT id FROM notice WHERE next_at <= ? AND state = 'waiting'", at)
        for row in due:
            box.ledger.write("UPDATE notice SET state = 'sending', next_at = NULL WHERE id = ?", row["id"])
    return [row["id"] for row in due]


def resume(box: Box) -> None:
    """Put back what was being sent when the process ended."""
    box.ledger.write("UPDATE notice SET state = 'waiting', next_at = ? WHERE state = 'sending'", clock.now())


def record(box: Box, notice_id: str, *, number: int, outcome: Row) -> None:
    box.ledger.insert("attempt", {"notice_id": notice_id, "number": number} | outcome)


def attempts_made(box: Box, notice_id: str) -> int:
    """How far the notice is in its schedule; what was sent by hand doesn't count."""
    return int(box.ledger.value("SELECT MAX(number) FROM attempt WHERE notice_id = ?", notice_id) or 0)


def accept(box: Box, notice_id: str) -> None:
    box.ledger.write("UPDATE notice SET state = 'accepted', next_at = NULL WHERE id = ?", notice_id)


def postpone(box: Box, notice_id: str, *, number: int) -> None:
    """Place the notice after its failed attempt `number` (1 is the first), or give it up after the last."""
    is_last = number > len(SCHEDULE)
    next_at = None if is_last else clock.now() + box.real_seconds(SCHEDULE[number - 1])
    box.ledger.write(
        "UPDATE notice SET state = ?, next_at = ? WHERE id = ? AND state = 'sending'",
        "given_up" if is_last else "waiting",
        next_at,
        notice_id,
    )
    box.wake()


def change_pace(box: Box, factor: float) -> None:
    """Set the time factor and stretch or shorten what is still to be waited for."""
    with box.ledger.transaction():
        at, before = clock.now(), box.factor
        box.set_factor(factor)
        box.ledger.write(
            "UPDATE notice SET next_at = ? + MAX(next_at - ?, 0) * ? WHERE next_at IS NOT NULL",
            at,
            at,
            before / factor,
        )
    box.wake()


def of_payment(box: Box, out_trade_no: str) -> list[Row]:
    """Its notices, newest first, each with its attempts."""
    found = box.ledger.rows("SELECT * FROM notice WHERE out_trade_no = ? ORDER BY rowid DESC", out_trade_no)
    for notice in found:
        notice["attempts"] = box.ledger.rows(
            "SELECT * FROM attempt WHERE notice_id = ? ORDER BY id", notice["id"]
        )
    return found
