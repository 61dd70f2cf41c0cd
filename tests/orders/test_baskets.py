"""Baskets: what goes in, what is set aside and why, and what happens at sign-in."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, SpecAxis
from catalog.terms import ProductStatus
from orders import errors, policies
from orders.models import Basket, BasketLine
from orders.selectors import baskets as pages
from orders.services import baskets
from tests.factories import members
from tests.factories.catalog import a_sku

pytestmark = pytest.mark.django_db


def quantities(basket: Basket) -> dict[int, int]:
    return dict(basket.lines.values_list("sku_id", "quantity"))


def test_the_same_goods_join_one_line() -> None:
    basket, sku = baskets.of(guest_key="g"), a_sku()
    baskets.add(basket=basket, sku_id=sku.pk, quantity=1)
    baskets.add(basket=basket, sku_id=sku.pk, quantity=2)
    assert quantities(basket) == {sku.pk: 3}
    assert pages.count(guest_key="g") == 3
    assert pages.count() == 0


@pytest.mark.parametrize("quantity", [0, -1, 1000, "a", True, 1.0])
def test_bad_quantities_are_refused(quantity: Any) -> None:
    basket, sku = baskets.of(guest_key="g"), a_sku()
    line = baskets.add(basket=basket, sku_id=sku.pk, quantity=1)
    with pytest.raises(errors.BadQuantity):
        baskets.add(basket=basket, sku_id=sku.pk, quantity=quantity)
    with pytest.raises(errors.BadQuantity):
        baskets.set_quantity(basket=basket, line_id=line.pk, quantity=quantity)
    assert quantities(basket) == {sku.pk: 1}


def test_a_line_never_grows_beyond_999() -> None:
    basket, sku = baskets.of(guest_key="g"), a_sku()
    baskets.add(basket=basket, sku_id=sku.pk, quantity=999)
    with pytest.raises(errors.BadQuantity):
        baskets.add(basket=basket, sku_id=sku.pk, quantity=1)


def test_minimum_and_steps_are_met_when_adding_and_asked_for_when_changing() -> None:
    sku = a_sku(product__minimum_quantity=4, product__quantity_multiple=2)
    basket = baskets.of(guest_key="g")
    line = baskets.add(basket=basket, sku_id=sku.pk, quantity=1)
    assert line.quantity == 4
    for quantity in (2, 5):
        with pytest.raises(errors.QuantityNotOffered):
            baskets.set_quantity(basket=basket, line_id=line.pk, quantity=quantity)
    assert baskets.set_quantity(basket=basket, line_id=line.pk, quantity=6).quantity == 6


def test_goods_off_the_shelf_can_not_go_in() -> None:
    sku = a_sku(product__status=ProductStatus.OFF_SHELF)
    with pytest.raises(errors.NotOnSale):
        baskets.add(basket=baskets.of(guest_key="g"), sku_id=sku.pk, quantity=1)
    with pytest.raises(errors.NotOnSale):
        baskets.add(basket=baskets.of(guest_key="g"), sku_id=0, quantity=1)


def test_a_full_basket_takes_no_more_kinds() -> None:
    policies.BASKET_LINES.set(10, actor="system")
    basket = baskets.of(guest_key="g")
    skus = [a_sku() for _ in range(11)]
    for sku in skus[:10]:
        baskets.add(basket=basket, sku_id=sku.pk, quantity=1)
    with pytest.raises(errors.BasketFull):
        baskets.add(basket=basket, sku_id=skus[10].pk, quantity=1)
    baskets.add(basket=basket, sku_id=skus[0].pk, quantity=1)


def test_foreign_lines_can_not_be_touched() -> None:
    mine, theirs = baskets.of(guest_key="g"), baskets.of(guest_key="h")
    line = baskets.add(basket=theirs, sku_id=a_sku().pk, quantity=1)
    for touch in (
        lambda: baskets.set_quantity(basket=mine, line_id=line.pk, quantity=2),
        lambda: baskets.select(basket=mine, line_id=line.pk, is_selected=False),
        lambda: baskets.remove(basket=mine, line_id=line.pk),
        lambda: baskets.change_sku(basket=mine, line_id=line.pk, sku_id=1),
    ):
        with pytest.raises(errors.LineGone):
            touch()
    assert theirs.lines.get().quantity == 1


def test_another_specification_takes_the_line_over_or_joins_its_twin() -> None:
    red = a_sku(title="苹果")
    green = a_sku(product=red.product)
    other = a_sku()
    SpecAxis.objects.create(product=red.product, name="颜色", position=1)
    basket = baskets.of(guest_key="g")
    line = baskets.add(basket=basket, sku_id=red.pk, quantity=2)
    baskets.change_sku(basket=basket, line_id=line.pk, sku_id=green.pk)
    assert quantities(basket) == {green.pk: 2}
    again = baskets.add(basket=basket, sku_id=red.pk, quantity=3)
    baskets.change_sku(basket=basket, line_id=again.pk, sku_id=green.pk)
    assert quantities(basket) == {green.pk: 5}
    with pytest.raises(errors.NotOnSale):
        baskets.change_sku(basket=basket, line_id=line.pk, sku_id=other.pk)


def test_at_sign_in_the_guest_basket_joins_the_members() -> None:
    member, both, mine, theirs = members.member(), a_sku(), a_sku(), a_sku()
    basket = baskets.of(member=member)
    guest = baskets.of(guest_key="g")
    baskets.add(basket=basket, sku_id=both.pk, quantity=998)
    baskets.add(basket=basket, sku_id=mine.pk, quantity=1)
    baskets.add(basket=guest, sku_id=both.pk, quantity=5)
    baskets.add(basket=guest, sku_id=theirs.pk, quantity=2)
    for line in guest.lines.all():
        baskets.select(basket=guest, line_id=line.pk, is_selected=False)
    for _ in range(2):
        baskets.merge_guest(guest_key="g", member=member)
    assert quantities(basket) == {both.pk: 999, mine.pk: 1, theirs.pk: 2}
    assert set(basket.lines.filter(is_selected=True).values_list("sku", flat=True)) == {mine.pk}
    assert not Basket.objects.filter(member=None).exists()


def test_the_page_sets_aside_what_can_not_be_bought_and_prices_what_is_selected() -> None:
    member = members.member()
    basket = baskets.of(member=member)
    good, unselected, gone, sold_out, rare = (a_sku(price="10.00") for _ in range(5))
    for sku in (good, unselected, gone, sold_out, rare):
        baskets.add(basket=basket, sku_id=sku.pk, quantity=2)
    baskets.select(basket=basket, line_id=basket.lines.get(sku=unselected).pk, is_selected=False)
    Product.objects.filter(pk=gone.product_id).update(status=ProductStatus.OFF_SHELF)
    sold_out.levels.update(reserved=10)
    rare.levels.update(reserved=9)
    page = pages.page(basket, member)
    assert {line.sku_id: line.reason_code for line in page.invalid} == {
        gone.pk: "not_on_sale",
        sold_out.pk: "sold_out",
    }
    assert {line.sku_id: bool(line.trouble) for line in page.lines} == {
        good.pk: False,
        unselected.pk: False,
        rare.pk: True,
    }
    assert page.has_trouble
    assert not page.is_all_selected
    assert page.quote is not None
    assert {line.sku_id for line in page.quote.lines} == {good.pk, rare.pk}
    assert page.quote.goods_due == 40
    assert (page.selected_count, page.piece_count) == (4, 10)
    assert baskets.clear_invalid(basket=basket) == 1


def test_a_page_costs_the_same_however_full_the_basket_is() -> None:
    member = members.member()
    members.address(member)
    basket = baskets.of(member=member)

    def cost() -> int:
        with CaptureQueriesContext(connection) as spent:
            pages.page(pages.find(member=member), member)
        return len(spent)

    baskets.add(basket=basket, sku_id=a_sku().pk, quantity=1)
    one = cost()
    for _ in range(5):
        baskets.add(basket=basket, sku_id=a_sku().pk, quantity=1)
    assert cost() == one <= 8


def test_an_empty_page_needs_no_basket() -> None:
    page = pages.page(pages.find(guest_key="nobody"), None)
    assert page.is_empty
    assert page.quote is None
    assert not Basket.objects.exists()
    assert not BasketLine.objects.exists()
