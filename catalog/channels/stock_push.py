"""Telling another platform how much there is: one signed POST of absolute numbers with versions."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from catalog.channels.signing import sign

TIMEOUT_SECONDS = (2.0, 5.0)


@dataclass(frozen=True)
class Item:
    """So many pieces of a SKU may be sold; a receiver that knows a higher version ignores it."""

    code: str
    quantity: int
    version: int


@dataclass(frozen=True)
class Answer:
    """Whether the platform took it; else why not, for people."""

    is_done: bool
    error: str = ""


def may_be_called(endpoint: str, hosts: str) -> bool:
    """Only http(s) addresses whose `host[:port]` is named in `hosts` (by commas), without credentials."""
    allowed = {host.strip().lower() for host in hosts.split(",") if host.strip()}
    parts = urlsplit(endpoint)
    return parts.scheme in ("http", "https") and parts.netloc.lower() in allowed


def tell(*, endpoint: str, secret: str, message_id: str, items: Sequence[Item], hosts: str) -> Answer:
    """Send the numbers. Anything but a 2xx answer, silence included, is no success; nothing is followed."""
    if not may_be_called(endpoint, hosts):
        return Answer(False, "host not allowed")
    body = json.dumps(
        {"items": [{"code": one.code, "quantity": one.quantity, "version": one.version} for one in items]},
        separators=(",", ":"),
    ).encode()
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "X-Weimall-Id": message_id,
        "X-Weimall-Timestamp": str(timestamp),
        "X-Weimall-Signature": sign(secret=secret, message_id=message_id, timestamp=timestamp, body=body),
    }
    try:
        answer = requests.post(
            endpoint, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as problem:
        return Answer(False, type(problem).__name__)
    return Answer(True) if 200 <= answer.status_code < 300 else Answer(False, f"HTTP {answer.status_code}")
