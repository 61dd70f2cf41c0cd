"""How many pieces one member may buy."""

from datetime import timedelta

import pytest

from marketing.errors import LimitExceeded
from marketing.invariants import INVARIANTS
from marketing.models import PromotionUse
from marketing.services import limits
from shop.core import clock
from tests.factories.catalog import ProductFactory, a_sku
from tests.factories.marketing import a_limit, a_shopper

pytestmark = pytest.mark.django_db


def test_what_is_over_the_limit_is_refused_with_what_is_left():
    sku, member = a_sku(), a_shopper()
    a_limit(sku, 3)
    limits.use(member_id=member.pk, wants=[(sku.pk, 2)], reference="order:1")
    limits.check(member_id=member.pk, wants=[(sku.pk, 1)])
    for attempt in (limits.check, lambda **want: limits.use(**want, reference="order:2")):
        with pytest.raises(LimitExceeded) as refusal:
            attempt(member_id=member.pk, wants=[(sku.pk, 2)])
        assert refusal.value.extra == {"sku_id": sku.pk, "limit": 3, "left": 1}
    assert PromotionUse.objects.get().quantity == 2
    assert not [invariant.id for invariant in INVARIANTS if invariant.broken()]


def test_all_skus_of_a_product_count_together():
    product = ProductFactory()
    red, green, other = a_sku(product=product), a_sku(product=product), a_sku()
    a_limit(product, 3)
    member = a_shopper()
    with pytest.raises(LimitExceeded):
        limits.check(member_id=member.pk, wants=[(red.pk, 2), (green.pk, 2), (other.pk, 9)])
    limits.use(member_id=member.pk, wants=[(red.pk, 2), (green.pk, 1), (other.pk, 9)], reference="order:1")
    assert PromotionUse.objects.get().quantity == 3


def test_a_guest_is_measured_by_the_basket_alone():
    sku = a_sku()
    a_limit(sku, 2)
    limits.check(member_id=None, wants=[(sku.pk, 2)])
    with pytest.raises(LimitExceeded):
        limits.check(member_id=None, wants=[(sku.pk, 3)])


def test_a_closed_order_counts_no_more():
    sku, member = a_sku(), a_shopper()
    a_limit(sku, 2)
    limits.use(member_id=member.pk, wants=[(sku.pk, 2)], reference="order:1")
    limits.use(member_id=member.pk, wants=[(sku.pk, 2)], reference="order:1")
    limits.release(reference="order:1")
    limits.release(reference="order:1")
    limits.use(member_id=member.pk, wants=[(sku.pk, 2)], reference="order:2")
    limits.use(member_id=a_shopper().pk, wants=[(sku.pk, 2)], reference="order:3")


def test_a_period_is_counted_in_business_days():
    sku, member = a_sku(), a_shopper()
    a_limit(sku, 1, period_days=2)
    limits.use(member_id=member.pk, wants=[(sku.pk, 1)], reference="order:1")
    tomorrow = clock.day_bounds(clock.today())[1]
    with clock.shifted(tomorrow - clock.now() + timedelta(hours=12)), pytest.raises(LimitExceeded):
        limits.use(member_id=member.pk, wants=[(sku.pk, 1)], reference="order:2")
    with clock.shifted(tomorrow - clock.now() + timedelta(hours=24, seconds=1)):
        limits.use(member_id=member.pk, wants=[(sku.pk, 1)], reference="order:2")


def test_goods_without_limits_cost_two_queries(django_assert_num_queries):
    skus, member = [a_sku(), a_sku()], a_shopper()
    with django_assert_num_queries(5):  # two, and the transaction around them
        limits.use(member_id=member.pk, wants=[(sku.pk, 1) for sku in skus], reference="order:1")
