"""Who of the staff did what. No personal data inside: digests of before and after, and which values moved."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import structlog
from django.db.models import Choices

from shop.core import crypto
from shop.core.models import AuditEntry, AuditSeal
from shop.core.transactions import unit_of_work

FIRST_LINK = "0" * 64
LATE_COMMITS = 10_000
HIDDEN = "…"


def record(
    *,
    actor: str,
    verb: str,
    target: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    ip: str = "",
) -> AuditEntry:
    """Writes an entry in the running transaction, with digests of both states and the changed values that
    can't be personal (numbers, yes and no, dates, terms); of a text only the fact that it changed is kept."""
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        target=target[:120],
        before_digest=_digest(before),
        after_digest=_digest(after),
        changes=_changes(before or {}, after or {}),
        reason=reason[:200],
        ip=ip,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
    )


@unit_of_work
def seal(limit: int = 5000) -> int:
    """Adds the entries without a seal to the chain; returns how many. One caller at a time (its beat job sees
    to it)."""
    last = AuditSeal.objects.order_by("-id").values_list("digest", "entry_id").first()
    digest, entry_id = last or (FIRST_LINK, 0)
    waiting = AuditEntry.objects.filter(seal=None, id__gt=entry_id - LATE_COMMITS).order_by("id")[:limit]
    seals = []
    for entry in waiting:
        digest = _link(digest, entry)
        seals.append(AuditSeal(entry=entry, digest=digest))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def verify() -> list[str]:
    """Walks the chain; returns what is wrong with it, at most the first broken link and missing entries."""
    digest = FIRST_LINK
    for link in AuditSeal.objects.order_by("id").select_related("entry").iterator():
        digest = _link(digest, link.entry)
        if digest != link.digest:
            return [f"seal {link.pk}: entry {link.entry_id} or a link before it was changed"]
    return list(_too_old_without_seal())


def _too_old_without_seal() -> Iterator[str]:
    newest = AuditSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    for pk in AuditEntry.objects.filter(seal=None, id__lt=newest - LATE_COMMITS).values_list("id", flat=True)[
        :10
    ]:
        yield f"entry {pk} was never sealed"


def _link(before: str, entry: AuditEntry) -> str:
    facts = [
        entry.pk,
        entry.created_at.isoformat(),
        entry.actor,
        entry.verb,
        entry.target,
        entry.before_digest,
        entry.after_digest,
        entry.changes,
        entry.reason,
        entry.ip,
        entry.request_id,
    ]
    return crypto.keyed_hash(before + json.dumps(facts, sort_keys=True, ensure_ascii=False), "audit")


def _digest(state: dict[str, Any] | None) -> str:
    if state is None:
        return ""
    text = json.dumps(state, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    names = sorted(before.keys() | after.keys())
    return {
        name: [_safe(before.get(name)), _safe(after.get(name))]
        for name in names
        if before.get(name) != after.get(name)
    }


def _safe(value: Any) -> Any:
    if isinstance(value, Choices):
        return value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal | date):
        return str(value)
    return HIDDEN
