"""From a coupon on the product page to an order, and everything back: with a browser, as a shopper does."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from marketing.models import CouponGrant, LimitedPrice
from members.models import PointsAccount
from orders.models import Order
from tests.factories.marketing import a_coupon, a_discount, a_grant
from tests.factories.members import address
from tests.journeys.conftest import Meet
from tests.journeys.steps import submit
from tests.journeys.town import Town
from tests.journeys.visitor import zh

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("balanced")
def test_a_coupon_is_claimed_used_with_points_and_comes_back(town: Town, meet: Meet) -> None:
    member = town.shopper(display_name="李雷", points_available=2000)
    address(member, is_default=True)
    a_coupon(name="草莓券", off=Decimal("8.00"), threshold=Decimal("30"), about=[town.strawberry.product])
    a_grant(member, name="小券", off=Decimal("3.00"))
    a_grant(member, name="大额券", off=Decimal("50.00"), threshold=Decimal("500"))
    a_discount((town.strawberry, "35.90"), quota=5, name="今日鲜果")
    visitor = meet()
    visitor.becomes(member.user)
    page = visitor.page

    visitor.go(f"/products/{town.strawberry.product_id}/")
    visitor.sees("今日鲜果", zh("%(count)s left at this price", count=5))
    visitor.sees_price("35.90")
    page.locator(".claims").click()
    ticket = page.locator("#sheet[open] .coupon", has_text="草莓券")
    ticket.get_by_role("button").click()
    expect(ticket).to_contain_text(zh("Claimed", "coupon"))
    visitor.sees(zh("It is in your wallet."))
    page.locator("#sheet [data-close]").click()
    visitor.press(zh("Add to basket"))
    expect(page.locator("[data-basket-count]").first).to_have_text("1")

    visitor.go("/basket/")
    hint = page.locator(".hint", has_text="减 ¥10")
    expect(hint).to_contain_text("64.10")
    hint.get_by_role("link").click()
    visitor.arrives("/gather/")
    goods = page.locator(".good__title")
    expect(goods.first).to_have_text("鲜牛奶整箱装")
    page.locator(".good .plus").first.click()
    expect(page.locator("#gather-bar")).to_contain_text("已减 ¥10.00")
    page.locator("#gather-bar .button--main").click()
    visitor.arrives("/basket/")

    page.locator(".actionbar .button--main").click()
    visitor.arrives("/checkout/")
    visitor.sees(zh("{name}: {amount} off", name="草莓券", amount="¥8.00"), zh("best for this order"))
    page.locator("button.cell[popovertarget=coupons]").click()
    visitor.sees("大额券", "还差")
    page.locator(".choice", has_text="小券").click()
    visitor.sees(zh("{name}: {amount} off", name="小券", amount="¥3.00"))
    page.locator("button.cell[popovertarget=coupons]").click()
    page.locator(".choice", has_text="草莓券").click()
    visitor.sees(zh("{name}: {amount} off", name="草莓券", amount="¥8.00"))
    page.locator("[role=checkbox]", has_text="积分").click()
    visitor.sees("¥20.00")
    order = submit(visitor)
    assert (order.points_used, order.due) == (2000, Decimal("73.80"))
    assert LimitedPrice.objects.get().taken_count == 1
    assert CouponGrant.objects.get(coupon__name="草莓券").status == "held"

    visitor.go(f"/orders/{order.number}/")
    page.locator("#cancel summary").click()
    page.locator("#cancel button").click()
    expect(page.locator("#cancel")).to_have_count(0)
    assert Order.objects.get().status == "closed"
    visitor.go("/me/coupons/")
    visitor.sees("草莓券", "小券", "大额券")
    assert PointsAccount.objects.get(member=member).available == 2000
    assert LimitedPrice.objects.get().taken_count == 0


def test_without_javascript_a_coupon_is_claimed_and_chosen(town: Town, meet: Meet) -> None:
    member = town.shopper(display_name="韩梅梅")
    address(member, is_default=True)
    a_coupon(name="草莓券", off=Decimal("8.00"))
    a_grant(member, name="小券", off=Decimal("3.00"))
    visitor = meet(java_script_enabled=False)
    visitor.becomes(member.user)
    page = visitor.page
    visitor.go(f"/products/{town.strawberry.product_id}/")
    page.locator(".claims").click()
    visitor.arrives("/coupons/")
    page.locator(".coupon button").click()
    visitor.sees(zh("It is in your wallet."), zh("Claimed", "coupon"))
    visitor.go(f"/checkout/?sku={town.strawberry.pk}&quantity=1")
    visitor.sees(zh("{name}: {amount} off", name="草莓券", amount="¥8.00"))
    page.locator("button.cell[popovertarget=coupons]").click()
    page.locator(".choice--none").click()
    visitor.sees(zh("{count} coupon can be used", count=2))
