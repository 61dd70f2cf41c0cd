"""What beat jobs do with the rows that are due: each by itself."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from shop.core.errors import Refusal

log = structlog.get_logger(__name__)

K = TypeVar("K")

PATIENCE_SECONDS = 30


def each(
    keys: Iterable[K],
    work: Callable[[K], object],
    *,
    put_off: Callable[[K, Exception], object] | None = None,
    seconds: float = PATIENCE_SECONDS,
) -> int:
    """Calls `work` for every key; answers for how many it went well.

    One that fails holds nobody else up: it is logged and `put_off`, so that it isn't the first again at the
    next run. After so many seconds (a gateway may be slow) the rest waits for that next run.
    """
    done, started = 0, time.monotonic()
    for key in keys:
        if time.monotonic() - started > seconds:
            break
        try:
            work(key)
            done += 1
        except SoftTimeLimitExceeded:
            raise
        except Exception as problem:
            if isinstance(problem, Refusal):
                log.info("scan_refused", work=work.__qualname__, key=key, refusal=problem.code)
            else:
                log.exception("scan_failed", work=work.__qualname__, key=key)
            if put_off is not None:
                put_off(key, problem)
    return done
