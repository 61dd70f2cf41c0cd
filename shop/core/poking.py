"""The fast path to a worker: a message that says nothing but "drain"."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError

log = structlog.get_logger(__name__)

BREAKER_SECONDS = 10

_broker_away_until = 0.0


def poke(queues: Iterable[str] = ("default",)) -> None:
    """Asks the workers of these queues to drain once the running transaction has committed, each queue once a
    transaction. Never waits for the broker."""
    if not settings.OUTBOX_POKES:
        return
    waiting = {getattr(hook[1], "queue", "") for hook in connection.run_on_commit}
    for queue in {*queues} - waiting:
        transaction.on_commit(SendDrain(queue))


@dataclass(frozen=True)
class SendDrain:
    """The message, sent when called."""

    queue: str

    def __call__(self) -> None:
        global _broker_away_until
        if time.monotonic() < _broker_away_until:
            return
        try:
            current_app.send_task(
                "core.drain", kwargs={"queue": self.queue}, queue=self.queue, retry=False, expires=60
            )
        except (BrokerError, OSError) as problem:
            _broker_away_until = time.monotonic() + BREAKER_SECONDS
            log.warning("broker_away", error=type(problem).__name__)
