"""Row locks in one order for the whole house: what gets scarcer, later; stock last."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet

from shop.core.transactions import require_transaction

M = TypeVar("M", bound=Model)


class Rank(IntEnum):
    ORDER = 10
    LINE = 20
    PAYMENT = 30
    REFUND = 40
    MARKETING = 50
    ACCOUNT = 60
    STOCK = 70


class LockOrderBroken(AssertionError):
    """Rows were locked against the order of ranks: two such transactions can deadlock."""


@dataclass
class _Held:
    """What the running transaction has locked; `scope` tells one transaction from the next."""

    scope: tuple[object, ...] = ()
    rank: int = 0
    table: str = ""
    keys: set[tuple[str, Any]] = field(default_factory=set)


def take(queryset: QuerySet[M], rank: Rank) -> list[M]:
    """Locks the rows (FOR NO KEY UPDATE) in key order and returns them in that order. Rows this transaction
    holds already may be taken again at any time."""
    require_transaction()
    rows = rows_locked(queryset)
    declare(rank, queryset.model._meta.db_table, [row.pk for row in rows])
    return rows


def declare(rank: Rank, table: str = "", keys: Iterable[Any] = ()) -> None:
    """Says that a conditional UPDATE is about to lock rows. With keys that are all held already, it asks for
    nothing."""
    require_transaction()
    keys = list(keys)
    if settings.TESTING and keys and {(table, key) for key in keys} <= _held().keys:
        return
    _check(rank, table)
    _remember(rank, table, keys)


def rows_locked(queryset: QuerySet[M]) -> list[M]:
    """The rows, locked in key order, outside the ranks: for one table alone."""
    return list(queryset.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _check(rank: Rank, table: str) -> None:
    """Ranks never fall; within a rank tables follow their names."""
    if not settings.TESTING:
        return
    held = _held()
    if (rank, table) < (held.rank, held.table) and table:
        raise LockOrderBroken(f"{table} ({rank.name}) after {held.table} ({Rank(held.rank).name})")
    if rank < held.rank:
        raise LockOrderBroken(f"{rank.name} after {Rank(held.rank).name}")


def _remember(rank: Rank, table: str, keys: Iterable[Any]) -> None:
    if settings.TESTING:
        held = _held()
        held.rank, held.table = rank, table or (held.table if held.rank == rank else "")
        held.keys.update((table, key) for key in keys)


def _held() -> _Held:
    """State of this connection's transaction. Django makes a new list of commit hooks for every transaction
    and a savepoint of its own for every block inside a test case's transaction; together they name the
    transaction."""
    wrapped = any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
    scope: tuple[object, ...] = (
        tuple(connection.savepoint_ids[:1]) if wrapped else (),
        connection.run_on_commit,
    )
    held: _Held | None = getattr(connection, "_shop_locks", None)
    if held is None or held.scope[0] != scope[0] or held.scope[1] is not scope[1]:
        held = _Held(scope)
        connection._shop_locks = held  # type: ignore[attr-defined]
    return held
