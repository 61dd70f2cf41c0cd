"""Inside WeChat, on the sandbox's phone: nobody signs in, the sheet takes the money, cards are passed on."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from members.models import MemberMerge, Message, User, WechatIdentity
from members.policies import TEMPLATES
from orders.models import Order, Payment
from orders.services import baskets
from orders.terms import PaymentMethod
from shop.core import outbox
from tests.factories.orders import place
from tests.journeys.conftest import PHONE, Meet
from tests.journeys.town import Town
from tests.journeys.visitor import zh
from tests.journeys.wechat_phone import WechatPhone
from tests.sandboxes import Sandbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("balanced"),
]


@pytest.fixture
def phone(meet: Meet, town: Town, sandbox: Sandbox) -> WechatPhone:
    for template in sandbox.call("GET", "/wechat/templates"):
        TEMPLATES[template["app"], template["kind"]].set(template["template_id"], actor="user:1")
    return WechatPhone(meet(desktop=True), sandbox)


def _bind(phone: WechatPhone, number: str) -> None:
    phone.fill(phone=number)
    phone.tick("agree")
    phone.press(zh("Send the code"))
    phone.sees(zh("Send again"))
    phone.fill(code=phone.sandbox.messages(number)[0]["code"])
    phone.press(zh("Bind the number"))


def _pay(phone: WechatPhone) -> None:
    phone.page.get_by_role("button", name="确认支付").click()
    phone.page.get_by_role("button", name="完成").click()


def test_a_stranger_buys_without_ever_signing_in(phone: WechatPhone, town: Town, sandbox: Sandbox) -> None:
    phone.opens(f"/products/{town.milk.product_id}/", person="小满")
    phone.sees("鲜牛奶整箱装")
    person = WechatIdentity.objects.get().user
    assert person.phone == ""
    phone.press(zh("Buy now"), within=".actionbar")
    phone.arrives("/checkout/")
    phone.press(zh("Collect it"))
    phone.arrives("mode=pickup")
    phone.frame.locator("details[open] .slots .chip").last.click()
    phone.sees(zh("Bind your number first"))
    phone.frame.locator("a.address", has_text=zh("Your mobile number")).click()
    phone.arrives("/me/phone/")
    _bind(phone, "17000000055")
    phone.arrives("/checkout/")
    phone.frame.locator("details[open] .slots .chip").last.click()
    phone.fill(contact_name="小满")
    phone.frame.locator(".actionbar button[form=checkout]").click()
    _pay(phone)
    phone.arrives("/paid/")
    order = Order.objects.get()
    payment = Payment.objects.get()
    assert (order.status, order.member.user_id) == ("paid", person.pk)
    assert (payment.method, payment.payer) == (PaymentMethod.JSAPI, WechatIdentity.objects.get().openid)
    outbox.drain_all()
    message = Message.objects.get()
    assert (message.kind, message.delivery) in (("pickup_ready", "sent"), ("pickup_ready", "delivered"))
    assert "openid" not in phone.page.url


def test_giving_the_payment_up_charges_nothing_and_can_go_on(
    phone: WechatPhone, town: Town, sandbox: Sandbox
) -> None:
    phone.opens("/", person="阿树")
    phone.sees("梧桐里生鲜")
    user = User.objects.get()
    user.put_phone("17000000066")
    user.save()
    order = place({town.milk: 1}, member=user.member)
    phone.opens(f"/orders/{order.number}/pay/")
    phone.press(zh("Pay with WeChat"))
    phone.page.get_by_role("button", name="取消支付").click()
    phone.sees(zh("Not paid yet. You can go on whenever you like."))
    order.refresh_from_db()
    assert order.status == "unpaid"
    phone.press(zh("Pay with WeChat"))
    _pay(phone)
    phone.arrives("/paid/")
    order.refresh_from_db()
    assert order.status == "paid"


def test_a_known_number_joins_both_accounts(phone: WechatPhone, town: Town, sandbox: Sandbox) -> None:
    old = town.shopper(phone="17000000077", display_name="韩梅梅")
    baskets.add(basket=baskets.of(member=old), sku_id=town.large.pk, quantity=1)
    phone.opens(f"/products/{town.milk.product_id}/", person="团团")
    phone.press(zh("Add to basket"), within=".actionbar")
    phone.sees(zh("It is in your basket."))
    phone.opens("/me/phone/?next=/basket/")
    _bind(phone, "17000000077")
    phone.sees(zh("You have been here before"), "170****0077")
    phone.press(zh("Join them"))
    phone.arrives("/basket/")
    phone.sees("鲜牛奶整箱装", "烟台红富士苹果")
    outbox.drain_all()
    assert MemberMerge.objects.get().kept == old
    assert WechatIdentity.objects.get().user == old.user
    phone.opens("/me/sign-ins/")
    phone.sees("170****0077", zh("Signs you in by itself inside WeChat"))


def test_the_card_is_the_products_and_the_poster_can_be_pressed(
    phone: WechatPhone, town: Town, sandbox: Sandbox
) -> None:
    phone.opens(f"/products/{town.apple.pk}/", person="小满")
    phone.sees("烟台红富士苹果")
    log = phone.page.locator("[data-log]")
    expect(log).to_contain_text("签名有效")
    expect(log).to_contain_text("好友：烟台红富士苹果")
    phone.frame.get_by_role("link", name=zh("Share", "button")).filter(visible=True).first.click()
    phone.arrives("/share/")
    poster = phone.frame.locator(".poster img")
    expect(poster).to_be_visible()
    assert poster.evaluate("img => img.decode().then(() => img.naturalWidth)") == 750
    phone.sees(zh("Press the picture long to save it or to send it on."))


def test_a_stolen_way_back_signs_nobody_in(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    agent = f"{PHONE} MicroMessenger/8.0.50"
    victim, thief = meet(user_agent=agent), meet(user_agent=agent)
    thief.go("/basket/")
    state = parse_qs(urlsplit(thief.page.url).query)["state"][0]
    person = sandbox.call("GET", "/wechat/people")[0]
    code = sandbox.call("POST", "/wechat/codes", person=person["name"], app="oa")["code"]
    victim.go(f"/wechat/callback/?code={code}&state={state}")
    victim.sees(zh("This link has done its work"))
    assert not User.objects.exists()
    victim.press(zh("To the shop"))
    victim.arrives("/connect/oauth2/authorize")


def test_a_preview_may_look_but_not_buy(meet: Meet, town: Town, sandbox: Sandbox) -> None:
    visitor = meet(user_agent=f"{PHONE} MicroMessenger/8.0.50")
    visitor.go(f"/products/{town.milk.product_id}/")
    visitor.arrives("/connect/oauth2/authorize")
    state = parse_qs(urlsplit(visitor.page.url).query)["state"][0]
    person = sandbox.call("GET", "/wechat/people")[0]
    code = sandbox.call("POST", "/wechat/codes", person=person["name"], app="oa", is_snapshotuser=True)[
        "code"
    ]
    visitor.go(f"/wechat/callback/?code={code}&state={state}")
    visitor.sees("鲜牛奶整箱装")
    visitor.press(zh("Buy now"), within=".actionbar")
    visitor.arrives("/wechat/preview/")
    visitor.sees(zh("You are looking at a preview"))
    assert not User.objects.exists()
    visitor.press(zh("I have pressed it"))
    visitor.arrives("/connect/oauth2/authorize")


def test_a_page_from_memory_shows_the_basket_of_now(meet: Meet, town: Town) -> None:
    visitor = meet()
    visitor.go("/")
    visitor.sees("梧桐里生鲜")
    visitor.press(zh("Add %(title)s to the basket", title="鲜牛奶整箱装"))
    count = visitor.page.locator(".tabbar [data-basket-count]")
    expect(count).to_have_text("1")
    visitor.go("/basket/")
    visitor.page.locator(".stepper button").last.click()
    expect(count).to_have_text("2")
    visitor.page.go_back()
    visitor.arrives(re.escape(visitor.url) + "/$")
    expect(count).to_have_text("2")
