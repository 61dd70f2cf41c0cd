"""Stock is held, handed out and given back; levels always equal their movements."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext

from catalog.errors import NothingReserved, SoldOut
from catalog.models import Reservation, StockLevel, StockMovement
from catalog.services import stock
from catalog.services.stock import Want
from catalog.terms import DeliveryMode
from shop.core.errors import Invalid
from shop.core.models import Decision
from tests.factories.catalog import PlaceFactory, StoreFactory, a_sku, stock_up

pytestmark = pytest.mark.django_db


def numbers_of(level: StockLevel) -> tuple[int, int]:
    level.refresh_from_db()
    return level.on_hand, level.reserved


def the_level(sku) -> StockLevel:
    return StockLevel.objects.get(sku=sku)


def hold(sku, quantity, reference="order:1", key="1", **more):
    with transaction.atomic():
        return stock.reserve(reference=reference, wants=[Want(key, sku.pk, quantity)], **more)


def test_reserved_goods_are_no_longer_free():
    sku = a_sku(stock=5)
    (held,) = hold(sku, 3)
    held.refresh_from_db()
    assert held.status == "active"
    assert numbers_of(the_level(sku)) == (5, 3)
    with pytest.raises(SoldOut) as refusal:
        hold(sku, 3, "order:2")
    assert refusal.value.extra == {"sku_id": sku.pk, "available": 2}
    assert numbers_of(the_level(sku)) == (5, 3)
    assert not Reservation.objects.filter(reference="order:2").exists()


def test_all_lines_are_held_or_none():
    plenty, scarce = a_sku(stock=9), a_sku(stock=1)
    with pytest.raises(SoldOut), transaction.atomic():
        stock.reserve(
            reference="order:1", wants=[Want("1", plenty.pk, 2), Want("2", scarce.pk, 2)], mode="express"
        )
    assert not StockLevel.objects.filter(reserved__gt=0).exists()
    assert not StockMovement.objects.filter(reason="reserved").exists()


def test_two_lines_of_one_sku_are_counted_together():
    sku = a_sku(stock=3)
    with pytest.raises(SoldOut), transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 2), Want("2", sku.pk, 2)])
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 2), Want("2", sku.pk, 1)])
    assert numbers_of(the_level(sku)) == (3, 3)


@pytest.mark.parametrize("quantity", [0, -1])
def test_nonsense_quantity_is_refused(quantity):
    sku = a_sku()
    with pytest.raises(Invalid):
        hold(sku, quantity)


def test_pickup_needs_its_place_and_draws_on_it_alone():
    store, other = StoreFactory(), StoreFactory()
    sku = a_sku(stock=2, place=store)
    stock_up(sku, 9, other)
    with pytest.raises(Invalid):
        hold(sku, 1, mode=DeliveryMode.PICKUP)
    with pytest.raises(SoldOut):
        hold(sku, 3, mode=DeliveryMode.PICKUP, place_id=store.pk)
    (held,) = hold(sku, 2, mode=DeliveryMode.PICKUP, place_id=store.pk)
    assert held.level.place_id == store.pk


def test_released_goods_are_free_again_once():
    sku = a_sku(stock=5)
    hold(sku, 3)
    with transaction.atomic():
        assert stock.release(reference="order:1") == 3
        assert stock.release(reference="order:1") == 0
    assert numbers_of(the_level(sku)) == (5, 0)
    assert Reservation.objects.get().status == "released"


def test_handed_out_goods_leave_the_level_once():
    sku = a_sku(stock=5)
    hold(sku, 3)
    with transaction.atomic():
        stock.consume(reference="order:1", actor="user:1")
    assert numbers_of(the_level(sku)) == (2, 0)
    assert Reservation.objects.get().status == "consumed"
    with pytest.raises(NothingReserved), transaction.atomic():
        stock.consume(reference="order:1", actor="user:1")
    with transaction.atomic():
        assert stock.release(reference="order:1") == 0
    assert numbers_of(the_level(sku)) == (2, 0)


def test_a_line_is_handed_out_in_parts():
    sku = a_sku(stock=5)
    hold(sku, 4, key="a")
    with transaction.atomic():
        stock.consume(reference="order:1", quantities={"a": 1}, actor="user:1")
        stock.release(reference="order:1", quantities={"a": 1})
    assert numbers_of(the_level(sku)) == (4, 2)
    with pytest.raises(NothingReserved), transaction.atomic():
        stock.consume(reference="order:1", quantities={"a": 3}, actor="user:1")
    with transaction.atomic():
        stock.consume(reference="order:1", line_keys=["a"], actor="user:1")
    assert numbers_of(the_level(sku)) == (2, 0)


def test_unknown_line_is_not_handed_out():
    sku = a_sku()
    hold(sku, 1, key="a")
    with pytest.raises(NothingReserved), transaction.atomic():
        stock.consume(reference="order:1", line_keys=["a", "b"], actor="user:1")


def test_levels_equal_their_movements_and_reservations():
    sku = a_sku(stock=7)
    hold(sku, 3)
    hold(sku, 2, "order:2")
    with transaction.atomic():
        stock.consume(reference="order:1", actor="user:1")
        stock.release(reference="order:2")
    level = StockLevel.objects.annotate(
        on=Sum("movements__delta_on_hand"), res=Sum("movements__delta_reserved")
    ).get(sku=sku)
    assert (level.on_hand, level.reserved) == (level.on, level.res) == (4, 0)


def test_the_database_itself_refuses_to_oversell():
    level = the_level(a_sku(stock=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(pk=level.pk).update(reserved=F("on_hand") + 1)


def test_movements_can_be_neither_changed_nor_deleted():
    a_sku(stock=2)
    for forbidden in (
        lambda: StockMovement.objects.update(delta_on_hand=9),
        lambda: StockMovement.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            forbidden()


def test_reserving_three_lines_takes_few_queries():
    skus = [a_sku() for _ in range(3)]
    wants = [Want(str(n), sku.pk, 1) for n, sku in enumerate(skus)]
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            stock.reserve(reference="order:1", wants=wants, region_code="440106")
        assert len(queries) == 4
        for place in (PlaceFactory(), PlaceFactory()):
            for sku in skus:
                stock_up(sku, 3, place)
        with CaptureQueriesContext(connection) as queries:
            stock.reserve(reference="order:2", wants=wants, region_code="440106")
        assert len(queries) == 5
        with CaptureQueriesContext(connection) as queries:
            stock.consume(reference="order:2", actor="user:1")
        assert len(queries) == 5


def test_a_choice_of_place_is_recorded_with_its_reasons():
    far = PlaceFactory(region_code="110101", position=-5)
    near = PlaceFactory(region_code="440305")
    sku = a_sku(stock=5, place=far)
    stock_up(sku, 5, near)
    (held,) = hold(sku, 1, mode="express", region_code="440306")
    assert held.level.place_id == near.pk
    decision = Decision.objects.get()
    assert (decision.noun, decision.reference, decision.rules) == ("place", "order:1", ["one_place"])
    assert decision.outcome["picks"][0]["place_id"] == near.pk
