"""Facts on their way: `events.publish` wrote them with their cause; here they are delivered afterwards, once
for every handler.

`drain` may be called by anyone at any time, many at once. A delivery is claimed in a short transaction that
counts the attempt first; then the handler runs. Order is kept per (handler, key); a parked delivery holds
nobody up.
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from shop.core import clock, events
from shop.core.errors import in_words
from shop.core.failpoints import failpoint
from shop.core.models import OutboxDelivery
from shop.core.poking import poke
from shop.core.transactions import forbid_transaction, unit_of_work

log = structlog.get_logger(__name__)

PARK_AFTER = 12
FIRST_DELAY = 5
LONGEST_DELAY = 3600

# a claim that a crash of the database forgets is taken again, so it needn't wait for the disk
CLAIM = """
SET LOCAL synchronous_commit = off;
UPDATE core_outboxdelivery
SET attempts = attempts + 1, locked_until = clock_timestamp() + %(shift)s + %(lease)s
WHERE id = (
    SELECT d.id FROM core_outboxdelivery d
    WHERE d.done_at IS NULL AND d.parked_at IS NULL AND d.available_at <= clock_timestamp() + %(shift)s
      AND (d.locked_until IS NULL OR d.locked_until < clock_timestamp() + %(shift)s)
      AND (%(queues)s::text[] IS NULL OR d.queue = ANY(%(queues)s))
      AND (d.key = '' OR NOT EXISTS (
        SELECT 1 FROM core_outboxdelivery older
        WHERE older.handler = d.handler AND older.key = d.key AND older.id < d.id
          AND older.done_at IS NULL AND older.parked_at IS NULL))
    ORDER BY d.id FOR NO KEY UPDATE SKIP LOCKED LIMIT 1)
RETURNING id, attempts
"""


def drain(limit: int = 100, queues: Sequence[str] | None = None) -> int:
    """Works on up to `limit` due deliveries, of these queues or of all; returns how many were attempted."""
    count = 0
    while count < limit and (claimed := _claim(queues)):
        _deliver(*claimed)
        count += 1
    return count


def drain_all(*, strict: bool = True) -> int:
    """Drains until nothing is due. For tests: with `strict` the first failure of a handler is raised."""
    count = 0
    while claimed := _claim(None):
        problem = _deliver(*claimed)
        count += 1
        if problem is not None and strict:
            raise problem
    return count


@unit_of_work
def replay(delivery: OutboxDelivery) -> None:
    """Puts a parked delivery back into the line, as if it were new."""
    OutboxDelivery.objects.filter(pk=delivery.pk, done_at=None).update(
        parked_at=None, attempts=0, locked_until=None, available_at=clock.now()
    )
    delivery.refresh_from_db()
    poke([delivery.queue])


def _claim(queues: Sequence[str] | None) -> tuple[int, int] | None:
    lease = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    with transaction.atomic(), connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "shift": clock.offset(),
            "lease": lease,
            "queues": list(queues or []) or None,
        }
        cursor.execute(CLAIM, parameters)
        row: tuple[int, int] | None = cursor.fetchone()
    return row


def _deliver(pk: int, attempt: int) -> Exception | None:
    """Runs the handler of a claimed delivery; returns what went wrong. `attempt` proves that the claim is
    still ours."""
    row = OutboxDelivery.objects.select_related("event").get(pk=pk)
    handler = events.handler(row.handler)
    with structlog.contextvars.bound_contextvars(
        request_id=row.event.request_id, handler=row.handler, delivery=pk
    ):
        try:
            if handler is None:
                raise LookupError(f"no handler {row.handler}")
            event = events.revive(row.event.topic, row.event.payload)
            failpoint("outbox_claimed")
            if handler.outside:
                forbid_transaction()
                handler.fn(event)
                failpoint("outbox_acted")
                _mark_done(pk, attempt)
            else:
                _act_and_mark(handler, event, pk, attempt)
        except Exception as problem:
            log.warning("delivery_failed", attempt=attempt, exc_info=True)
            _note_failure(pk, attempt, problem)
            return problem
    return None


@unit_of_work
def _act_and_mark(handler: events.Handler, event: events.Event, pk: int, attempt: int) -> None:
    """Done-mark first: its row lock keeps every other drainer away until the effect commits with it."""
    if _mark_done(pk, attempt):
        handler.fn(event)
        failpoint("outbox_acted")


def _mark_done(pk: int, attempt: int) -> int:
    rows = OutboxDelivery.objects.filter(pk=pk, attempts=attempt, done_at=None)
    return rows.update(done_at=clock.page_now(), locked_until=None, last_error="")


def _note_failure(pk: int, attempt: int, problem: Exception) -> None:
    delay = min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY) * random.uniform(0.9, 1.1)  # noqa: S311
    now = clock.now()
    if attempt >= PARK_AFTER:
        log.error("delivery_parked", error=type(problem).__name__)
    OutboxDelivery.objects.filter(pk=pk, attempts=attempt, done_at=None).update(
        locked_until=None,
        available_at=now + timedelta(seconds=delay),
        parked_at=now if attempt >= PARK_AFTER else None,
        last_error=in_words(problem)[:500],
    )
