"""One effect a key: the same request sent again gets the same answer.

Refusals store nothing: a refused request may be sent again with the same key.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import OperationalError, connection

from shop.core import clock
from shop.core.errors import InProgress, KeyReused
from shop.core.models import IdempotencyKey
from shop.core.transactions import sqlstate, unit_of_work

T = TypeVar("T")

PHASED_LEASE = timedelta(seconds=90)
LOCK_TIMEOUT = "55P03"


def fingerprint(obj: Any) -> str:
    """64 hex digits of a JSON-like value; the order of names in it is irrelevant."""
    text = json.dumps(obj, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@unit_of_work
def run(
    *,
    scope: str,
    key: str,
    fingerprint: str,
    action: Callable[[], T],
    dump: Callable[[T], Any],
    load: Callable[[Any], T],
) -> tuple[T, bool]:
    """Runs `action` and stores its dumped answer in one transaction, or loads the answer stored before.

    Returns (answer, whether it is fresh). Raises KeyReused when the key came with another fingerprint,
    InProgress when the same request is still running elsewhere after the lock timeout.
    """
    if not _insert(scope, key, fingerprint, until=None):
        return load(_stored(scope, key, fingerprint)), False
    answer = action()
    IdempotencyKey.objects.filter(scope=scope, key=key).update(answer={"value": dump(answer)})
    return answer, True


def run_phased(
    *,
    scope: str,
    key: str,
    fingerprint: str,
    action: Callable[[], T],
    dump: Callable[[T], Any],
    load: Callable[[Any], T],
) -> tuple[T, bool]:
    """As `run`, for an action of several transactions with calls to the world outside between them.

    The key is taken first and given back when the action raises. After a crash it frees itself in 90 s, so
    the action must itself be harmless when repeated (it goes on with the number it stored).
    """
    if not _take(scope, key, fingerprint):
        return load(_stored(scope, key, fingerprint)), False
    mine = IdempotencyKey.objects.filter(scope=scope, key=key)
    try:
        answer = action()
    except BaseException:
        mine.delete()
        raise
    mine.update(answer={"value": dump(answer)}, locked_until=None)
    return answer, True


@unit_of_work
def _take(scope: str, key: str, fingerprint: str) -> bool:
    now = clock.now()
    if _insert(scope, key, fingerprint, until=now + PHASED_LEASE):
        return True
    left_behind = IdempotencyKey.objects.filter(
        scope=scope, key=key, fingerprint=fingerprint, answer__isnull=True, locked_until__lt=now
    )
    return bool(left_behind.update(locked_until=now + PHASED_LEASE))


def _insert(scope: str, key: str, fingerprint: str, *, until: Any) -> bool:
    """Whether the key was free. Waits for another transaction that is inserting it right now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_idempotencykey (scope, key, fingerprint, locked_until, created_at)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (scope, key) DO NOTHING",
                [scope, key, fingerprint, until, clock.page_now()],
            )
            return bool(cursor.rowcount)
    except OperationalError as problem:
        if sqlstate(problem) == LOCK_TIMEOUT:
            raise InProgress() from problem
        raise


def _stored(scope: str, key: str, fingerprint: str) -> Any:
    row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if row is None:
        raise InProgress()
    if row.fingerprint != fingerprint:
        raise KeyReused()
    if row.answer is None:
        raise InProgress()
    return row.answer["value"]
