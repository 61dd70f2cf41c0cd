"""The sales page: the days asked for, against as many before."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shop.core import clock
from tests.backoffice.lived_in import desk
from tests.factories import orders
from tests.factories.catalog import a_sku

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


@pytest.mark.parametrize(
    ("asked", "shown"), [("7", 7), ("30", 30), ("90", 90), ("8", 30), ("-1", 30), ("x", 30)]
)
def test_it_shows_as_many_days_as_asked_or_thirty(asked: str, shown: int) -> None:
    answer = desk("finance").get("/admin/sales/", {"days": asked})
    assert answer.status_code == 200
    assert len(answer.context["charts"][0].rows) == shown


def test_figures_are_held_against_the_days_before() -> None:
    sku = a_sku(price="10.00", stock=50)
    orders.paid({sku: 3})
    with clock.shifted(-timedelta(days=8)):
        orders.paid({sku: 2})
    answer = desk("finance").get("/admin/sales/", {"days": "7"})
    tiles = {tile.figure.code: tile for tile in answer.context["tiles"]}
    assert tiles["sales"].value == Decimal("30.00")
    assert tiles["sales"].comparisons[0].before == Decimal("20.00")
    assert tiles["sales"].comparisons[0].share == Decimal("50.0")
    assert tiles["refunded"].value == 0
    day, best, place, hours = answer.context["charts"]
    assert sum(row[1] for row in day.rows) == Decimal("30.00")
    assert best.rows[0][1:4] == (sku.product.title, 3, Decimal("30.00"))
    assert place.rows[0][1:3] == (1, Decimal("30.00"))
    assert sum(count for _name, cells in hours.rows for count, _strength in cells) == 1


def test_only_who_sees_payments_sees_sales() -> None:
    assert desk("warehouse").get("/admin/sales/").status_code == 403
    assert desk().get("/admin/sales/").status_code == 403
