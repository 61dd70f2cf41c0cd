"""The fast path to a worker: a message that says nothing but "drain"."""

import time

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError

log = structlog.get_logger(__name__)

BREAKER_SECONDS = 10

_broker_away_until = 0.0


def poke() -> None:
    """Asks a worker to drain once the running transaction has committed. Never waits for the broker."""
    if settings.OUTBOX_POKES and all(hook[1] is not _send_drain for hook in connection.run_on_commit):
        transaction.on_commit(_send_drain)


def _send_drain() -> None:
    global _broker_away_until
    if time.monotonic() < _broker_away_until:
        return
    try:
        for queue in ("critical", "default", "notify"):
            current_app.send_task("core.drain", kwargs={"queue": queue}, queue=queue, retry=False, expires=60)
    except (BrokerError, OSError) as problem:
        _broker_away_until = time.monotonic() + BREAKER_SECONDS
        log.warning("broker_away", error=type(problem).__name__)
