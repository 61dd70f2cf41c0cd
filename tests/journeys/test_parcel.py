"""From the first look to the points: goods that come by parcel."""

import pytest
from playwright.sync_api import expect

from members.models import PointsEntry
from members.selectors import points
from orders.models import BasketLine, Order, Payment
from orders.services import baskets
from shop.core import outbox
from shop.core.models import AuditEntry
from tests.factories.members import PASSWORD, address
from tests.journeys.conftest import Meet
from tests.journeys.steps import pay_at_the_cashier, payment_of, sign_in, submit
from tests.journeys.town import Desk, Town
from tests.journeys.visitor import zh
from tests.sandboxes import Sandbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("balanced"),
]

PASTED = "收货人：王小明 13800138000 广东省深圳市南山区科技园南路18号3栋501"


def test_a_guest_finds_buys_pays_and_receives(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    member = town.shopper(town.silver)
    phone = member.user.phone
    baskets.add(basket=baskets.of(member=member), sku_id=town.large.pk, quantity=1)
    visitor = meet()

    visitor.go("/")
    visitor.sees("梧桐里生鲜", "全场满减", "烟台红富士苹果")
    visitor.press(zh("Add %(title)s to the basket", title="鲜牛奶整箱装"))
    visitor.sees(zh("It is in your basket."))
    expect(visitor.page.locator(".tabbar [data-basket-count]")).to_have_text("1")

    visitor.press("新鲜水果", within="nav")
    visitor.arrives("/categories/fruit/")
    visitor.sees("丹东草莓", "苹果梨")
    visitor.go("/search/?q=")
    visitor.fill(q="红富士")
    visitor.page.keyboard.press("Enter")
    visitor.arrives(r"/search/\?q=")
    visitor.misses("鲜牛奶")
    visitor.page.locator(".good__open", has_text="烟台红富士苹果").click()

    visitor.arrives(f"/products/{town.apple.pk}/")
    visitor.sees("烟台红富士苹果", "满2件9折")
    visitor.press(zh("Add to basket"), within=".actionbar")
    visitor.page.locator("#buy .chip", has_text="5斤装").click()
    expect(visitor.page.locator("#buy .price")).to_contain_text("60")
    visitor.press(zh("Add to basket"), within="#buy")
    visitor.sees(zh("It is in your basket."))
    guest_lines = BasketLine.objects.filter(basket__member=None)
    assert set(guest_lines.values_list("sku", "quantity")) == {(town.milk.pk, 1), (town.large.pk, 1)}

    visitor.go("/basket/")
    visitor.sees("鲜牛奶整箱装", "5斤装")
    visitor.press(zh("Check out (%(count)s)", count=2))
    visitor.arrives("/login/")
    sign_in(visitor, sandbox, phone)
    visitor.arrives("/checkout/")
    assert dict(BasketLine.objects.values_list("sku", "quantity")) == {town.milk.pk: 1, town.large.pk: 2}
    assert not BasketLine.objects.filter(basket__member=None).exists()

    visitor.page.locator("a.address").click()
    visitor.fill(pasted=PASTED)
    visitor.press(zh("Fill in from the text"))
    expect(visitor.page.locator("[name=recipient]")).to_have_value("王小明")
    expect(visitor.page.locator("[name=district_code]")).to_have_value("440305")
    visitor.press(zh("Save"))
    visitor.arrives("/checkout/")
    visitor.sees("科技园南路18号3栋501", "王小明", "银卡", "两件九折", "全场满减")

    # 2 × 60 × 0.9 × 0.9 = 97.20, 69.90 × 0.9 = 62.91, minus 10, no freight from 99
    above, total = visitor.ledger()
    assert (sum(above), str(total)) == (total, "150.11")
    visitor.fill(note="放门口就好")
    sandbox.fault("callback_never")
    visitor.press(zh("Submit and pay %(amount)s", amount="¥150.11"))
    pay_at_the_cashier(visitor)

    visitor.arrives("/orders/.*/pay/")
    visitor.sees(zh("Confirming your payment"))
    visitor.arrives("/orders/.*/paid/")
    visitor.sees(zh("Thank you, it is paid"))
    visitor.sees_price("150.11")
    order = Order.objects.get()
    assert (order.status, str(order.paid_amount), order.buyer_note) == ("paid", "150.11", "放门口就好")
    assert (order.recipient, order.phone, order.region_code) == ("王小明", "13800138000", "440305")
    assert Payment.objects.get().method == "h5"
    assert not BasketLine.objects.exists()
    outbox.drain_all()

    visitor.press(zh("Look at the order"))
    visitor.sees(zh("To ship"), "放门口就好")
    above, total = visitor.ledger()
    assert (sum(above), total) == (total, order.due)

    desk = Desk(visitor.url, town.clerk(town.warehouse, "warehouse"))
    assert [row["number"] for row in desk.get("/orders/").json()["results"]] == [order.number]
    parcel = {"carrier": "shunfeng", "tracking_no": "SF1234567890123"}
    shipped = desk.post(f"/orders/{order.number}/ship/", key="one", **parcel)
    assert shipped.status_code == 200, shipped.text
    assert desk.post(f"/orders/{order.number}/ship/", key="one", **parcel).json() == shipped.json()
    assert order.shipments.count() == 1
    outbox.drain_all()

    visitor.page.reload()
    visitor.sees("SF1234567890123", zh("To receive"))
    visitor.press(zh("I have received it"))
    visitor.sees(zh("Completed"))
    outbox.drain_all()
    order.refresh_from_db()
    assert order.status == "completed"
    assert points.balance(member.pk) == 150
    assert list(PointsEntry.objects.values_list("amount", "kind", "source")) == [
        (150, "earn", f"order:{order.number}")
    ]
    town.large.refresh_from_db()
    visitor.go("/me/points/")
    visitor.sees("150")


def test_bought_at_once_paid_by_qr_code_and_shipped_from_the_back_office(
    meet: Meet, town: Town, sandbox: Sandbox
) -> None:
    member = town.shopper(display_name="李雷")
    address(member)
    waiting = baskets.of(member=member)
    baskets.add(basket=waiting, sku_id=town.milk.pk, quantity=3)
    visitor = meet(desktop=True)
    visitor.becomes(member.user)
    visitor.go(f"/products/{town.apple.pk}/")
    visitor.page.locator("#buy .chip", has_text="5斤装").click()
    expect(visitor.page.locator("#buy .price")).to_contain_text("60")
    visitor.press(zh("Buy now"), within="#buy")
    visitor.arrives(r"/checkout/\?sku=")
    order = submit(visitor)
    assert [(line.sku_id, line.quantity) for line in order.lines.all()] == [(town.large.pk, 1)]
    assert str(order.due) == "66.00"
    assert waiting.lines.get().quantity == 3, "the basket is left alone"

    visitor.sees(zh("Scan with WeChat: Discover → Scan"))
    expect(visitor.page.locator("#pay-state .qr svg")).to_be_visible()
    payment = payment_of(order)
    assert (payment.method, payment.status) == ("native", "pending")
    sandbox.pay(payment.number)
    visitor.arrives("/paid/")
    outbox.drain_all()

    clerk = town.clerk(town.warehouse, "warehouse")
    staff = meet(desktop=True)
    staff.go("/admin/orders/order/?todo=to_ship")
    staff.fill(username=clerk.username, password=PASSWORD)
    staff.page.locator("form [type=submit]").first.click()
    staff.page.get_by_role("link", name=order.number).first.click()
    staff.sees(order.number, "烟台红富士苹果")
    staff.page.locator(f"a[href*='/order/{order.pk}/ship']").first.click()
    staff.sees(zh("The goods leave the stock and the shopper sees the parcel at once."))
    staff.page.locator("[name=carrier]").select_option("zhongtong")
    staff.fill(tracking_no="75412345678901")
    staff.page.locator("form:has([name=carrier]) [type=submit]").click()
    staff.sees("75412345678901")
    outbox.drain_all()
    order.refresh_from_db()
    assert (order.shipping_status, order.shipments.get().tracking_no) == ("shipped", "75412345678901")
    assert AuditEntry.objects.filter(actor=f"user:{clerk.pk}", verb="ship").count() == 1
    level = town.large.levels.get(place=town.warehouse)
    assert (level.on_hand, level.reserved) == (19, 0)

    visitor.go("/orders/?tab=to_receive")
    visitor.press(zh("I have received it"))
    visitor.sees("75412345678901")
    visitor.press(zh("I have received it"))
    visitor.sees(zh("Completed"))
    outbox.drain_all()
    assert points.balance(member.pk) == 60
