"""Sentences that must always be true, each with a query that must return no row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Row = Sequence[Any]


@dataclass(frozen=True)
class Invariant:
    """`check` is SQL that selects what breaks the statement, or a function that returns such rows.
    `is_slow` ones are left out of a fast check."""

    id: str
    statement: str
    check: str | Callable[[], Iterable[Row]]
    is_slow: bool = False

    def broken(self, limit: int = 100) -> list[Row]:
        """The rows that break it, at most `limit`; empty when all is well."""
        if callable(self.check):
            return list(self.check())[:limit]
        with connection.cursor() as cursor:
            cursor.execute(self.check)
            return [tuple(row) for row in cursor.fetchmany(limit)]
