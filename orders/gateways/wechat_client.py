"""One signed HTTP exchange with WeChat Pay API v3, classified as done, refused or unknown."""

import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from orders.gateways.base import Exchange, Rejected, Unknown
from orders.gateways.wechat_signing import Keys, Untrusted, authorization, verify

CONNECT_SECONDS = 3
LOGGED_CHARACTERS = 8000


@dataclass(frozen=True, slots=True)
class Answer:
    """A trusted 2xx answer; `data` is empty for 204."""

    data: dict[str, object]
    content: bytes
    exchange: Exchange


@dataclass(frozen=True)
class WechatPayClient:
    base_url: str
    keys: Keys

    def call(
        self,
        method: str,
        path: str,
        payload: dict[str, object] | None = None,
        *,
        read_seconds: int = 10,
        is_signed_answer: bool = True,
    ) -> Answer | Rejected | Unknown:
        """Send one request. Never raises for what the network or the vendor does: that is Unknown or
        Rejected."""
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")) if payload is not None else ""
        asked = f"{method} {path}\n{body}"[:LOGGED_CHARACTERS]
        headers = {
            "Authorization": authorization(self.keys, method=method, path=path, body=body),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "weimall",
            "Wechatpay-Serial": self.keys.public_key_id,
        }
        try:
            response = requests.request(
                method,
                self.base_url.rstrip("/") + path,
                data=body.encode() or None,
                headers=headers,
                timeout=(CONNECT_SECONDS, read_seconds),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return Unknown(type(error).__name__, Exchange(asked, None, str(error)[:500]))
        return self._classify(response, asked, is_signed_answer=is_signed_answer)

    def _classify(
        self, response: requests.Response, asked: str, *, is_signed_answer: bool
    ) -> Answer | Rejected | Unknown:
        content = response.content
        exchange = Exchange(asked, response.status_code, content[:LOGGED_CHARACTERS].decode(errors="replace"))
        status = response.status_code
        if status >= 500 or status == 429 or 300 <= status < 400:
            return Unknown(f"HTTP {status}", exchange)
        is_success = 200 <= status < 300
        if is_signed_answer and (is_success or "Wechatpay-Signature" in response.headers):
            try:
                verify(self.keys, headers=response.headers, body=content, now=time.time())
            except Untrusted as error:
                return Unknown(str(error), exchange)
        if is_success and not is_signed_answer:
            return Answer({}, content, exchange)
        try:
            data = json.loads(content) if content else {}
        except ValueError:
            return Unknown("answer is not JSON", exchange)
        if not isinstance(data, dict):
            return Unknown("answer is not an object", exchange)
        if is_success:
            return Answer(data, content, exchange)
        code = str(data.get("code", "")).replace("_", "").upper()
        if not code or code == "SYSTEMERROR":
            return Unknown(code or f"HTTP {status}", exchange)
        return Rejected(code, str(data.get("message", ""))[:200], exchange)


def path_of(url: str) -> str:
    """Path with query of a URL the vendor gave us, to be fetched from the configured host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
