"""Instants as WeChat writes them. Inside the sandbox an instant is a float of Unix seconds."""

import time
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
DAY = 86_400.0


def now() -> float:
    return time.time()


def rfc3339(instant: float) -> str:
    """`2026-01-01T10:00:00+08:00`."""
    return datetime.fromtimestamp(instant, SHANGHAI).isoformat(timespec="seconds")


def parse(text: str) -> float:
    """Unix seconds of an RFC 3339 instant. Raises ValueError when it isn't one or names no offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return found.timestamp()


def bill_time(instant: float) -> str:
    """`2026-01-01 10:00:00` in Shanghai."""
    return datetime.fromtimestamp(instant, SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def short(instant: float | None) -> str:
    """`01-01 10:00:00` in Shanghai, or an empty string."""
    return datetime.fromtimestamp(instant, SHANGHAI).strftime("%m-%d %H:%M:%S") if instant else ""


def compact_day(instant: float) -> str:
    """`20260101` in Shanghai."""
    return datetime.fromtimestamp(instant, SHANGHAI).strftime("%Y%m%d")


def day_bounds(day: date) -> tuple[float, float]:
    """First instant of a Shanghai day and of the next one."""
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp()
    return start, start + DAY
