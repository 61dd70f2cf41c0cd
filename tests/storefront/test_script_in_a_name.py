"""A script tag in whatever people may name is text on every page, shopper's and merchant's."""

import pytest
from django.http import HttpResponse
from django.test import Client

from members.models import Member
from orders.services import baskets
from tests.factories import members, orders
from tests.factories.catalog import CategoryFactory, StoreFactory, a_sku, searchable, stock_up
from tests.storefront.conftest import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

EVIL = "<script>alert(1)</script>"
OUT_OF_AN_ATTRIBUTE = '"><img src=x onerror=1>'


def test_a_script_in_a_name_is_shown_and_never_run(browser: Browser, member: Member) -> None:
    member.user.display_name = EVIL
    member.user.save(update_fields=["display_name"])
    members.address(member, recipient=OUT_OF_AN_ATTRIBUTE[:20], detail=EVIL)
    store = StoreFactory(name=EVIL, address=OUT_OF_AN_ATTRIBUTE, intro=EVIL)
    category = CategoryFactory(name=EVIL[:20])
    sku = a_sku(price="9.00", stock=50, product__title=EVIL, product__category=category)
    product = sku.product
    product.subtitle, product.description = OUT_OF_AN_ATTRIBUTE, f"<p>{EVIL}</p>"
    product.save(update_fields=["subtitle"])
    stock_up(sku, 20, store)
    searchable(product)
    baskets.add(basket=baskets.of(member=member, guest_key=None), sku_id=sku.pk, quantity=1)
    order = orders.paid({sku: 1}, member=member, delivery=orders.to_store(store), buyer_note=EVIL)

    pages = [
        *("/", f"/categories/{category.slug}/", "/search/?q=alert", f"/search/?q={EVIL}"),
        *(f"/products/{product.pk}/", f"/products/{product.pk}/sheet/", "/basket/", "/checkout/"),
        *("/orders/", f"/orders/{order.number}/", f"/orders/{order.number}/paid/", "/me/", "/addresses/"),
        *("/stores/", f"/stores/{store.code}/", "/contact/", f"/products/{product.pk}/share/"),
    ]
    for page in pages:
        clean(browser.get(page), page)
    desk = Client()
    desk.force_login(members.superuser())
    lists = ["catalog/product", "catalog/category", "catalog/place", "orders/order", "members/member"]
    for page in [f"/admin/{name}/" for name in lists] + [
        "/admin/",
        f"/admin/catalog/product/{product.pk}/change/",
        f"/admin/orders/order/{order.pk}/change/",
        f"/admin/catalog/product/{product.pk}/specs/",
        "/admin/search/?s=alert",
    ]:
        clean(desk.get(page), page)


def clean(answer: HttpResponse, page: str) -> None:
    assert answer.status_code == 200, (page, answer.status_code)
    text = answer.content.decode()
    assert "<script>alert" not in text, page
    assert "<img src=x" not in text, page
