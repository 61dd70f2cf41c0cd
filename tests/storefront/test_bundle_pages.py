"""Bundle products as shoppers meet them: page, basket, checkout, order."""

from catalog.models import Partner
from catalog.services import stock
from catalog.terms import MovementReason
from members.models import Member
from orders.models import Order
from orders.services import baskets
from tests.factories.catalog import ImageFactory, a_bundle, a_sku
from tests.factories.orders import pay, place, ship
from tests.storefront.conftest import Browser, hidden


def a_box(**more):
    tea, cup = a_sku(price="12.00", title="茉莉花茶"), a_sku(price="8.00", title="青花茶杯")
    box = a_bundle({tea: 2, cup: 1}, price="25.00", title="茶席礼盒", **more)
    ImageFactory(product=box.product)
    return box, tea, cup


def run_out(sku):
    level = sku.levels.get()
    stock.adjust(
        level_id=level.pk, delta=-level.available, reason=MovementReason.COUNTED, actor="user:1", key="x"
    )


def test_the_page_shows_what_is_inside_with_whom_and_what_it_saves(guest: Browser) -> None:
    partner = Partner.objects.create(name="青山茶社", code="qs")
    box, tea, _cup = a_box(kind="gift_box", partner_id=partner.pk)
    page = guest.page(f"/products/{box.product_id}/")
    assert "What is in the gift box" in page
    assert "Made together with 青山茶社" in page
    assert f"/products/{tea.product_id}/" in page
    assert "One by one ¥32" in page and "¥7" in page
    assert "What is in the" not in guest.page(f"/products/{tea.product_id}/")


def test_a_component_that_ran_out_is_named_everywhere(browser: Browser, member: Member) -> None:
    box, _tea, cup = a_box()
    basket = baskets.of(member=member)
    baskets.add(basket=basket, sku_id=box.pk, quantity=1)
    assert "Inside:" in browser.page("/basket/")
    run_out(cup)
    page = browser.page(f"/products/{box.product_id}/")
    assert "Sold out until there is more of: 青花茶杯" in page
    assert "Sold out: 青花茶杯 is short" in browser.page("/basket/")


def test_a_bundle_is_bought_and_its_order_says_what_is_in_it(browser: Browser, member: Member) -> None:
    box, _tea, _cup = a_box()
    page = browser.page(f"/checkout/?sku={box.pk}&quantity=2")
    assert "茉莉花茶 × 2" in page
    form = {name: hidden(page, name) for name in ("digest", "key")}
    assert form["digest"]
    order = pay_for(box, member)
    shown = browser.page(f"/orders/{order.number}/")
    assert "茉莉花茶 × 2" in shown and "青花茶杯 × 1" in shown
    ship(order)
    assert "茉莉花茶 × 2、青花茶杯 × 1" in browser.page(f"/orders/{order.number}/")


def pay_for(box, member: Member) -> Order:
    return pay(place({box: 1}, member=member))
