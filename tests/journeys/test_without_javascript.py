"""The whole purchase in a browser that runs no script."""

import pytest

from orders.models import BasketLine, Order
from shop.core import outbox
from tests.factories import members
from tests.factories.orders import ship
from tests.journeys.conftest import Meet
from tests.journeys.steps import pay_at_the_cashier, sign_in, submit
from tests.journeys.town import Town
from tests.journeys.visitor import zh
from tests.sandboxes import Sandbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("balanced"),
]


def test_the_whole_purchase_works_without_javascript(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    visitor = meet(java_script_enabled=False)
    visitor.go("/")
    visitor.press(zh("Add %(title)s to the basket", title="鲜牛奶整箱装"))
    assert visitor.path == "/", "one stays where one was"
    visitor.go("/search/?q=pingguo")
    visitor.go("/search/?q=苹果")
    visitor.page.locator(".good__open", has_text="烟台红富士苹果").click()
    visitor.press(zh("Add to basket"), within=".actionbar")
    visitor.page.locator("#buy .chip", has_text="5斤装").click()
    visitor.press(zh("Show price and stock of this choice"))
    visitor.sees_price("60")
    visitor.fill(quantity="2")
    visitor.press(zh("Add to basket"), within="#buy")
    visitor.arrives("/basket/")
    assert dict(BasketLine.objects.values_list("sku", "quantity")) == {town.milk.pk: 1, town.large.pk: 2}

    line = visitor.page.locator(".line", has_text="鲜牛奶整箱装")
    line.get_by_role("button", name=zh("One more")).click()
    assert BasketLine.objects.get(sku=town.milk).quantity == 2
    line.get_by_role("checkbox").click()
    assert not BasketLine.objects.get(sku=town.milk).is_selected
    line.get_by_role("textbox").fill("a")
    line.get_by_role("textbox").press("Enter")
    visitor.sees(zh("A quantity is a whole number from 1 to 999."))
    assert BasketLine.objects.get(sku=town.milk).quantity == 2
    visitor.go("/basket/")
    visitor.press(zh("Take %(title)s out", title="鲜牛奶整箱装"))
    visitor.press(zh("Undo"))
    assert BasketLine.objects.get(sku=town.milk).quantity == 2
    visitor.page.locator(".line", has_text="鲜牛奶整箱装").get_by_role("checkbox").click()
    visitor.press(zh("Check out (%(count)s)", count=2))

    sign_in(visitor, sandbox, phone := members.phone())
    visitor.arrives("/checkout/")
    visitor.page.locator("a.address").click()
    visitor.page.locator("[name=province_code]").select_option(label="广东省")
    visitor.press(zh("Show the next step"))
    visitor.page.locator("[name=city_code]").select_option(label="东莞市")
    visitor.press(zh("Show the next step"))
    assert not visitor.page.locator("[name=district_code]").is_visible(), "Dongguan has no districts"
    visitor.fill(recipient="陈小红", phone=phone, detail="南城街道鸿福路1号")
    visitor.press(zh("Save"))
    visitor.arrives("/checkout/")

    # 2 × 60 × 0.9 = 108.00, minus 10, freight 6
    visitor.sees("广东省东莞市", "鸿福路1号")
    above, total = visitor.ledger()
    assert sum(above) == total
    sandbox.fault("callback_never")
    order = submit(visitor)
    assert (order.due, order.member.user.phone) == (total, phone)
    pay_at_the_cashier(visitor)
    visitor.sees(zh("Confirming your payment"))
    visitor.press(zh("Ask again"))
    visitor.arrives("/paid/")
    outbox.drain_all()
    assert list(BasketLine.objects.values_list("sku", "quantity")) == [(town.milk.pk, 2)]

    order = ship(Order.objects.get())
    outbox.drain_all()
    visitor.press(zh("Look at the order"))
    visitor.sees(order.shipments.get().tracking_no)
    visitor.press(zh("I have received it"))
    visitor.sees(zh("Completed"))
    outbox.drain_all()
    order.refresh_from_db()
    assert order.status == "completed"
    visitor.go("/me/points/")
    visitor.sees(str(int(order.goods_due)))
