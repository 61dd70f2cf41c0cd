"""Bundle products: made of other goods, without stock of their own."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.errors.bundles import (
    BundleHasNoStock,
    BundleInBundle,
    BundleTooSmall,
    BundleTwice,
    InsideABundle,
    PartnerMissing,
    StockOfItsOwn,
)
from catalog.models import Bundle, Partner, Product, Sku, StockLevel
from catalog.selectors import bundles as contents
from catalog.selectors import cards, facets, products, skus, staff_lists, stock
from catalog.services import bundles, reservations
from catalog.services.bundles import Component
from catalog.services.stock import Want
from shop.core.errors import Invalid
from shop.core.models import AuditEntry
from tests.factories.catalog import StoreFactory, a_bundle, a_sku, stock_up
from tests.races import Meeting, run_together

pytestmark = pytest.mark.django_db


def save(sku, *parts, **more):
    components = [Component(part.pk, n) for part, n in parts]
    return bundles.save(sku_id=sku.pk, components=components, actor="user:1", **more)


def test_a_bundle_is_in_stock_as_often_as_its_components_make_it():
    tea, cup = a_sku(stock=7), a_sku(stock=5)
    store = StoreFactory()
    stock_up(tea, 2, store)
    box = a_bundle({tea: 3, cup: 1})
    assert skus.facts([box.pk])[box.pk].available == 3
    assert skus.facts([box.pk], place_id=store.pk)[box.pk].available == 0
    assert stock.available([box.pk, tea.pk]) == {box.pk: 3, tea.pk: 9}
    assert not StockLevel.objects.filter(sku=box).exists()
    with transaction.atomic():
        reservations.reserve(reference="order:1", wants=[Want("1", cup.pk, 4)])
    assert skus.facts([box.pk])[box.pk].available == 1
    assert products.page(box.product_id).skus[0].available == 1
    assert staff_lists.skus().get(pk=box.pk).available == 1
    assert staff_lists.products().get(pk=box.product_id).available == 1
    (card,) = cards.cards([box.product_id])
    assert not card.is_sold_out
    with transaction.atomic():
        reservations.reserve(reference="order:2", wants=[Want("1", cup.pk, 1)])
    (card,) = cards.cards([box.product_id])
    assert card.is_sold_out
    assert box in stock.sold_out()


def test_the_filter_for_goods_in_stock_finds_bundles_that_can_be_made():
    can, can_not = a_bundle({a_sku(): 2}), a_bundle({a_sku(stock=1): 2})
    found = facets.narrow(Product.objects.all(), facets.Wanted(in_stock=True))
    assert can.product in found
    assert can_not.product not in found


def test_lists_take_as_many_queries_with_many_bundles_as_with_one():
    def measure():
        with CaptureQueriesContext(connection) as queries:
            cards.cards(Product.objects.all())
            facts = skus.facts(list(Bundle.objects.values_list("sku_id", flat=True)))
            contents.of_facts(facts)
        return len(queries)

    a_bundle({a_sku(): 2})
    one = measure()
    for _ in range(4):
        a_bundle({a_sku(): 1, a_sku(): 2})
    assert measure() == one


def test_contents_say_what_is_inside_what_it_saves_and_what_is_short():
    tea, cup = a_sku(price="12.00", stock=9), a_sku(price="8.00", stock=1)
    box = a_bundle({tea: 2, cup: 1}, price="25.00")
    found = contents.of([box.pk])[box.pk]
    assert [(part.fact.id, part.quantity) for part in found.parts] == [(tea.pk, 2), (cup.pk, 1)]
    assert (found.list_amount, found.saving(box.list_price)) == (Decimal("32.00"), Decimal("7.00"))
    assert found.short_of(1) is None
    assert found.short_of(2).fact.id == cup.pk
    assert found.saving(Decimal(40)) == 0


def test_a_bundle_has_no_stock_of_its_own():
    box = a_bundle({a_sku(): 2})
    with pytest.raises(BundleHasNoStock):
        stock_up(box, 3)
    with pytest.raises(BundleHasNoStock):
        stock_up(box, 0)
    used = a_sku(stock=1)
    with pytest.raises(StockOfItsOwn):
        save(used, (a_sku(), 2))
    assert not Bundle.objects.filter(sku=used).exists()


def test_a_bundle_of_bundles_is_refused_from_both_sides():
    tea = a_sku()
    box = a_bundle({tea: 2})
    with pytest.raises(BundleInBundle):
        save(a_sku(stock=0), (box, 1), (tea, 1))
    with pytest.raises(BundleInBundle):
        save(box, (box, 2))
    inner = a_sku(stock=0)
    a_bundle({inner: 2})
    with pytest.raises(InsideABundle):
        save(inner, (tea, 2))


def test_nonsense_is_refused_and_changes_nothing():
    tea, cup, new = a_sku(), a_sku(), a_sku(stock=0)
    for problem, parts, more in (
        (BundleTooSmall, [(tea, 1)], {}),
        (BundleTooSmall, [], {}),
        (BundleTwice, [(tea, 1), (cup, 1), (tea, 2)], {}),
        (Invalid, [(tea, 0), (cup, 2)], {}),
        (Invalid, [(tea, 2)], {"kind": "sack"}),
        (Invalid, [(tea, 2)], {"revenue_share": Decimal("100.01")}),
        (PartnerMissing, [(tea, 2)], {"revenue_share": Decimal(5)}),
    ):
        with pytest.raises(problem):
            save(new, *parts, **more)
    assert not Bundle.objects.exists()


def test_changing_the_components_makes_a_new_version_and_leaves_a_trace():
    tea, cup = a_sku(weight_grams=200), a_sku(weight_grams=300)
    partner = Partner.objects.create(name="故宫文创", code="gugong")
    new = a_sku(stock=0, weight_grams=0)
    assert save(new, (tea, 2)).version == 1
    assert save(new, (tea, 2), kind="gift_box", partner_id=partner.pk, revenue_share=Decimal(8)).version == 1
    assert save(new, (tea, 2), (cup, 1)).version == 2
    new.refresh_from_db()
    assert new.weight_grams == 400
    assert AuditEntry.objects.filter(verb="save_bundle", target=f"sku:{new.pk}").count() == 3
    bundles.dissolve(sku_id=new.pk, actor="user:1")
    assert not Bundle.objects.filter(sku=new).exists()
    assert not skus.facts([new.pk])[new.pk].is_bundle


@pytest.mark.django_db(transaction=True)
def test_two_bundles_cannot_be_put_into_each_other_at_once(monkeypatch):
    one, other = a_sku(stock=0), a_sku(stock=0)

    def both():
        pair = iter([(one, other), (other, one)])
        return run_together(2, lambda: save(*(lambda p: (p[0], (p[1], 2)))(next(pair))))

    assert len(both().problems) == 1
    Bundle.objects.all().delete()
    # without the locks on the SKUs both would pass the check
    meeting = Meeting(2)
    check = bundles._check_levels_of_making

    def slow(sku_id, known):
        check(sku_id, known)
        meeting.wait()

    monkeypatch.setattr(
        bundles.locks, "skus", lambda ids: list(Sku.objects.filter(pk__in=ids).select_related("product"))
    )
    monkeypatch.setattr(bundles, "_check_levels_of_making", slow)
    assert not both().problems
