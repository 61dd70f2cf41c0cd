"""Stock as people change it."""

from decimal import Decimal

import pytest
from django.db import transaction

from catalog.errors import StockMoved, StockTooLow
from catalog.models import StockLevel, StockMovement
from catalog.selectors import stock as selector
from catalog.services import stock
from catalog.services.stock import Want
from shop.core.errors import Invalid, NotFound
from shop.core.models import AuditEntry
from tests.factories.catalog import PlaceFactory, StoreFactory, a_place, a_sku, stock_up

pytestmark = pytest.mark.django_db


def level_of(sku) -> StockLevel:
    return StockLevel.objects.get(sku=sku)


def test_adjusting_leaves_movement_and_audit():
    level = level_of(a_sku(stock=5))
    changed = stock.adjust(level_id=level.pk, delta=-2, reason="damaged", actor="user:7", note="压坏")
    assert changed.on_hand == 3
    movement = StockMovement.objects.first()
    assert (movement.delta_on_hand, movement.reason, movement.note) == (-2, "damaged", "压坏")
    entry = AuditEntry.objects.get(verb="change_stock")
    assert (entry.actor, entry.target) == ("user:7", f"level:{level.pk}")


def test_adjusting_twice_with_one_key_changes_once():
    level = level_of(a_sku(stock=5))
    for _ in range(2):
        stock.adjust(level_id=level.pk, delta=3, reason="found", actor="user:7", key="k1")
    level.refresh_from_db()
    assert level.on_hand == 8


def test_reserved_goods_can_not_be_written_off():
    sku = a_sku(stock=5)
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 4)])
    with pytest.raises(StockTooLow) as refusal:
        stock.adjust(level_id=level_of(sku).pk, delta=-2, reason="lost", actor="user:7")
    assert refusal.value.extra["available"] == 1
    with pytest.raises(StockTooLow):
        stock.set_level(level_id=level_of(sku).pk, expected=5, value=3, actor="user:7", reason="")
    assert level_of(sku).on_hand == 5


@pytest.mark.parametrize(("delta", "reason"), [(0, "found"), (1, "reserved"), (1, ""), (10**7, "found")])
def test_odd_adjustments_are_refused(delta, reason):
    level = level_of(a_sku(stock=5))
    with pytest.raises(Invalid):
        stock.adjust(level_id=level.pk, delta=delta, reason=reason, actor="user:7")


def test_count_is_refused_when_stock_moved_meanwhile():
    level = level_of(a_sku(stock=5))
    with pytest.raises(StockMoved) as refusal:
        stock.set_level(level_id=level.pk, expected=6, value=9, actor="user:7", reason="")
    assert refusal.value.extra == {"level_id": level.pk, "expected": 6, "actual": 5}
    assert stock.set_level(level_id=level.pk, expected=5, value=9, actor="user:7", reason="").on_hand == 9
    assert StockMovement.objects.first().delta_on_hand == 4


def test_a_count_that_agrees_moves_nothing():
    level = level_of(a_sku(stock=5))
    stock.set_level(level_id=level.pk, expected=5, value=5, actor="user:7", reason="")
    assert StockMovement.objects.count() == 1


def test_unknown_level_is_not_found():
    with pytest.raises(NotFound):
        stock.adjust(level_id=10**9, delta=1, reason="found", actor="user:7")


def test_receiving_the_same_delivery_twice_counts_once():
    sku = a_sku(stock=0)
    for _ in range(2):
        stock.receive(
            place_id=a_place().pk, sku_id=sku.pk, quantity=6, actor="user:7", key="d1", cost=Decimal("3.20")
        )
    assert level_of(sku).on_hand == 6
    assert StockMovement.objects.get().cost == Decimal("3.20")


def test_returned_goods_come_back_once():
    sku, store = a_sku(stock=1), StoreFactory()
    wants = [Want("a", sku.pk, 1), Want("b", sku.pk, 2)]
    with transaction.atomic():
        assert stock.put_back(reference="aftersale:1", wants=wants, place_id=store.pk, actor="user:7") == 3
        assert stock.put_back(reference="aftersale:1", wants=wants, place_id=store.pk, actor="user:7") == 0
    assert StockLevel.objects.get(place=store).on_hand == 3


def test_available_counts_active_warehouses_and_stores():
    sku, other = a_sku(stock=4), a_sku(stock=0)
    store = StoreFactory()
    stock_up(sku, 3, store)
    stock_up(sku, 50, PlaceFactory(is_active=False))
    stock_up(sku, 50, PlaceFactory(kind="pickup_point"))
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 2)])
    assert selector.available([sku.pk, other.pk]) == {sku.pk: 5, other.pk: 0}
    assert selector.available([sku.pk], place_id=store.pk) == {sku.pk: 3}


def test_frozen_and_defective_goods_are_not_for_sale():
    sku = a_sku(stock=0)
    for pool in ("frozen", "defect", "presale", "activity"):
        level = stock.ensure_level(place_id=a_place().pk, sku_id=sku.pk, pool=pool)
        stock.adjust(level_id=level, delta=5, reason="found", actor="user:7")
    assert selector.available([sku.pk]) == {sku.pk: 0}
