"""Every page answers, for guests and members, and keeps to the house rules of markup."""

import re
from pathlib import Path

import pytest

from members.models import Member
from shop.core import text
from tests.factories import members
from tests.factories.catalog import CategoryFactory, ImageFactory, StoreFactory, a_sku, searchable, stock_up
from tests.factories.marketing import a_reduction, a_tier
from tests.factories.orders import paid, place, received, shipped, to_store
from tests.storefront.conftest import Browser

TEMPLATES = Path(__file__).parents[2] / "templates"
OURS = [
    *TEMPLATES.glob("*.html"),
    *(TEMPLATES / "parts").glob("*.html"),
    *(TEMPLATES / "storefront").glob("*.html"),
]


def test_a_guest_finds_every_public_page(guest: Browser) -> None:
    sku = a_sku(title="烟台红富士苹果")
    ImageFactory(product=sku.product)
    searchable(sku.product)
    a_reduction()
    a_tier(about=[sku.product.category])
    slug = sku.product.category.slug
    assert sku.product.title in guest.page("/")
    assert sku.product.title in guest.page(f"/categories/{slug}/")
    assert sku.product.title in guest.page("/categories/")
    assert sku.product.title in guest.page("/search/?q=苹果")
    assert "Nothing found" in guest.page("/search/?q=zzzz")
    product = guest.page(f"/products/{sku.product_id}/")
    assert 'width="800" height="800"' in product, "a picture keeps its place before it arrives"
    for path in ("/basket/", "/me/", "/login/", "/login/?way=password", "/privacy/", "/terms/", "/licence/"):
        guest.page(path)
    assert guest.get("/manifest.webmanifest").json()["icons"]


def test_what_is_not_there_is_a_plain_404(guest: Browser) -> None:
    draft = a_sku(product__status="draft")
    for path in ("/products/999999/", f"/products/{draft.product_id}/", "/categories/no-such/", "/nothing/"):
        answer = guest.get(path)
        assert answer.status_code == 404
        assert "find this page" in answer.content.decode()


def test_a_member_finds_orders_in_every_state(browser: Browser, member: Member) -> None:
    store = StoreFactory()
    sku = a_sku(stock=50)
    stock_up(sku, 5, store)
    orders = [
        place({sku: 1}, member=member),
        paid({sku: 1}, member=member),
        paid({sku: 1}, member=member, delivery=to_store(store)),
        shipped({sku: 1}, member=member),
        received({sku: 1}, member=member),
    ]
    listed = browser.page("/orders/")
    for order in orders:
        assert order.number in listed
        shown = browser.page(f"/orders/{order.number}/")
        assert order.number in shown
    assert orders[2].pickup.code[:4] in browser.page(f"/orders/{orders[2].number}/")
    assert "Time left" in browser.page(f"/orders/{orders[0].number}/")
    for tab in ("to_pay", "to_ship", "to_receive", "completed", "nonsense"):
        browser.page(f"/orders/?tab={tab}")
    for path in ("/me/", "/me/points/", "/me/profile/", "/addresses/", "/addresses/new/", "/checkout/"):
        browser.page(path)
    browser.page(f"/orders/{orders[1].number}/paid/")


def test_a_stranger_does_not_find_an_order(browser: Browser, guest: Browser, bank: object) -> None:
    order = place()
    for path in ("", "pay/", "paid/"):
        assert browser.get(f"/orders/{order.number}/{path}").status_code == 404
    for path in ("pay/", "pay/check/", "cancel/", "confirm/", "again/", "extend/"):
        assert browser.send(f"/orders/{order.number}/{path}").status_code == 404
        assert guest.send(f"/orders/{order.number}/{path}").status_code == 302
    answer = guest.get(f"/orders/{order.number}/")
    assert answer["Location"] == f"/login/?next=%2Forders%2F{order.number}%2F"
    order.refresh_from_db()
    assert order.status == "unpaid"


def test_a_strangers_address_is_not_found(browser: Browser) -> None:
    address = members.address(members.member())
    assert browser.get(f"/addresses/{address.pk}/").status_code == 404
    for path in ("", "default/", "remove/"):
        assert browser.send(f"/addresses/{address.pk}/{path}").status_code == 404


def test_pages_carry_the_strict_policy_and_nothing_it_would_block(guest: Browser) -> None:
    a_sku()
    answer = guest.get("/")
    policy = answer["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    body = answer.content.decode()
    scripts = re.findall(r"<script[^>]*>", body)
    assert scripts
    assert nonce
    assert all(f'nonce="{nonce[1]}"' in script for script in scripts)
    assert all("src=" in script or 'type="speculationrules"' in script for script in scripts)
    assert not re.findall(r'(?:src|href)="https?://', body), "nothing comes from elsewhere"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_templates_have_no_inline_style_or_handler(path: Path) -> None:
    markup = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", markup)


def test_product_text_is_what_the_cleaner_left(guest: Browser) -> None:
    dirty = '<p onclick="x()">Sweet</p><script>alert(1)</script>'
    sku = a_sku(product__description=text.clean_html(dirty))
    shown = guest.page(f"/products/{sku.product_id}/")
    assert "<p>Sweet</p>" in shown
    assert "alert(1)" not in shown


def test_a_search_is_shown_as_typed_and_never_as_markup(guest: Browser) -> None:
    shown = guest.page("/search/?q=<script>alert(1)</script>")
    assert "<script>alert" not in shown
    assert guest.get("/search/", {"q": "%" * 300}).status_code == 200
    assert guest.get("/search/", {"q": "a", "page": "nonsense", "sort": "; drop table"}).status_code == 200


def test_the_language_is_the_shops_until_somebody_chooses(guest: Browser) -> None:
    del guest.cookies["django_language"]
    assert 'lang="zh-Hans"' in guest.get("/", headers={"accept-language": "en"}).content.decode()
    answer = guest.send("/i18n/", {"language": "en", "next": "/basket/"})
    assert answer["Location"] == "/basket/"
    assert 'lang="en"' in guest.page("/basket/")


def test_categories_lead_from_the_root_to_its_children(guest: Browser) -> None:
    root = CategoryFactory(name="Fruit")
    child = CategoryFactory(name="Berries", parent=root)
    sku = a_sku(product__category=child, title="草莓")
    for slug in (root.slug, child.slug):
        shown = guest.page(f"/categories/{slug}/")
        assert sku.product.title in shown
        assert f"/categories/{child.slug}/" in shown
