"""How shop and sales channels know each other: an HMAC over id, time and the raw body."""

import hashlib
import hmac

LIFETIME_SECONDS = 300


def sign(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """64 hex digits of HMAC-SHA256 over `id.timestamp.body`."""
    text = f"{message_id}.{timestamp}.".encode() + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def is_good(*, secret: str, message_id: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether the signature fits and is at most five minutes old (or early)."""
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > LIFETIME_SECONDS:
        return False
    fits = sign(secret=secret, message_id=message_id, timestamp=int(timestamp), body=body)
    return hmac.compare_digest(fits.encode(), signature.encode())
