"""The sandbox's own book: one SQLite file, one connection, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SCHEMA = Path(__file__).with_name("schema.sql")
# What a reset keeps: the pace chosen for the sandbox, and tokens, which the shop has in its cache.
KEPT = {"setting", "weixin_token"}


class Ledger:
    """Thread-safe. `transaction()` nests: the outermost one commits, an exception rolls all of it back."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(SCHEMA.read_text(encoding="utf-8"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._depth == 0:
                self._database.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._database.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._database.execute("COMMIT")

    def rows(self, statement: str, *parameters: Any) -> list[Row]:
        with self._lock:
            return [dict(row) for row in self._database.execute(statement, parameters)]

    def row(self, statement: str, *parameters: Any) -> Row | None:
        found = self.rows(statement, *parameters)
        return found[0] if found else None

    def only(self, statement: str, *parameters: Any) -> Row:
        """The first row of a statement that always has one."""
        return self.rows(statement, *parameters)[0]

    def value(self, statement: str, *parameters: Any) -> Any:
        """The first column of the first row, or None."""
        found = self.row(statement, *parameters)
        return next(iter(found.values())) if found else None

    def write(self, statement: str, *parameters: Any) -> int:
        """Run one writing statement; the number of rows it touched."""
        with self.transaction():
            return self._database.execute(statement, parameters).rowcount

    def insert(self, table: str, row: Row) -> int:
        """Insert a row; its rowid."""
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        with self.transaction():
            cursor = self._database.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names are ours
                tuple(row.values()),
            )
            return cursor.lastrowid or 0

    def wipe(self) -> None:
        """Forget everything but what is kept."""
        with self.transaction():
            for row in self.rows(
                "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
            ):
                if row["name"] not in KEPT:
                    self._database.execute(f"DELETE FROM {row['name']}")  # noqa: S608 - a name of ours

    def close(self) -> None:
        with self._lock:
            self._database.close()
