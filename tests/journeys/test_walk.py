"""A walk over every page a shopper can see, at three widths, in both themes and with text twice as large.

`WALK_PICTURES=<directory>` keeps a picture of each page.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page

from catalog.models import Product, Sku
from catalog.services import favourites, skus, stock
from catalog.services.skus import AxisRow, SkuRow, ValueRow
from marketing.models import FullReduction
from members.models import Member
from members.services import wechat
from orders.models import Order, Refund
from orders.services import baskets, closing
from orders.terms import DeliveryMode
from shop.core import clock, crypto
from tests.factories.catalog import ProductFactory, a_sku, searchable, stock_up
from tests.factories.marketing import a_coupon, a_discount, a_grant
from tests.factories.members import address
from tests.factories.orders import collected, paid, place, received, shipped, to_address, to_store
from tests.journeys.conftest import Meet
from tests.journeys.town import OPERATOR, Town
from tests.journeys.visitor import Visitor, zh
from tests.sandboxes import Sandbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]

LOOK = (Path(__file__).parent / "walk.js").read_text()
WIDTHS = (320, 414)
TWICE_AS_LARGE = """() => {
  document.documentElement.style.fontSize = "200%";
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# words that are Latin in Chinese too
LATIN = r"English|ICP|EXAMPLE|SF\d+|MA5|OFF"
PICTURES = os.environ.get("WALK_PICTURES", "")


class Walk:
    """What was found so far, page by page."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.night = visitor.context.new_page()
        self.page.bring_to_front()
        self.night.emulate_media(color_scheme="dark", reduced_motion="reduce")
        visitor.watch(self.night)
        self.found: list[str] = []
        self.seen = 0
        self.words = LATIN if zh("Home") != "Home" else ""

    def stop_at(self, name: str, path: str = "") -> None:
        """Looks over the page at `path`, or the one that is open."""
        if path:
            answer = self.visitor.go(path)
            assert answer is not None
            if answer.status != (404 if name == "missing" else 200):
                self.found.append(f"{name}: {path} answered {answer.status}")
                return
        self.seen += 1
        self._look(name, "375")
        self._keep(name, "light")
        if path:
            self._look_at_night(name, path)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 812})
            self._look(name, str(width), layout=True)
        self.page.set_viewport_size({"width": 375, "height": 812})
        self.page.evaluate(TWICE_AS_LARGE)
        self._look(name, "text 200%", layout=True)
        self._keep(name, "large")
        self.page.evaluate("document.documentElement.style.fontSize = ''")

    def _look_at_night(self, name: str, path: str) -> None:
        """In a window of its own: a theme that changes under an open page leaves colours behind in
        Chromium."""
        self.night.goto(self.visitor.url + path)
        self._look(name, "dark", page=self.night)
        self._keep(name, "dark", page=self.night)
        self.page.bring_to_front()  # a page in the background is drawn once a second

    def _look(self, name: str, how: str, *, layout: bool = False, page: Page | None = None) -> None:
        said = (page or self.page).evaluate(LOOK, {"layout": layout, "words": self.words})
        self.found += [f"{name} ({how}): {one}" for one in said]

    def _keep(self, name: str, how: str, page: Page | None = None) -> None:
        if PICTURES:
            (page or self.page).screenshot(path=f"{PICTURES}/{name}-{how}.png", full_page=True)


@pytest.fixture
def walk(meet: Meet) -> Iterator[Walk]:
    made = Walk(meet(reduced_motion="reduce"))
    yield made
    report = "\n".join(dict.fromkeys(made.found))
    assert not report, f"{len(made.found)} findings on {made.seen} pages:\n{report}"


def test_every_page_a_guest_sees(walk: Walk, town: Town) -> None:
    visitor, page = walk.visitor, walk.page
    walk.stop_at("home", "/")
    walk.stop_at("categories", "/categories/")
    walk.stop_at("category", "/categories/fruit/")
    walk.stop_at("search-empty", "/search/")
    walk.stop_at("search", "/search/?q=苹果")
    walk.stop_at("search-nothing", "/search/?q=龘龘龘")
    walk.stop_at("search-corrected", "/search/?q=平果&max=500&stock=1")
    walk.stop_at("filters", "/search/filter/?q=苹果")
    walk.stop_at("stores", "/stores/")
    walk.stop_at("store", f"/stores/{town.store.code}/")
    walk.stop_at("contact", "/contact/")
    walk.stop_at("basket-empty", "/basket/")
    walk.stop_at("product-single", f"/products/{town.strawberry.product_id}/")
    walk.stop_at("product", f"/products/{town.apple.pk}/")
    page.locator("summary").first.click()
    visitor.press(zh("Buy now"), within=".actionbar")
    page.locator("#buy:popover-open").wait_for()
    walk.stop_at("product-sheet")
    visitor.go("/")
    visitor.press(zh("Choose a specification of %(title)s", title="烟台红富士苹果"))
    page.locator("#sheet[open] form").wait_for()
    walk.stop_at("home-sheet")
    visitor.press(zh("Add to basket"), within="#sheet")
    visitor.sees(zh("It is in your basket."))
    walk.stop_at("home-toast")
    walk.stop_at("basket-guest", "/basket/")
    walk.stop_at("me-guest", "/me/")
    walk.stop_at("login", "/login/?next=/checkout/")
    visitor.press(zh("Send the code"))
    visitor.sees(zh("Please read and agree first."))
    walk.stop_at("login-refused")
    visitor.fill(phone="13912345678")
    visitor.tick("agree")
    visitor.press(zh("Send the code"))
    visitor.sees(zh("Send again"))
    walk.stop_at("login-sent")
    walk.stop_at("login-password", "/login/?way=password")
    for name in ("privacy", "terms", "licence"):
        walk.stop_at(name, f"/{name}/")
    walk.stop_at("preview", crypto.sign_path(f"/products/{town.apple.pk}/preview/", 600))
    walk.stop_at("missing", "/products/999999/")


def test_every_page_a_member_sees(walk: Walk, town: Town) -> None:
    visitor, page = walk.visitor, walk.page
    member = town.shopper(town.silver, display_name="李雷", points_available=1280)
    visitor.becomes(member.user)
    walk.stop_at("addresses-empty", "/addresses/")
    walk.stop_at("checkout-without-address", f"/checkout/?sku={town.milk.pk}&quantity=2")
    home = address(member, tag="home", is_default=True)
    walk.stop_at("orders-empty", "/orders/")
    walk.stop_at("favourites-empty", "/me/favourites/")
    for product in town.goods:
        favourites.add(member_id=member.pk, product_id=product.pk)
    walk.stop_at("favourites", "/me/favourites/")

    gone = _full_basket(town, member)
    walk.stop_at("basket", "/basket/")
    page.locator(".actionbar button.total").click()
    walk.stop_at("basket-ledger")
    visitor.go("/basket/")
    page.locator(".chip--spec").first.click()
    page.locator("#sheet[open] form").wait_for()
    walk.stop_at("basket-change")
    visitor.go("/basket/")
    visitor.press(zh("Take %(title)s out", title=gone.title))
    visitor.sees(zh("Undo"))
    walk.stop_at("basket-undo")

    walk.stop_at("checkout", "/checkout/")
    walk.stop_at("checkout-points", "/checkout/?points=1000")
    walk.stop_at("checkout-pickup", "/checkout/?mode=pickup")
    walk.stop_at("me", "/me/")
    walk.stop_at("profile", "/me/profile/")
    walk.stop_at("points", "/me/points/")
    walk.stop_at("addresses", "/addresses/")
    walk.stop_at("addresses-choose", "/addresses/?next=/checkout/")
    walk.stop_at("address-new", "/addresses/new/")
    walk.stop_at("address", f"/addresses/{home.pk}/")
    page.locator("[name=recipient]").fill("")
    visitor.press(zh("Save"))
    page.locator(".field__error").first.wait_for()
    walk.stop_at("address-refused")


def test_every_page_of_offers(walk: Walk, town: Town) -> None:
    visitor, page = walk.visitor, walk.page
    a_discount((town.strawberry, "35.90"), quota=5, per_member=2, name="今日鲜果")
    a_coupon(name="草莓券", off=Decimal("8"), threshold=Decimal("30"), about=[town.strawberry.product])
    a_coupon(
        name="名字很长很长也写得下的一张券" * 2, kind="percent", rate=Decimal("0.85"), cap=Decimal("99.99")
    )
    a_coupon(name="抢光了", total_count=0)
    walk.stop_at("coupons-guest", "/coupons/")
    walk.stop_at("product-offers", f"/products/{town.strawberry.product_id}/")
    page.locator(".claims").click()
    page.locator("#sheet[open] .coupons").wait_for()
    walk.stop_at("product-coupons")
    member = town.shopper(town.silver, display_name="李雷", points_available=1280)
    visitor.becomes(member.user)
    address(member, is_default=True)
    walk.stop_at("wallet-empty", "/me/coupons/")
    for threshold in ("0", "20", "500"):
        a_grant(member, name=f"满{threshold}", threshold=Decimal(threshold))
    walk.stop_at("wallet", "/me/coupons/")
    basket = baskets.of(member=member)
    baskets.add(basket=basket, sku_id=town.strawberry.pk, quantity=2)
    walk.stop_at("gather", f"/gather/?rule={FullReduction.objects.get().rule}")
    walk.stop_at("checkout-coupon", "/checkout/?points=all")
    page.locator("button.cell[popovertarget=coupons]").click()
    walk.stop_at("checkout-coupons")


def test_every_page_of_an_order(walk: Walk, town: Town) -> None:
    visitor = walk.visitor
    member = town.shopper(town.silver, display_name="李雷")
    visitor.becomes(member.user)
    orders = _orders(town, member)
    for tab in ("all", "to_pay", "to_ship", "to_receive", "completed"):
        walk.stop_at(f"orders-{tab}", f"/orders/?tab={tab}")
    for name, order in orders.items():
        walk.stop_at(f"order-{name}", f"/orders/{order.number}/")
    walk.stop_at("paid", f"/orders/{orders['to-ship'].number}/paid/")
    walk.stop_at("paid-pickup", f"/orders/{orders['to-collect'].number}/paid/")

    waiting = f"/orders/{orders['to-pay'].number}/pay/"
    walk.stop_at("pay-start", waiting)
    visitor.press(zh("Pay with WeChat"))
    visitor.page.wait_for_url("**/cashier**")
    walk.stop_at("pay-phone", waiting)
    walk.stop_at("pay-confirming", f"{waiting}?back=1")


def test_every_page_of_somebody_who_came_by_wechat(walk: Walk, town: Town, sandbox: Sandbox) -> None:
    visitor = walk.visitor
    town.shopper(phone="13912345678")
    visitor.becomes(wechat.sign_in(app_id=sandbox.settings["WECHAT_OA_APPID"], openid="o1"))
    walk.stop_at("sign-ins", "/me/sign-ins/")
    visitor.page.locator("summary").first.click()
    walk.stop_at("sign-ins-last")
    walk.stop_at("checkout-without-number", f"/checkout/?sku={town.milk.pk}&quantity=1")
    walk.stop_at("number", "/me/phone/?next=/checkout/")
    visitor.fill(phone="13912345678")
    visitor.tick("agree")
    visitor.press(zh("Send the code"))
    visitor.sees(zh("Send again"))
    visitor.fill(code=sandbox.messages("13912345678")[0]["code"])
    visitor.press(zh("Bind the number"))
    visitor.sees(zh("You have been here before"))
    walk.stop_at("join")
    walk.stop_at("preview", "/wechat/preview/")
    walk.stop_at("share", f"/products/{town.apple.pk}/share/")


def test_goods_that_strain_the_pages_leave_them_whole(walk: Walk, town: Town) -> None:
    visitor, page = walk.visitor, walk.page
    goods = _straining(town)
    member = town.shopper(town.silver, display_name="欧阳" + "W" * 18)
    visitor.becomes(member.user)
    address(member, is_default=True, recipient="爱新觉罗" + "W" * 16, detail="W" * 110)
    walk.words = ""  # names may be in any script
    walk.stop_at("home-strained", "/")
    walk.stop_at("category-strained", "/categories/fruit/")
    walk.stop_at("search-strained", "/search/?q=" + "W" * 60)
    for name, sku in goods.items():
        walk.stop_at(f"product-{name}", f"/products/{sku.product_id}/")
    visitor.press(zh("Buy now"), within=".actionbar")
    page.locator("#buy:popover-open").wait_for()
    walk.stop_at("sheet-many")
    basket = baskets.of(member=member)
    for sku in goods.values():
        baskets.add(basket=basket, sku_id=sku.pk, quantity=1)
    walk.stop_at("basket-strained", "/basket/")
    walk.stop_at("checkout-strained", "/checkout/")
    walk.stop_at("me-strained", "/me/")
    order = place(
        {goods["long"]: 1, goods["emoji"]: 1}, member=member, delivery=to_address(member, address(member))
    )
    walk.stop_at("orders-strained", "/orders/")
    walk.stop_at("order-strained", f"/orders/{order.number}/")


def _straining(town: Town) -> dict[str, Sku]:
    """A name without a break at the highest price, emoji, no picture, and a product of 500 SKUs."""
    made = {
        "long": a_sku(
            price="99999.99",
            stock=5,
            product__title="W" * 30,
            product__subtitle="W" * 60,
            product__category=town.fruit,
        ),
        "emoji": a_sku(
            price="0.01", stock=5, product__title="🍓🍓草莓👩‍👩‍👧‍👦家庭装🎁", product__category=town.fruit
        ),
    }
    many = ProductFactory(title="五百种规格", category=town.fruit, sale_unit="份")
    sizes = [f"{number}号" for number in range(1, 26)]
    kinds = [f"{number}味{'长' * (number % 7)}" for number in range(1, 21)]
    skus.save_matrix(
        product=many,
        axes=[
            AxisRow("尺码", tuple(ValueRow(one) for one in sizes)),
            AxisRow("口味", tuple(ValueRow(one) for one in kinds)),
        ],
        rows=[SkuRow((size, kind), Decimal("12.80")) for size in sizes for kind in kinds],
        actor=OPERATOR,
    )
    made["many"] = Sku.objects.filter(product=many).earliest("pk")
    stock_up(made["many"], 5, town.warehouse)
    searchable(*(sku.product for sku in made.values()))
    return made


def _full_basket(town: Town, member: Member) -> Product:
    """Goods of every kind, one sold out and one gone; the product in the basket that can be taken out."""
    basket = baskets.of(member=member)
    for sku, quantity in ((town.large, 2), (town.small, 1), (town.milk, 2), (town.strawberry, 3)):
        baskets.add(basket=basket, sku_id=sku.pk, quantity=quantity)
    for level in town.strawberry.levels.all():
        stock.adjust(level_id=level.pk, delta=-level.on_hand, reason="damaged", actor=OPERATOR)
    return town.milk.product


def _orders(town: Town, member: Member) -> dict[str, Order]:
    """One in each state a shopper can see."""
    express, store = to_address(member, address(member)), to_store(town.store)
    pieces = {town.large: 2, town.milk: 1}
    made = {
        "to-ship": paid(pieces, member=member, delivery=express, buyer_note="放门口"),
        "to-collect": paid({town.milk: 1}, member=member, delivery=store),
        "on-its-way": shipped(pieces, member=member, delivery=express),
        "received": received({town.small: 1}, member=member, delivery=express),
        "collected": collected({town.milk: 1}, member=member, store=town.store),
        "cancelled": place({town.small: 1}, member=member, delivery=express),
        "expired": place({town.small: 1}, member=member, delivery=express),
        "refunding": paid({town.small: 1}, member=member, delivery=express),
    }
    actor = f"user:{member.user_id}"
    closing.cancel(order_id=made["cancelled"].pk, actor=actor, reason="买错了")
    with clock.shifted(timedelta(minutes=16)):
        closing.expire_due()
    closing.cancel(order_id=made["refunding"].pk, actor=actor)
    made["to-pay"] = place(pieces, member=member, delivery=express)
    assert Refund.objects.count() == 1
    assert {order.delivery_mode for order in made.values()} == {DeliveryMode.EXPRESS, DeliveryMode.PICKUP}
    return made


def test_the_walk_stumbles_over_what_is_wrong(meet: Meet) -> None:
    page = meet().page
    page.set_content("""<!doctype html><html lang="zh"><title>坏</title><body style="background:#fff">
      <main style="width:600px"><a href="#" style="display:block;width:20px;height:20px">短</a></main>
      <img src="data:," id="same"><button id="same" style="width:50px;height:50px"></button>
      <p style="color:#999">浅色</p><p style="font-size:9px">小字</p><p>Hello</p><svg></svg></body></html>""")
    said = "\n".join(page.evaluate(LOOK, {"layout": False, "words": LATIN}))
    for problem in (
        *("scrolls sideways", "small target, 20×20", "no alt", "no dimensions", "id same twice"),
        *("0 main headings", "nothing says what it is", "contrast 2.85", "type of 9 px"),
        *("not translated (Hello)", "a drawing without a name"),
    ):
        assert problem in said
