"""Reads what people type or an address carries; never raises for nonsense."""

import re
import unicodedata
from datetime import datetime

WHOLE = re.compile(r"[+-]?\d{1,9}")
PHONE_BROWSER = re.compile(r"Android|iPhone|iPod|Windows Phone|HarmonyOS|Mobile", re.IGNORECASE)


def typed_number(text: str | None) -> int | str:
    """A whole number, full-width digits too; anything else comes back as it is, for a service to refuse."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    return int(plain) if WHOLE.fullmatch(plain) and plain.isascii() else (text or "")


def whole(text: str | None, otherwise: int) -> int:
    """A whole number above nought, or `otherwise`."""
    number = typed_number(text)
    return number if isinstance(number, int) and number > 0 else otherwise


def whole_or_none(text: str | None) -> int | None:
    """A whole number above nought, or None."""
    return whole(text, otherwise=0) or None


def slot(text: str | None) -> tuple[datetime, datetime] | tuple[None, None]:
    """Two ISO instants with their zones, written `start/end`."""
    try:
        start, end = (datetime.fromisoformat(part) for part in (text or "").split("/"))
    except ValueError:
        return None, None
    return (start, end) if start.tzinfo and end.tzinfo else (None, None)


def is_phone(user_agent: str) -> bool:
    """Whether a browser is a phone's own, which opens WeChat; WeChat's own browser scans the code."""
    return bool(PHONE_BROWSER.search(user_agent)) and "MicroMessenger" not in user_agent
