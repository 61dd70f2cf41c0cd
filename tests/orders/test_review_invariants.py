"""The watchman barks at what he is meant to see: each row is broken by hand, past every service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories.orders import paid

pytestmark = pytest.mark.django_db


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Without the triggers of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def barks() -> set[str]:
    """The numbers of the sentences that are broken."""
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_invariants", "--json", stdout=out)
    return {one["id"] for one in json.loads(out.getvalue())["invariants"] if one["rows"]}


def test_sentences_that_share_a_number_are_all_looked_at() -> None:
    order = paid()
    call_command("check_invariants", stdout=StringIO())
    sql("UPDATE orders_orderline SET shares = %s WHERE order_id = %s", '[{"amount": "1.00"}]', order.pk)
    assert barks() == {"OR2"}
