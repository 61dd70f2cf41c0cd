"""The clerk's phone: the staff REST API held in one hand."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from members.models import StaffWechat
from orders.models import Order
from tests.factories import members, orders
from tests.journeys.conftest import Meet
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor
from tests.sandboxes import Sandbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]


def tab(page: Page, words: str) -> None:
    page.locator(".tabs button", has_text=words).click()


def signed_in(visitor: Visitor, sandbox: Sandbox, username: str) -> Page:
    """Binds 老周's WeChat to this account on the first visit."""
    page = visitor.page
    page.goto(f"{sandbox.url}/clerk/")
    visitor.press("微信一键登录")
    page.locator("#login").fill(username)
    page.locator("#password").fill("wrong one here")
    visitor.press("绑定并登录")
    expect(page.locator(".error")).not_to_be_empty()
    page.locator("#password").fill(members.PASSWORD)
    visitor.press("绑定并登录")
    expect(page.locator("[data-title]")).to_have_text("待办")
    return page


def test_a_clerk_hears_of_an_order_and_hands_it_out(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    clerk = town.clerk(town.store)
    visitor = meet()
    page = signed_in(visitor, sandbox, clerk.username)
    assert StaffWechat.objects.get().user_id == clerk.pk
    visitor.sees("没有要做的事")
    page.wait_for_timeout(4500)  # the first question only learns where to go on from

    order = orders.paid({town.milk: 1}, delivery=orders.to_store(town.store))
    elsewhere = orders.paid({town.milk: 1}, delivery=orders.to_store(town.other_store))
    expect(page.locator(".new")).to_contain_text("鲜牛奶整箱装", timeout=10_000)
    tab(page, "订单")
    visitor.sees("待自提")
    expect(page.locator("main .rowbutton")).to_have_count(1)

    tab(page, "核销")
    page.locator("#code").fill(elsewhere.pickup.code)
    visitor.press("查一下")
    expect(page.locator(".error")).not_to_be_empty()
    page.locator("#code").fill(order.pickup.code)
    visitor.press("查一下")
    visitor.sees("鲜牛奶整箱装 × 1")
    visitor.press("货已交给顾客")
    visitor.sees("核销成功")
    order.refresh_from_db()
    assert order.status == "completed"

    page.goto(f"{sandbox.url}/clerk/")
    tab(page, "我的")
    visitor.press("退出登录")
    visitor.press("微信一键登录")
    expect(page.locator("[data-title]")).to_have_text("待办")


def test_the_warehouse_ships_counts_and_notes(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    keeper = town.clerk(town.warehouse, "warehouse")
    order = orders.paid({town.milk: 2}, buyer_note="放门口")
    assert order.place_id == town.warehouse.pk
    visitor = meet()
    page = signed_in(visitor, sandbox, keeper.username)
    page.locator(".todo button", has_text="待发货").click()
    visitor.sees("放门口")
    page.locator("main .rowbutton", has_text="放门口").click()
    visitor.sees("鲜牛奶整箱装 × 2")
    page.locator("#flag").select_option("red")
    page.locator("#note").fill("易碎")
    visitor.press("保存")
    visitor.sees("记下了")
    expect(page.locator("#flag")).to_have_value("red")
    page.locator("#tracking").fill("SF1234567890123")
    visitor.press("确认发货")
    visitor.sees("已发货", "顺丰速运 SF1234567890123")
    order = Order.objects.get()
    assert (order.shipping_status, order.flag, order.staff_note) == ("shipped", "red", "易碎")

    tab(page, "商品")
    page.locator("#find").fill("牛奶")
    page.keyboard.press("Enter")
    expect(page.locator("main .rowbutton")).to_have_count(1)
    page.locator("main .rowbutton").first.click()
    page.locator("#counted").fill("25")
    visitor.press("保存库存")
    visitor.sees("库存改好了")
    level = town.milk.levels.get(place=town.warehouse)
    assert level.on_hand == 25
    expect(page.locator("#price")).to_have_count(0)


def test_an_operator_changes_a_price_and_is_told_when_not(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    operator = members.staff("operator")
    visitor = meet()
    page = signed_in(visitor, sandbox, operator.username)
    tab(page, "商品")
    page.locator("main .rowbutton", has_text="鲜牛奶").first.click()
    page.locator("#price").fill("-1")
    page.locator("#why").fill("周末")
    visitor.press("保存价格")
    expect(page.locator(".error").last).not_to_be_empty()
    page.locator("#price").fill("65.90")
    visitor.press("保存价格")
    visitor.sees("价格改好了")
    town.milk.refresh_from_db()
    assert town.milk.list_price == Decimal("65.90")
