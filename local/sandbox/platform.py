"""Another platform (集市) that sells the shop's goods: it is told numbers, may be wrong, and reports sales.

It knows the shop by one code and secret, given through the control API, and speaks as the shop's
ARCHITECTURE says: an HMAC over `id.timestamp.body`.
"""

import hashlib
import hmac
import json
import re
import secrets
import time
from typing import Any

import requests

from local.sandbox import clock, faults
from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response
from local.sandbox.ledger import Row

PATH = "/platform/stock"
LIFETIME = 300.0


def answer(box: Box, request: Request) -> Response:
    """Takes numbers; of two about the same goods the higher version is believed."""
    hold = faults.take(box, "timeout_before", operation="platform")
    if hold is not None:
        return Response(hang_up_after=float(hold))
    if faults.take(box, "500_before", operation="platform") is not None:
        return json_response({"error": "platform_down"}, 500)
    wait = faults.take(box, "slow", operation="platform")
    if wait is not None:
        time.sleep(float(wait))
    if not _is_signed(box, request):
        return json_response({"error": "signature"}, 401)
    with box.ledger.transaction():
        for item in request.json()["items"]:
            box.ledger.write(
                "INSERT INTO platform_stock (code, quantity, version, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (code) DO UPDATE SET quantity = excluded.quantity,"
                " version = excluded.version, at = excluded.at WHERE excluded.version > version",
                str(item["code"]),
                int(item["quantity"]),
                int(item["version"]),
                clock.now(),
            )
    lost = faults.take(box, "timeout_after", operation="platform")
    return Response(hang_up_after=float(lost)) if lost is not None else json_response({"taken": True})


def _account(box: Box) -> Row | None:
    return box.ledger.row("SELECT * FROM platform_account")


def _is_signed(box: Box, request: Request) -> bool:
    account = _account(box)
    stamp = request.headers.get("x-weimall-timestamp", "")
    if not account or not stamp.isdigit() or abs(clock.now() - int(stamp)) > LIFETIME:
        return False
    name = request.headers.get("x-weimall-id", "")
    fits = _signature(account["secret"], name, stamp, request.body)
    return hmac.compare_digest(fits, request.headers.get("x-weimall-signature", ""))


def _signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{name}.{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def _open(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    with box.ledger.transaction():
        box.ledger.write("DELETE FROM platform_account")
        box.ledger.insert("platform_account", {"code": str(given["code"]), "secret": str(given["secret"])})
    return {"code": given["code"]}


def _stock(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    return box.ledger.rows("SELECT code, quantity, version FROM platform_stock ORDER BY code")


def _sell(box: Box, match: re.Match[str], request: Request) -> Row:
    """Sells what it believes to have and tells the shop; `spoil: signature` signs wrongly."""
    given = request.json()
    account = _account(box)
    if account is None:
        raise ValueError("the platform has no account yet")
    number = str(given.get("number") or secrets.token_hex(8))
    body = json.dumps({"number": number, "lines": given["lines"]}).encode()
    name, stamp = secrets.token_hex(8), str(int(clock.now() - float(given.get("age", 0))))
    secret = account["secret"] + ("x" if given.get("spoil") == "signature" else "")
    headers = {
        "Content-Type": "application/json",
        "X-Weimall-Id": name,
        "X-Weimall-Timestamp": stamp,
        "X-Weimall-Signature": _signature(secret, name, stamp, body),
    }
    shop = str(given.get("shop") or box.shop)
    found = requests.post(
        f"{shop}/notify/channels/{account['code']}/sales/", data=body, headers=headers, timeout=20
    )
    told: Any = found.json() if found.headers.get("Content-Type", "").startswith("application/json") else None
    return {"number": number, "status": found.status_code, "answer": told}


ROUTES = (
    ("POST", "/platform", _open),
    ("GET", "/platform/stock", _stock),
    ("POST", "/platform/sales", _sell),
)
