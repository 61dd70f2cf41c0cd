"""Periodic work: one at a time in the whole house, with a heartbeat row."""

import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from celery import shared_task
from django.db import connection

from shop.core import clock
from shop.core.errors import in_words
from shop.core.models import JobRun

log = structlog.get_logger(__name__)

LOCK_CLASS = 0x5E11


def task(name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A Celery task with a name of its own; the only door of ours to Celery's decorator."""

    def register(fn: Callable[..., Any]) -> Any:
        return shared_task(name=name, **options)(fn)

    return register


def beat_job(name: str) -> Callable[[Callable[[], Any]], Any]:
    """A Celery task that beat starts. While one runs, another start of it returns at once; success and
    failure leave their mark in JobRun. The work must be "scan what is due", so that a missed or doubled start
    is harmless."""

    def register(fn: Callable[[], Any]) -> Any:
        @wraps(fn)
        def run() -> Any:
            if not _lock(name):
                return None
            try:
                return _watched(name, fn)
            finally:
                _unlock(name)

        return task(name)(run)

    return register


def _watched(name: str, fn: Callable[[], Any]) -> Any:
    started = clock.now()
    JobRun.objects.update_or_create(name=name, defaults={"started_at": started, "finished_at": None})
    mine = JobRun.objects.filter(name=name)
    try:
        result = fn()
    except Exception as problem:
        mine.update(finished_at=clock.now(), is_ok=False, error=in_words(problem)[:300])
        raise
    finished = clock.now()
    mine.update(finished_at=finished, succeeded_at=finished, is_ok=True, error="")
    return result


def _lock(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, _number(name)])
        return bool(cursor.fetchone()[0])


def _unlock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, _number(name)])


def _number(name: str) -> int:
    return zlib.crc32(name.encode()) - 2**31
