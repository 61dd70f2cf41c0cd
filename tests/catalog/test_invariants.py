"""Invariants hold after honest work, and each of them bites."""

import pytest
from django.db import connection, transaction
from django.db.models import F

from catalog.invariants import INVARIANTS
from catalog.models import Category, PriceChange, Product, Reservation, Sku, StockLevel
from catalog.services import stock
from catalog.services.stock import Want
from shop.core import clock
from tests.factories.catalog import CategoryFactory, a_sku

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {one.id for one in INVARIANTS if one.broken()}


@pytest.fixture
def trade():
    sku = a_sku(stock=9)
    for reference, quantity in (("order:1", 2), ("order:2", 3)):
        with transaction.atomic():
            stock.reserve(reference=reference, wants=[Want("1", sku.pk, quantity)])
    with transaction.atomic():
        stock.consume(reference="order:1", actor="user:1")
    CategoryFactory(parent=CategoryFactory())
    return sku


def drop_checks():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("level_not_oversold", "level_reserved"):
            cursor.execute(f"ALTER TABLE catalog_stocklevel DROP CONSTRAINT {name}")


def test_honest_work_breaks_nothing(trade):
    assert broken() == set()


@pytest.mark.parametrize(
    ("mischief", "noticed"),
    [
        (lambda: StockLevel.objects.update(reserved=99), {"ST1", "ST2", "ST3"}),
        (lambda: StockLevel.objects.update(on_hand=F("on_hand") + 1), {"ST2"}),
        (
            lambda: Reservation.objects.filter(reference="order:2").update(released_count=3),
            {"ST3", "ST4"},
        ),
        (
            lambda: Reservation.objects.filter(reference="order:1").update(
                consumed_count=0, released_count=2
            ),
            {"ST4"},
        ),
        (lambda: Product.objects.update(lowest_price=1), {"CA1"}),
        (
            lambda: PriceChange.objects.create(
                sku=Sku.objects.get(), new_price=3, actor="system", created_at=clock.now()
            ),
            {"CA2"},
        ),
        (lambda: Category.objects.filter(depth=2).update(depth=3), {"CA3"}),
    ],
)
def test_mischief_is_noticed(trade, mischief, noticed):
    drop_checks()
    mischief()
    assert broken() == noticed
