"""Aliyun SendSms (2017-05-25), signed with ACS3-HMAC-SHA256."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import requests

from members.channels.base import Ok, Outcome, Rejected, Unknown

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2017-05-25"
TIMEOUT = (3, 10)
TRANSIENT = {"ServiceUnavailable", "InternalError", "isp.SYSTEM_ERROR", "Throttling", "Throttling.User"}


@dataclass(frozen=True, slots=True)
class AliyunSms:
    base_url: str
    key_id: str
    key_secret: str
    sign_name: str

    def send(self, *, phone: str, template: str, parameters: Mapping[str, str], out_id: str) -> Outcome:
        query = {
            "PhoneNumbers": phone,
            "SignName": self.sign_name,
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(parameters), ensure_ascii=False, separators=(",", ":")),
            "OutId": out_id,
        }
        headers = sign(
            host=urlsplit(self.base_url).netloc,
            action="SendSms",
            version=VERSION,
            query=query,
            key_id=self.key_id,
            key_secret=self.key_secret,
            nonce=secrets.token_hex(16),
            date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        url = f"{self.base_url.rstrip('/')}/?{canonical_query(query)}"
        try:
            answer = requests.post(url, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as problem:
            return Unknown(type(problem).__name__)
        return read_answer(answer.status_code, answer.content)


def read_answer(status: int, body: bytes) -> Outcome:
    """OK only for an explicit OK with a receipt; 5xx, throttling and garbage leave the outcome open."""
    try:
        answer = json.loads(body)
        code = str(answer["Code"])
    except (ValueError, KeyError, TypeError):
        return Unknown(f"unreadable answer, status {status}")
    if status >= 500 or code in TRANSIENT:
        return Unknown(code)
    if code == "OK" and status == 200 and answer.get("BizId"):
        return Ok(str(answer["BizId"]))
    return Rejected(code, str(answer.get("Message", ""))) if code != "OK" else Unknown("OK without receipt")


def sign(
    *,
    host: str,
    action: str,
    version: str,
    query: Mapping[str, str],
    key_id: str,
    key_secret: str,
    nonce: str,
    date: str,
    method: str = "POST",
    body: bytes = b"",
) -> dict[str, str]:
    """The headers of a signed request; `date` is UTC like 2023-10-26T10:22:32Z."""
    body_hash = hashlib.sha256(body).hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": body_hash,
        "x-acs-date": date,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    signed = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = "\n".join([method, "/", canonical_query(query), lines, signed, body_hash])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"
    return headers


def canonical_query(query: Mapping[str, str]) -> str:
    return "&".join(f"{_escape(name)}={_escape(query[name])}" for name in sorted(query))


def _escape(text: str) -> str:
    return quote(text, safe="~")
