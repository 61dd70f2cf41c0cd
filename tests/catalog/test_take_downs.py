"""Goods taken down at once: off the shelf, kept off, their promotions stopped."""

from datetime import timedelta

import pytest

from catalog.errors.shelf import AlreadyAnswered, TakenDown
from catalog.models import TakeDown
from catalog.services import products, take_downs
from catalog.terms import ProductStatus
from catalog.terms.shelf import TakeDownCause
from marketing.models import BundlePrice, FullReduction, LimitedDiscount, LimitedPrice, TierPrice
from marketing.selectors import running
from shop.core import clock, outbox
from shop.core.errors import Invalid
from tests.factories.catalog import ImageFactory, a_sku
from tests.factories.marketing import a_bundle, a_discount, a_reduction, a_tier

pytestmark = pytest.mark.django_db


def taken_down(sku, cause=TakeDownCause.SAFETY):
    row = take_downs.take_down(product=sku.product, cause=cause, reason="漏气", actor="user:1")
    outbox.drain_all()
    row.refresh_from_db()
    return row


def test_taken_down_goods_leave_the_shelf_and_stay_off_until_settled():
    sku = a_sku()
    ImageFactory(product=sku.product)
    row = taken_down(sku)
    sku.product.refresh_from_db()
    assert sku.product.status == ProductStatus.OFF_SHELF
    with pytest.raises(TakenDown):
        products.put_on_shelf(product=sku.product, actor="user:1")
    with pytest.raises(TakenDown):
        taken_down(sku)
    with pytest.raises(Invalid):
        take_downs.settle(take_down_id=row.pk, settlement=" ", may_return=True, actor="user:1")
    take_downs.settle(take_down_id=row.pk, settlement="换了包装", may_return=False, actor="user:1")
    with pytest.raises(TakenDown):
        products.put_on_shelf(product=sku.product, actor="user:1")
    take_downs.settle(take_down_id=row.pk, settlement="又查了一遍", may_return=True, actor="user:1")
    with pytest.raises(AlreadyAnswered):
        take_downs.settle(take_down_id=row.pk, settlement="再来", may_return=False, actor="user:1")
    products.put_on_shelf(product=sku.product, actor="user:1")
    sku.product.refresh_from_db()
    assert sku.product.status == ProductStatus.ON_SHELF


def test_promotions_only_of_taken_down_goods_end_and_others_go_on_without_them():
    bad, good = a_sku(price="20.00"), a_sku(price="30.00")
    alone = a_discount((bad, "15.00"))
    shared = a_discount((bad, "15.00"), (good, "20.00"))
    later = a_discount((bad, "12.00"), starts_at=clock.page_now() + timedelta(hours=1))
    of_good = a_discount((good, "21.00"))
    bundle = a_bundle((bad, 1), (good, 1), price="40.00")
    tier_alone = a_tier(about=[bad.product])
    tier_shared = a_tier(about=[bad, good])
    everything = a_reduction()
    ended = a_reduction(about=[bad.product], ends_at=clock.page_now() - timedelta(hours=1))
    assert any(one.sku_id == bad.pk for one in running.at(clock.now(), sku_ids={bad.pk}).limiteds)

    row = taken_down(bad)

    def is_on(model, one):
        return model.objects.get(pk=one.pk).is_active

    assert not is_on(LimitedDiscount, alone) and not is_on(LimitedDiscount, later)
    assert is_on(LimitedDiscount, shared) and is_on(LimitedDiscount, of_good)
    assert list(LimitedPrice.objects.filter(discount=shared).values_list("sku", flat=True)) == [good.pk]
    assert not is_on(BundlePrice, bundle)
    assert not is_on(TierPrice, tier_alone) and is_on(TierPrice, tier_shared)
    assert list(tier_shared.skus.values_list("pk", flat=True)) == [good.pk]
    assert is_on(FullReduction, everything) and is_on(FullReduction, ended)
    offers = running.at(clock.now(), sku_ids={bad.pk, good.pk})
    assert {one.sku_id for one in offers.limiteds} == {good.pk}
    assert not offers.bundles
    assert set(row.stopped) == {
        f"marketing.limiteddiscount:{alone.pk}:ended",
        f"marketing.limiteddiscount:{later.pk}:ended",
        f"marketing.limiteddiscount:{shared.pk}:narrowed",
        f"marketing.bundleprice:{bundle.pk}:ended",
        f"marketing.tierprice:{tier_alone.pk}:ended",
        f"marketing.tierprice:{tier_shared.pk}:narrowed",
    }


def test_goods_off_the_shelf_already_are_only_kept_off():
    sku = a_sku()
    products.take_off_shelf(product=sku.product, actor="user:1")
    row = taken_down(sku, TakeDownCause.INFRINGEMENT)
    assert not row.was_on_shelf
    assert TakeDown.objects.filter(settled_at=None).count() == 1
