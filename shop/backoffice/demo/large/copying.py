"""Copying the rows of a table many times over, every key moved along, so that copies fit each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models
from psycopg2 import sql

Group = Literal["members", "goods", "orders"]
STEP = 250  # copies a statement
FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.copied(digits text, copy bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    body text := left(digits, -12) || lpad(
        ((substr(digits, length(digits) - 11, 11)::bigint + copy * 29000003) % 100000000000)::text, 11, '0');
    product int := 10;
    total int;
BEGIN
    FOR place IN 1..length(body) LOOP
        total := (product + substr(body, place, 1)::int) % 10;
        IF total = 0 THEN total := 10; END IF;
        product := total * 2 % 11;
    END LOOP;
    RETURN body || ((11 - product) % 10);
END $$;
CREATE OR REPLACE FUNCTION pg_temp.copied_reference(reference text, copy bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN reference ~ '^[a-z]+:[0-9]{18}$'
        THEN split_part(reference, ':', 1) || ':' || pg_temp.copied(split_part(reference, ':', 2), copy)
        ELSE reference END
$$;
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """How one table is copied. `origin` and `keep` are SQL beside the row `t` and the number of the copy
    `k`; `values` says what columns become that are more than moved along."""

    model: type[models.Model]
    group: Group
    origin: str = ""
    keep: str = "true"
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """All copies; `counts` says how many of each group, `goods` is the copy of the goods an order buys."""

    copies: tuple[Copy, ...]
    counts: Mapping[Group, int]

    def run(self, cursor: Any) -> Iterable[tuple[str, int]]:
        """Makes the copies; yields the table and how many rows it got. Triggers are off."""
        cursor.execute(FUNCTIONS)
        strides = {copy.model: _stride(cursor, copy.model) for copy in self.copies}
        for copy in self.copies:
            indexes = _without_indexes(cursor, copy.model)
            made = 0
            for first in range(1, self.counts[copy.group] + 1, STEP):
                until = min(first + STEP - 1, self.counts[copy.group])
                cursor.execute(self._statement(copy, strides), [first, until, strides[copy.model] - 1])
                made += cursor.rowcount
            for definition in indexes:
                cursor.execute(definition)
            _move_sequence(cursor, copy.model)
            yield copy.model._meta.db_table, made

    def _statement(self, copy: Copy, strides: Mapping[type[models.Model], int]) -> sql.Composable:
        columns = [f for f in copy.model._meta.local_concrete_fields if not f.generated]
        return sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t {origin}"
            " CROSS JOIN generate_series({first}, {until}) k"
            " CROSS JOIN LATERAL (SELECT {goods} AS goods) chosen WHERE t.{key} <= {last} AND {keep}"
        ).format(
            table=sql.Identifier(copy.model._meta.db_table),
            columns=sql.SQL(", ").join(sql.Identifier(column.column) for column in columns),
            values=sql.SQL(", ").join(self._value(copy, column, strides) for column in columns),
            origin=sql.SQL(copy.origin),
            goods=sql.SQL("k" if copy.group == "goods" else f"mod(k - 1, {self.counts['goods']}) + 1"),
            key=sql.Identifier(copy.model._meta.pk.column),
            keep=sql.SQL(copy.keep),
            last=sql.Placeholder(),
            first=sql.Placeholder(),
            until=sql.Placeholder(),
        )

    def _value(self, copy: Copy, column: Any, strides: Mapping[type[models.Model], int]) -> sql.Composable:
        if column.column in copy.values:
            return sql.SQL(copy.values[column.column])
        here = sql.SQL("t.") + sql.Identifier(column.column)
        if column.remote_field and (target := column.remote_field.model) in strides:
            number = sql.SQL("chosen.goods" if self._group(target) == "goods" else "k")
            return here + sql.SQL(" + ") + number + sql.SQL(f" * {strides[target]}")
        if column.primary_key and not column.remote_field:
            return here + sql.SQL(f" + k * {strides[copy.model]}")
        if isinstance(column, models.DateTimeField):
            return here + sql.SQL(" - mod(k, 5400) * interval '1 second'")
        return here

    def _group(self, model: type[models.Model]) -> Group:
        return next(copy.group for copy in self.copies if copy.model is model)


def _stride(cursor: Any, model: type[models.Model]) -> int:
    table, key = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    cursor.execute(sql.SQL("SELECT coalesce(max({}), 0) + 1 FROM {}").format(key, table))
    return int(cursor.fetchone()[0])


def _without_indexes(cursor: Any, model: type[models.Model]) -> list[str]:
    """Drops the indexes that hold no promise; the statements that make them again."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisunique",
        [model._meta.db_table],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    return [definition for _, definition in found]


def _move_sequence(cursor: Any, model: type[models.Model]) -> None:
    if isinstance(model._meta.pk, models.AutoField):
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max({}) FROM {}))").format(
                sql.Identifier(key), sql.Identifier(table)
            ),
            [table, key],
        )
