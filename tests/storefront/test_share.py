"""Passing a product on: a page, a poster, the words of the card."""

import io
from typing import Any

import pytest
from django.utils import translation
from PIL import Image

from catalog.services import products
from shop.storefront import posters
from shop.storefront.posters import Poster
from tests.factories.catalog import a_sku
from tests.storefront.conftest import Browser

pytestmark = pytest.mark.django_db


def _poster(**fields: Any) -> Poster:
    given = {
        "title": "苹果",
        "price": "¥8.00",
        "shop": "街角鲜生",
        "hint": "扫码",
        "address": "https://s.example/",
    }
    return Poster(**{**given, "picture": "", **fields})


def test_the_page_shows_a_real_picture_and_the_link(guest: Browser, settings: Any) -> None:
    settings.SHOP_URL = "https://shop.example"
    sku = a_sku(price="12.80", stock=3)
    page = guest.page(f"/products/{sku.product_id}/share/")
    assert f'src="/products/{sku.product_id}/poster.jpg?v=' in page
    assert f'data-copy="https://shop.example/products/{sku.product_id}/"' in page
    assert f'<meta name="share-link" content="/products/{sku.product_id}/">' in page
    assert f'href="/products/{sku.product_id}/share/"' in guest.page(f"/products/{sku.product_id}/")
    assert guest.get("/products/999999/share/").status_code == 404
    assert guest.get("/products/999999/poster.jpg").status_code == 404


def test_the_poster_is_made_once_and_kept_by_browsers(guest: Browser) -> None:
    sku = a_sku(price="12.80", stock=3)
    address = f"/products/{sku.product_id}/poster.jpg"
    first = guest.get(address)
    assert (first["Content-Type"], "public" in first["Cache-Control"]) == ("image/jpeg", True)
    assert Image.open(io.BytesIO(first.content)).size == (posters.WIDTH, posters.HEIGHT)
    assert guest.get(address).content == first.content
    again = guest.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    products.update(product=sku.product, actor="user:1", title="别的名字")
    assert guest.get(address)["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "无" * 60},
        {"title": "W" * 60},
        {"title": "🍎"},
        {"title": ""},
        {"price": "¥99999.99 起"},
        {"shop": "店" * 40, "hint": "Scan the code " * 9},
        {"picture": "products/gone.jpg"},
    ],
)
def test_a_poster_stays_whole_whatever_is_on_it(fields: dict[str, Any]) -> None:
    assert Image.open(io.BytesIO(posters.draw(_poster(**fields)))).size == (posters.WIDTH, posters.HEIGHT)


def test_long_titles_end_in_dots_within_the_width() -> None:
    lines = posters._lines("丹东草莓" * 20, size=38, width=600, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(posters._font(38).getlength(line) <= 640 for line in lines)


def test_nothing_is_promised_for_sharing() -> None:
    with translation.override("zh-hans"):
        words = translation.gettext("Press the picture long to save it or to send it on.")
    assert not any(bait in words for bait in ("奖", "返", "领", "红包", "积分"))
