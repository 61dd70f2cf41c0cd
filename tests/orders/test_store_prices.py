"""A store with its own assortment and prices, as orders to be collected there are priced."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.errors import BelowFloor
from catalog.selectors import place_goods as facts
from catalog.selectors import skus
from catalog.services import place_goods
from orders.errors import NotSoldHere, QuoteChanged
from orders.services import checkout
from shop.core.errors import Forbidden
from shop.core.models import AuditEntry
from tests.factories import members as make
from tests.factories.catalog import StoreFactory, a_sku, stock_up
from tests.factories.orders import digest_of, place, to_address, to_store, wants

pytestmark = pytest.mark.django_db
ME = "user:1"


def test_an_order_collected_in_a_store_costs_what_the_store_asks() -> None:
    sku, store, other = a_sku(price="10.00"), StoreFactory(), StoreFactory()
    for one in (store, other):
        stock_up(sku, 5, one)
    member = make.member()
    before = digest_of(member, {sku: 2}, to_store(store))
    place_goods.save(place_id=store.pk, sku_id=sku.pk, is_sold=True, price=Decimal("8.50"), actor=ME)
    with pytest.raises(QuoteChanged):
        place({sku: 2}, member=member, delivery=to_store(store), digest=before)
    here = place({sku: 2}, member=member, delivery=to_store(store))
    (line,) = here.lines.all()
    assert (line.list_price, here.due) == (Decimal("8.50"), Decimal("17.00"))
    assert place({sku: 2}, member=member, delivery=to_store(other)).due == Decimal("20.00")
    assert place({sku: 2}, member=member, delivery=to_address(member)).goods_due == Decimal("20.00")


def test_what_a_store_does_not_sell_can_not_be_collected_there() -> None:
    sku, kept, store = a_sku(), a_sku(), StoreFactory()
    for one in (sku, kept):
        stock_up(one, 5, store)
    member = make.member()
    digest = digest_of(member, {sku: 1}, to_store(store))
    place_goods.save(place_id=store.pk, sku_id=sku.pk, is_sold=False, price=None, actor=ME)
    page = checkout.preview(member=member, wants=wants({sku: 1, kept: 1}), delivery=to_store(store))
    assert [type(one) for one in page.troubles] == [NotSoldHere]
    assert [line.fact.id for line in page.lines] == [kept.pk]
    with pytest.raises(NotSoldHere):
        place({sku: 1}, member=member, delivery=to_store(store), digest=digest)
    assert place({sku: 1}, member=member, delivery=to_address(member)).pk


def test_facts_of_a_store_cost_one_query(django_assert_num_queries: Any) -> None:
    store = StoreFactory()
    found = [a_sku() for _ in range(4)]
    place_goods.save(place_id=store.pk, sku_id=found[0].pk, is_sold=True, price=Decimal("1.00"), actor=ME)
    with django_assert_num_queries(1):
        assert skus.facts([sku.pk for sku in found], place_id=store.pk)[found[0].pk].list_price == 1
    with django_assert_num_queries(5):
        rows = facts.in_stores([sku.pk for sku in found], [store.pk])
    assert [row.price for row in rows] == [Decimal("1.00"), *[Decimal("10.00")] * 3]


def test_a_clerk_changes_the_own_store_only_and_never_below_the_floor() -> None:
    sku, store, other = a_sku(floor_price=Decimal("9.00")), StoreFactory(), StoreFactory()
    given: dict[str, Any] = {"sku_id": sku.pk, "is_sold": True, "actor": ME, "place_ids": [store.pk]}
    with pytest.raises(Forbidden):
        place_goods.save(place_id=other.pk, price=Decimal("9.50"), **given)
    with pytest.raises(BelowFloor):
        place_goods.save(place_id=store.pk, price=Decimal("8.99"), **given)
    place_goods.save(place_id=store.pk, price=Decimal("9.50"), **given)
    assert AuditEntry.objects.filter(verb="set_place_goods").count() == 1
    place_goods.save(place_id=store.pk, price=None, **given)
    assert skus.facts([sku.pk], place_id=store.pk)[sku.pk].list_price == Decimal("10.00")
