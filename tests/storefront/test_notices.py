"""Asking to be told, from the product page, with nothing but forms."""

import re
from decimal import Decimal

from catalog.models import GoodsNotice
from catalog.services import place_goods
from members.models import Member
from shop.storefront import notice_wishes
from tests.factories.catalog import StoreFactory, a_sku, stock_up
from tests.factories.marketing import a_limit
from tests.factories.orders import place
from tests.storefront.conftest import Browser


def test_a_member_asks_and_takes_it_back(browser: Browser, member: Member) -> None:
    sku = a_sku(stock=0, title="糖心苹果")
    path = f"/products/{sku.product_id}/"
    assert "Tell me when it's back" in browser.page(path)
    asked = browser.send(f"/goods-notices/{sku.pk}/", {"kind": "back", "on": "1"})
    assert asked.status_code == 302
    assert "You hear from us when it is back." in browser.page(path)
    assert "糖心苹果" in browser.page("/me/notices/")
    browser.send(f"/goods-notices/{sku.pk}/", {"kind": "back", "on": "0"})
    assert not GoodsNotice.objects.exists()
    assert browser.send(f"/goods-notices/{sku.pk}/", {"kind": "odd", "on": "1"}).status_code == 404
    assert browser.send(f"/goods-notices/{10**9}/", {"kind": "drop", "on": "1"}).status_code == 404
    assert browser.send(
        f"/goods-notices/{sku.pk}/", {"kind": "drop", "on": "1", "next": "https://evil.example/"}
    )["Location"].startswith("/products/")


def test_a_guest_signs_in_first_and_then_it_is_noted(guest: Browser, member: Member) -> None:
    sku = a_sku(stock=0)
    guest.page(f"/products/{sku.product_id}/")
    asked = guest.send(f"/goods-notices/{sku.pk}/", {"kind": "back", "on": "1"})
    assert asked["Location"].startswith("/login/?next=%2Fproducts%2F")
    request = type("Request", (), {"session": guest.session})()
    notice_wishes.fulfil(request, member)
    notice_wishes.fulfil(request, member)
    assert GoodsNotice.objects.get().member == member
    assert guest.get("/me/notices/").status_code == 302


def test_the_page_of_stores_says_price_stock_and_what_is_not_sold(guest: Browser) -> None:
    sku, other = a_sku(price="10.00"), a_sku()
    first, second = StoreFactory(name="东店"), StoreFactory(name="西店")
    stock_up(sku, 3, first)
    place_goods.save(place_id=first.pk, sku_id=sku.pk, is_sold=True, price=Decimal("8.40"), actor="user:1")
    place_goods.save(place_id=second.pk, sku_id=sku.pk, is_sold=False, price=None, actor="user:1")
    stock_up(other, 3, first)
    text = guest.page(f"/products/{sku.product_id}/stores/")
    assert "Only 3 left" in text
    assert "Not sold in this store" in text
    assert re.search(r"8(<[^>]*>)*\.40", text)
    assert re.search(r"8(<[^>]*>)*\.40", guest.page(f"/stores/{first.code}/"))
    stock_up(sku, 3, second)
    assert f"/products/{sku.product_id}/" not in guest.page(f"/stores/{second.code}/")


def test_what_is_left_of_a_limit_is_said_to_the_member(browser: Browser, member: Member) -> None:
    sku = a_sku(stock=50)
    a_limit(sku.product, 3, 7)
    path = f"/products/{sku.product_id}/"
    assert "At most 3" in browser.page(path)
    assert "You may still buy" not in browser.page(path)
    place({sku: 2}, member=member)
    assert "You may still buy 1" in browser.page(path)
    place({sku: 1}, member=member)
    assert "You have yours already" in browser.page(path)
