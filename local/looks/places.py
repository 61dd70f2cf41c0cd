"""The main pages of a running demo, found by walking: who sees them and where they are."""

import json
import os
import re
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from local import env
from local.paths import ENV_FILE, LocalError

SHOPPER = os.environ.get("LOOKS_SHOPPER", "17000000001")
STAFF = os.environ.get("LOOKS_STAFF", "admin:weimall-demo-2026")
GUEST = (
    ("home", "/"),
    ("categories", "/categories/"),
    ("search", "/search/"),
    ("results", "/search/?q=苹果"),
    ("no-results", "/search/?q=龘龘龘"),
    ("basket-empty", "/basket/"),
    ("login", "/login/"),
    ("stores", "/stores/"),
    ("coupons", "/coupons/"),
    ("contact", "/contact/"),
    ("privacy", "/privacy/"),
    ("licence", "/licence/"),
    ("offline", "/offline/"),
    ("missing", "/products/999999999/"),
)
MEMBER = (
    ("basket", "/basket/"),
    ("checkout", "/checkout/"),
    ("checkout-pickup", "/checkout/?mode=pickup"),
    ("orders", "/orders/"),
    ("me", "/me/"),
    ("points", "/me/points/"),
    ("wallet", "/me/coupons/"),
    ("sign-ins", "/me/sign-ins/"),
    ("favourites", "/me/favourites/"),
    ("addresses", "/addresses/"),
    ("address-new", "/addresses/new/"),
    ("profile", "/me/profile/"),
)
OFFICE = (
    ("office-home", "/admin/"),
    ("office-orders", "/admin/orders/order/"),
    ("office-products", "/admin/catalog/product/"),
    ("office-stock", "/admin/catalog/stocklevel/"),
    ("office-members", "/admin/members/member/"),
    ("office-offers", "/admin/marketing/fullreduction/"),
    ("office-sales", "/admin/sales/"),
    ("office-settings", "/admin/core/setting/"),
    ("office-look", "/admin/appearance/"),
    ("office-design", "/admin/design/"),
    ("office-parts", "/admin/design/parts/"),
)


@dataclass(frozen=True)
class Place:
    """`who` is guest, member or staff."""

    name: str
    path: str
    who: str


@dataclass
class Shop:
    """The running demo: its address, its main pages, and cookies of somebody signed in."""

    url: str
    places: list[Place] = field(default_factory=list)
    cookies: dict[str, list[Any]] = field(default_factory=dict)


def visit(browser: Any) -> Shop:
    """Signs in as a shopper and as staff, puts goods into the basket, follows the first links of lists."""
    known = {**env.read(ENV_FILE), **env.given()}
    shop = Shop(url=(os.environ.get("LOOKS_URL") or known.get("SHOP_URL", "")).rstrip("/"))
    if not shop.url:
        raise LocalError("No shop is running: make demo first.")
    guest = browser.new_context(locale="zh-CN")
    page = guest.new_page()
    shop.cookies["guest"] = []
    shop.places += [Place(name, path, "guest") for name, path in GUEST]
    shop.places += _goods(page, shop.url)
    _sign_in(page, shop.url, known.get("SANDBOX_URL", ""))
    _fill_basket(page, shop)
    shop.cookies["member"] = guest.cookies()
    shop.places += [Place(name, path, "member") for name, path in MEMBER]
    shop.places += _first(page, shop.url, "/orders/", r"/orders/\d+/$", "order", "member")
    guest.close()
    staff = browser.new_context(locale="zh-CN")
    page = staff.new_page()
    _sign_in_staff(page, shop.url)
    shop.cookies["staff"] = staff.cookies()
    shop.places += [Place(name, path, "staff") for name, path in OFFICE]
    for app, noun in (("orders", "order"), ("catalog", "product"), ("members", "member")):
        where = f"/admin/{app}/{noun}/"
        shop.places += _first(page, shop.url, where, where + r"\d+/change/", f"office-{noun}", "staff")
    staff.close()
    return shop


def _goods(page: Any, url: str) -> list[Place]:
    """A category, a store, a product with specifications and one without."""
    page.goto(f"{url}/")
    single = page.locator(".good:has(form) .good__open").first.get_attribute("href")
    choice = page.locator(".good:has(a.plus) .good__open").first
    found = [Place("product-single", single, "guest")]
    if choice.count():
        product = choice.get_attribute("href")
        found += [Place("product", product, "guest"), Place("poster", f"{product}share/", "guest")]
    found += _first(page, url, "/", r"/categories/.+/$", "category", "guest")
    found += _first(page, url, "/stores/", r"/stores/[^/]+/$", "store", "guest")
    return found


def _first(page: Any, url: str, where: str, pattern: str, name: str, who: str) -> list[Place]:
    page.goto(url + where)
    links = page.eval_on_selector_all("main a[href]", "all => all.map((a) => a.getAttribute('href'))")
    path = next((link for link in links if re.search(pattern, link)), None)
    return [Place(name, path, who)] if path else []


def _sign_in(page: Any, url: str, sandbox: str) -> None:
    page.goto(f"{url}/login/")
    one_tap = page.locator(f"button[name=who][value='shopper:{SHOPPER}']")
    if one_tap.count():
        one_tap.click()
        page.wait_for_load_state()
        return
    page.fill("[name=phone]", SHOPPER)
    page.check("[name=agree]", force=True)
    page.click("button[formaction]")
    page.wait_for_load_state()
    with urllib.request.urlopen(f"{sandbox}/_control/sms?phone={SHOPPER}") as answer:  # noqa: S310
        messages = json.loads(answer.read())
    page.fill("[name=code]", (messages["messages"] if isinstance(messages, dict) else messages)[0]["code"])
    page.click("main form .button--main")
    page.wait_for_url("**/me/")


def _fill_basket(page: Any, shop: Shop) -> None:
    page.goto(f"{shop.url}/basket/")
    if page.locator(".line").count() >= 2:
        return
    page.goto(f"{shop.url}/")
    for plus in page.locator(".good form .plus").all()[:3]:
        plus.click()
        page.wait_for_timeout(400)


def _sign_in_staff(page: Any, url: str) -> None:
    name, _, password = STAFF.partition(":")
    page.goto(f"{url}/admin/login/?next=/admin/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("#login-form button[type=submit], #login-form [type=submit]")
    page.wait_for_load_state()
    if "/login/" in page.url:
        raise LocalError(f"{name} could not sign in to the back office.")
