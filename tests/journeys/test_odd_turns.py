"""What goes wrong between looking and buying: said plainly, and nothing is changed by it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from catalog.models import StockMovement
from members.services import addresses
from orders.models import BasketLine, Order, OrderLine, Payment
from orders.services import baskets
from tests.factories.members import address
from tests.factories.orders import place
from tests.journeys.conftest import Meet
from tests.journeys.steps import submit
from tests.journeys.town import Town, set_price, take_off_shelf
from tests.journeys.visitor import Visitor, zh

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("balanced"),
]

NO_QUANTITY = "A quantity is a whole number from 1 to 999."


@contextmanager
def nothing_changes() -> Iterator[None]:
    """No order, no payment, no piece of stock moved."""

    def state() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Order, OrderLine, Payment, StockMovement))

    before = state()
    yield
    assert state() == before


def press_submit(visitor: Visitor) -> None:
    visitor.page.locator(".actionbar button[form=checkout]").click()


def test_what_changed_while_the_shopper_was_reading_is_shown_before_it_is_bought(
    meet: Meet, town: Town
) -> None:
    member = town.shopper(town.silver)
    kept = address(member)
    basket = baskets.of(member=member)
    for sku, quantity in ((town.large, 2), (town.strawberry, 1)):
        baskets.add(basket=basket, sku_id=sku.pk, quantity=quantity)
    visitor = meet()
    visitor.becomes(member.user)
    visitor.go("/checkout/")
    before = visitor.ledger()[1]
    visitor.fill(note="请挑甜的")

    set_price(town.strawberry, "49.90")
    with nothing_changes():
        press_submit(visitor)
        visitor.sees(
            zh(
                "“{title}” cost ¥{before} and now costs {after}.",
                title="丹东草莓",
                before="35.91",
                after="¥44.91",
            )
        )
    above, total = visitor.ledger()
    assert sum(above) == total > before
    expect(visitor.page.locator("[name=note]")).to_have_value("请挑甜的")

    take_off_shelf(town.strawberry.product)
    with nothing_changes():
        press_submit(visitor)
        visitor.sees(zh("“{title}” can't be bought any more and was left out.", title="丹东草莓"))

    addresses.remove(member=member, address_id=kept.pk)
    with nothing_changes():
        press_submit(visitor)
        visitor.sees(zh("Where shall we send it?"))
    expect(visitor.page.locator(".actionbar button[form=checkout]")).to_be_disabled()

    address(member)
    visitor.go("/checkout/")
    order = submit(visitor)
    assert [(line.sku_id, line.quantity) for line in order.lines.all()] == [(town.large.pk, 2)]
    assert BasketLine.objects.get().sku_id == town.strawberry.pk
    visitor.go("/basket/")
    visitor.sees(zh("Not available now"), "丹东草莓")


def test_a_quantity_that_is_none_is_refused_where_it_was_typed(meet: Meet, town: Town) -> None:
    member = town.shopper()
    address(member)
    visitor = meet()
    visitor.becomes(member.user)
    said = zh(NO_QUANTITY)
    with nothing_changes():
        for quantity in ("0", "-1", "1000", "a"):
            visitor.go(f"/products/{town.apple.pk}/")
            visitor.press(zh("Add to basket"), within=".actionbar")
            visitor.fill(quantity=quantity)
            visitor.press(zh("Add to basket"), within="#buy")
            expect(visitor.page.locator("#quantity-error")).to_have_text(said)
            visitor.press(zh("Buy now"), within="#buy")
            visitor.sees(said)
            expect(visitor.page.locator("#quantity")).to_have_value(quantity)
            answer = visitor.go(f"/checkout/?sku={town.milk.pk}&quantity={quantity}")
            assert answer is not None
            assert answer.status == 422
            visitor.sees(said)
    assert not BasketLine.objects.exists()

    baskets.add(basket=baskets.of(member=member), sku_id=town.milk.pk, quantity=2)
    visitor.go("/basket/")
    for quantity in ("0", "-1", "1000", "a"):
        visitor.page.locator("main [name=quantity]").fill(quantity)
        visitor.page.locator("main [name=quantity]").press("Enter")
        # the attribute is the answer's, the value may still be the typed one
        expect(visitor.page.locator("main [name=quantity]")).to_have_attribute("value", quantity)
        expect(visitor.page.locator(".field__error")).to_have_text(said)
        expect(visitor.page.locator("main [name=quantity]")).to_have_value(quantity)
    assert BasketLine.objects.get().quantity == 2


def test_a_double_click_is_one_order_and_a_strangers_order_is_not_found(meet: Meet, town: Town) -> None:
    member = town.shopper()
    address(member)
    with_script, without = meet(), meet(java_script_enabled=False)
    for count, visitor in enumerate((with_script, without), 1):
        visitor.becomes(member.user)
        visitor.go(f"/checkout/?sku={town.milk.pk}&quantity=1")
        visitor.page.locator(".actionbar button[form=checkout]").dblclick()
        visitor.page.wait_for_url("**/cashier**")
        assert Order.objects.count() == count
        assert Payment.objects.count() == count

    theirs = place({town.small: 1})
    for path in ("", "pay/", "paid/"):
        answer = without.go(f"/orders/{theirs.number}/{path}")
        assert answer is not None
        assert answer.status == 404
    without.sees(zh("We can't find this page"))
    without.misses(theirs.number, "科技园")
    for path in ("/orders/1/", "/orders/999999999999999999/", "/products/999999/", "/categories/none/"):
        answer = without.go(path)
        assert answer is not None
        assert answer.status == 404
