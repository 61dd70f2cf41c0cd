"""The one clock: database time plus a test or demo offset. Stored in UTC, counted in Shanghai days."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

SHANGHAI = ZoneInfo("Asia/Shanghai")

_shift = timedelta()
_measured = timedelta()


def offset() -> timedelta:
    """What is added to database time: CLOCK_OFFSET_SECONDS and what `shifted` adds."""
    return timedelta(seconds=settings.CLOCK_OFFSET_SECONDS) + _shift


def now() -> datetime:
    """Database time, aware, UTC; one query. Read it once in a unit of work that decides about money, stock or
    limits."""
    global _measured
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0].astimezone(UTC)
    _measured = moment - _host_time()
    return moment + offset()


def page_now() -> datetime:
    """As `now`, without a query: this host's clock corrected by what the last `now` measured. For pages and
    stamps."""
    return _host_time() + _measured + offset()


def today() -> date:
    """The business day, Asia/Shanghai."""
    return business_day(now())


def business_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of the business day and of the next one, UTC."""
    start = datetime.combine(day, time_of_day(), SHANGHAI)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Moves the clock of this whole process, threads included. For tests and the demo's history; nests."""
    global _shift
    before = _shift
    _shift = before + by
    try:
        yield
    finally:
        _shift = before


def _host_time() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
