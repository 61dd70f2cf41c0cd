"""Aliyun's request signature V3 (ACS3-HMAC-SHA256), verified as its gateway does."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlsplit

from local.sandbox import clock
from local.sandbox.http import Request

SCHEME = "ACS3-HMAC-SHA256"
WINDOW = 900.0
HEADER = re.compile(rf"{SCHEME} Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]{{64}})")
MUST_SIGN = ("host", "x-acs-")


class AcsError(Exception):
    """A refusal of Aliyun's gateway: HTTP status, code, message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def check(request: Request, *, key_id: str, secret: str) -> str:
    """Verify the signature; the nonce, so that the caller can refuse its second use. Raises AcsError."""
    found = HEADER.fullmatch(request.headers.get("authorization", ""))
    if not found:
        raise AcsError(400, "MissingAuthorization", "Authorization is missing or malformed.")
    given_key, names, given = found.groups()
    if given_key != key_id:
        raise AcsError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    signed = names.split(";")
    for name in request.headers:
        if name.startswith(MUST_SIGN) and name not in signed:
            raise AcsError(400, "SignatureDoesNotMatch", f"The header {name} must be signed.")
    if request.headers.get("x-acs-content-sha256") != hashlib.sha256(request.body).hexdigest():
        raise AcsError(400, "InvalidContentSha256", "x-acs-content-sha256 does not match the body.")
    _check_date(request.headers.get("x-acs-date", ""))
    wanted = signature(request.method, request.target, request.headers, signed, secret)
    if not hmac.compare_digest(wanted, given):
        raise AcsError(400, "SignatureDoesNotMatch", "Specified signature does not match our calculation.")
    nonce = request.headers.get("x-acs-signature-nonce", "")
    if not nonce:
        raise AcsError(400, "MissingSignatureNonce", "x-acs-signature-nonce is missing.")
    return nonce


def signature(method: str, target: str, headers: Mapping[str, str], signed: list[str], secret: str) -> str:
    """Lower-case hex of the signature over these headers, which must hold `x-acs-content-sha256`."""
    parts = urlsplit(target)
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    query = "&".join(f"{_escape(name)}={_escape(value)}" for name, value in pairs)
    lines = "".join(f"{name}:{headers.get(name, '').strip()}\n" for name in sorted(signed))
    names, digest = ";".join(sorted(signed)), headers.get("x-acs-content-sha256", "")
    canonical = "\n".join((method, parts.path or "/", query, lines, names, digest))
    message = f"{SCHEME}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def _escape(text: str) -> str:
    return quote(text, safe="-_.~")


def _check_date(text: str) -> None:
    try:
        sent = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise AcsError(
            400, "InvalidTimeStamp.Format", "x-acs-date must be like 2026-01-01T12:00:00Z."
        ) from None
    if abs(clock.now() - sent) > WINDOW:
        raise AcsError(400, "InvalidTimeStamp.Expired", "Specified time stamp is expired.")
