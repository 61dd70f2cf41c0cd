"""The sandbox's only clock hand: delayed payments, refunds to settle, notices to deliver."""

import json
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from local.sandbox import clock, faults, notices, payments, refunds, signing
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.stamp import stamp
from local.sandbox.weixin import pushes

ANSWER_SECONDS = 5.0
LONGEST_SLEEP = 1.0
DUE = """
SELECT MIN(at) FROM (
    SELECT MIN(next_at) AS at FROM notice
    UNION ALL SELECT MIN(due_at) FROM payment
    UNION ALL SELECT MIN(settle_at) FROM refund
    UNION ALL SELECT MIN(next_at) FROM weixin_push
)
"""


class Notifier:
    """A background thread that does what has become due, and a few hands that carry the notices."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._is_over = threading.Event()
        self._hands = ThreadPoolExecutor(max_workers=8, thread_name_prefix="notice")
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)

    def start(self) -> None:
        notices.resume(self._box)
        pushes.resume(self._box)
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._box.wake()
        self._thread.join()
        self._hands.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._is_over.is_set():
            self._box.wakeup.clear()
            try:
                at = clock.now()
                payments.run_due(self._box, at)
                refunds.run_due(self._box, at)
                for number in pushes.claim_due(self._box, clock.now()):
                    self._hands.submit(pushes.deliver, self._box, number)
                for notice_id in notices.claim_due(self._box, clock.now()):
                    self._hands.submit(self._carry, notice_id)
                due = self._box.ledger.value(DUE)
            except Exception:  # the hand must go on turning, whatever one row did
                traceback.print_exc()
                due = None
            wait = LONGEST_SLEEP if due is None else min(max(due - clock.now(), 0.005), LONGEST_SLEEP)
            self._box.wakeup.wait(wait)

    def _carry(self, notice_id: str) -> None:
        try:
            deliver(self._box, notice_id)
        except Exception:
            traceback.print_exc()
            notices.postpone(self._box, notice_id, number=notices.attempts_made(self._box, notice_id) + 1)


def deliver(box: Box, notice_id: str, *, by_hand: bool = False) -> bool:
    """Make one attempt now and write it down; whether the shop accepted.

    Sent by hand, a refusal leaves the notice where it was in its schedule.
    """
    notice = box.ledger.row("SELECT * FROM notice WHERE id = ?", notice_id)
    if not notice:
        return False
    number = 0 if by_hand else notices.attempts_made(box, notice_id) + 1
    scopes = tuple(name for name in (notice["out_refund_no"], notice["out_trade_no"]) if name)

    def take(name: str) -> str | None:
        return faults.take(box, name, operation="notice", scopes=scopes)

    copies = int(float(take("duplicate_callback") or 1))
    alteration = take("wrong_amount_callback")
    body = _envelope(box, notice, int(float(alteration)) if alteration is not None else 0)
    headers, told = stamp(box, body, operation="notice", scopes=scopes, is_first=number == 1)
    if alteration is not None:
        told.append("wrong_amount_callback")
    if copies > 1:
        told.append(f"duplicate_callback ×{copies}")
    with ThreadPoolExecutor(max_workers=copies) as together:
        outcomes = list(together.map(lambda _: _post(notice["url"], body, headers), range(copies)))
    for outcome in outcomes:
        notices.record(box, notice_id, number=number, outcome=outcome | {"faults": ", ".join(told)})
    is_accepted = any(outcome["status"] in (200, 204) for outcome in outcomes)
    if is_accepted:
        notices.accept(box, notice_id)
    elif not by_hand:
        notices.postpone(box, notice_id, number=number)
    return is_accepted


def _envelope(box: Box, notice: Row, alteration: int) -> bytes:
    resource: dict[str, Any] = json.loads(notice["resource"])
    if alteration:
        resource["amount"]["total"] += alteration
        if "payer_total" in resource["amount"]:
            resource["amount"]["payer_total"] += alteration
    plain = json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()
    nonce = signing.new_nonce(12)
    sealed = signing.encrypt(
        box.credentials.identity.apiv3_key, plain, nonce=nonce, associated_data=notice["kind"]
    )
    envelope = {
        "id": notice["id"],
        "create_time": clock.rfc3339(notice["created_at"]),
        "event_type": notice["event_type"],
        "resource_type": "encrypt-resource",
        "summary": notice["summary"],
        "resource": {
            "original_type": notice["kind"],
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": sealed,
            "associated_data": notice["kind"],
            "nonce": nonce,
        },
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def _post(url: str, body: bytes, headers: dict[str, str]) -> Row:
    began = time.monotonic()
    status, error = None, ""
    all_headers = headers | {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                url, data=body, headers=all_headers, timeout=ANSWER_SECONDS, allow_redirects=False
            )
            status = answer.status_code
            if status not in (200, 204):
                error = answer.text[:200]
    except requests.RequestException as problem:
        error = type(problem).__name__
    millis = round((time.monotonic() - began) * 1000)
    return {"at": clock.now(), "status": status, "error": error, "millis": millis}
