"""The budgets of the busy pages, whatever the number of goods.

What lives for minutes is warm: merchant, category tree, stores. What is the same for all and read anew every
half minute (the window of the home page, purchase limits, coupons to claim) is cold for the guest and warm
for the member.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from marketing.selectors import coupon_cards, limits
from members.models import Member
from orders.services import baskets
from shop.storefront import goods
from tests.factories import members
from tests.factories.catalog import (
    CategoryFactory,
    ImageFactory,
    StoreFactory,
    TagFactory,
    a_freight_template,
    a_sku,
)
from tests.factories.marketing import a_level, a_reduction, a_tier
from tests.factories.orders import place
from tests.storefront.conftest import Browser

Budget = Callable[[int], Any]


@pytest.fixture
def crowd(member: Member) -> Any:
    """Enough of everything for a query per row to show: goods, offers, stores, lines, orders."""
    level = a_level("Gold", rate="0.9")
    Member.objects.filter(pk=member.pk).update(level=level)
    members.address(member)
    members.address(member)
    for _ in range(2):
        StoreFactory()
    category, tag = CategoryFactory(), TagFactory()
    a_freight_template(is_default=True)
    skus = [a_sku(product__category=category, price="20.00", stock=50) for _ in range(12)]
    for sku in skus:
        ImageFactory(product=sku.product)
        sku.product.tags.add(tag)
    a_reduction(("100", "10"), ("300", "50"))
    a_tier(about=[category])
    basket = baskets.of(member=member)
    for sku in skus[:8]:
        baskets.add(basket=basket, sku_id=sku.pk, quantity=2)
    for sku in skus[:4]:
        place({sku: 1, skus[5]: 1}, member=member)
    return skus


def warm(browser: Browser) -> None:
    """A session, and what lives for minutes."""
    browser.get("/")
    browser.get("/categories/")
    cache.delete("storefront.window.en")


BUDGETS = {
    "/": 8,
    "/categories/{slug}/": 8,
    "/products/{product}/": 10,
    "/basket/": 10,
    "/checkout/": 14,
    "/checkout/?mode=pickup": 14,
    "/orders/": 6,
}


@pytest.mark.parametrize("path", BUDGETS)
def test_a_member_costs_no_more_than_the_budget(
    path: str, crowd: Any, browser: Browser, django_assert_max_num_queries: Budget
) -> None:
    address = path.format(slug=crowd[0].product.category.slug, product=crowd[0].product_id)
    warm(browser)
    with translation.override("en"):
        goods.window()
        limits.announced(0, ())
        coupon_cards.of_product(0, (), (), None)
    with django_assert_max_num_queries(BUDGETS[path]):
        browser.page(address)


@pytest.mark.parametrize("path", ["/", "/categories/{slug}/", "/products/{product}/", "/basket/"])
def test_a_guest_costs_no_more_than_the_budget(
    path: str, crowd: Any, guest: Browser, django_assert_max_num_queries: Budget
) -> None:
    address = path.format(slug=crowd[0].product.category.slug, product=crowd[0].product_id)
    for sku in crowd[:8]:
        guest.send("/basket/lines/", {"sku": sku.pk, "quantity": 1})
    warm(guest)
    with django_assert_max_num_queries(BUDGETS[path]):
        guest.page(address)
