"""How long growing tables keep their rows. Other apps add their own rules with `keep`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from shop.core import clock
from shop.core.models import IdempotencyKey, OutboxDelivery, OutboxEvent

BATCH = 2000

Spent = Callable[[datetime], QuerySet[Any]]

_rules: dict[str, tuple[timedelta, Spent]] = {}


def keep(name: str, age: timedelta, spent: Spent) -> None:
    """Declares that rows `spent(before)` selects may go when older than `age`."""
    _rules[name] = (age, spent)


def clean_up() -> dict[str, int]:
    """Deletes what is old, in small batches; returns the number of rows by rule."""
    now = clock.now()
    return {name: _delete(spent(now - age)) for name, (age, spent) in _rules.items()}


def rules() -> dict[str, timedelta]:
    return {name: age for name, (age, _) in _rules.items()}


def _delete(rows: QuerySet[Any]) -> int:
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model._base_manager.filter(pk__in=keys).delete()
        count += len(keys)
    return count


def _delivered(before: datetime) -> QuerySet[OutboxEvent]:
    waiting = OutboxDelivery.objects.filter(event=OuterRef("pk"), done_at=None)
    return OutboxEvent.objects.filter(created_at__lt=before).exclude(Exists(waiting))


keep("outbox", timedelta(days=14), _delivered)
keep("idempotency", timedelta(hours=72), lambda before: IdempotencyKey.objects.filter(created_at__lt=before))
