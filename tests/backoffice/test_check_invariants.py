"""`manage.py check_invariants`: quiet on a sound database, loud and non-zero on a broken promise."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from orders.models import Order
from shop.backoffice.invariants import every_invariant
from tests.backoffice.lived_in import live

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def run(*options: str) -> str:
    out = StringIO()
    call_command("check_invariants", *options, stdout=out)
    return out.getvalue()


def failed(*options: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="break an invariant"):
        call_command("check_invariants", *options, stdout=out)
    return out.getvalue()


def test_a_shop_that_lived_breaks_nothing() -> None:
    live()
    assert "0 rows" in run()
    found = json.loads(run("--json"))
    assert found["broken"] == 0
    assert found["checked"] == len(every_invariant()) == len(found["invariants"])
    assert {"id", "statement", "rows"} == set(found["invariants"][0])


def test_an_order_whose_money_is_wrong_is_found() -> None:
    live()
    order = Order.objects.filter(status="completed").earliest("pk")
    Order.objects.filter(pk=order.pk).update(paid_amount=order.paid_amount + 1)
    words = failed()
    assert "OR5" in words
    assert order.number in words
    broken = [one for one in json.loads(failed("--json"))["invariants"] if one["rows"]]
    assert [(one["id"], one["rows"][0][0]) for one in broken] == [("OR5", order.number)]


def test_a_level_that_its_movements_do_not_explain_is_found() -> None:
    live()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_stocklevel SET on_hand = on_hand + 1 WHERE on_hand > 5")
    assert "ST" in failed()


def test_fast_leaves_out_what_is_slow() -> None:
    slow = [one for one in every_invariant() if one.is_slow]
    checked: Any = json.loads(run("--json", "--fast"))["checked"]
    assert checked == len(every_invariant()) - len(slow)
