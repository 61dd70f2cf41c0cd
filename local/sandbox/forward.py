"""Passing a request on to the shop: what a phone's own web view or app does on the person's behalf."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import urllib3

from local.sandbox.http import Request

SECONDS = urllib3.Timeout(connect=3, read=60)
# hop by hop, or ours to decide
HELD_BACK = {
    *("accept-encoding", "connection", "content-length", "cookie", "expect", "forwarded", "host"),
    *("keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding"),
    *("upgrade", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"),
}
DROPPED = {
    *("connection", "content-encoding", "content-length", "date", "keep-alive", "server", "set-cookie"),
    *("strict-transport-security", "trailer", "transfer-encoding", "upgrade"),
}
_pool = urllib3.PoolManager(num_pools=4, maxsize=16, retries=False)


@dataclass
class Answered:
    """The shop's answer; header names are as the shop wrote them, cookies apart."""

    status: int
    body: bytes
    headers: dict[str, str]
    cookies: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


class Unreachable(Exception):
    """The shop doesn't answer."""


def send(request: Request, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answered:
    """Send `request` to `url` with its own headers but for those named in `headers` (empty: left out).

    Redirects are not followed. Raises Unreachable.
    """
    given = {name: value for name, value in request.headers.items() if name not in HELD_BACK}
    given |= {name.lower(): value for name, value in headers.items()}
    given = {name: value for name, value in given.items() if value}
    given["accept-encoding"] = "gzip"
    try:
        answer = _pool.request(
            request.method,
            url,
            body=request.body if body is None else body,
            headers=given,
            redirect=False,
            timeout=SECONDS,
        )
    except urllib3.exceptions.HTTPError as problem:
        raise Unreachable(type(problem).__name__) from None
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in DROPPED}
    return Answered(answer.status, answer.data, kept, answer.headers.getlist("Set-Cookie"))
