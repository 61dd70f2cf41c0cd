"""Search, filters, favourites, stores and customer service as pages: whole for every input."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Favourite, SearchWord
from catalog.selectors import favourites as favourite_list
from catalog.services import favourites, place_pages, synonyms
from catalog.services import places as place_keeping
from members.models import Member
from members.policies import SERVICE_HOURS, SERVICE_WECHAT
from shop.core import clock
from tests.factories.catalog import BrandFactory, CategoryFactory, StoreFactory, a_sku, searchable
from tests.factories.orders import place as place_order
from tests.storefront.conftest import Browser

HTMX = {"HX-Request": "true"}
ODD = [
    "a" * 60,
    "苹" * 60,
    "a" * 5000,
    "🍎🍊",
    "' OR 1=1; DROP TABLE catalog_product; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "%00",
    "\x00苹果",
    "((((:*",
    "&|!<->",
]


@pytest.fixture
def fruit(db):
    """Two apples of two brands and a pear, ready to be found."""
    brand = BrandFactory(name="果然鲜", slug="guoranxian")
    made = [
        a_sku(title="红富士苹果", price="15.80", product__brand=brand),
        a_sku(title="青苹果", price="30.00", stock=0),
        a_sku(title="库尔勒香梨", price="9.90"),
    ]
    searchable(*(sku.product for sku in made))
    return made


def titles(page: str) -> list[str]:
    return re.findall(r'<h[23] class="good__title">([^<]+)</h[23]>', page)


def test_odd_queries_and_facets_leave_pages_whole(guest: Browser, fruit) -> None:
    for text in ODD:
        page = guest.page(f"/search/?q={quote(text)}")
        assert "<script>alert" not in page and "<img src=x" not in page
        guest.page(f"/search/suggest/?q={quote(text)}", **HTMX)
        guest.page(f"/search/filter/?q={quote(text)}&spec={quote(text)}&brand={quote(text)}", **HTMX)
    for given in (
        "min=abc&max=-1",
        "min=99999999999",
        "max=1e5",
        "sort=nope&page=-3",
        "stock=7",
    ):
        assert len(titles(guest.page(f"/search/?q=苹果&{given}"))) in (0, 2), given
    for unknown in ("brand=nobody", "store=nowhere", "spec=:", "spec=颜色", "brand=", "store="):
        assert len(titles(guest.page(f"/search/?q=苹果&{unknown}"))) == 2, unknown
    assert guest.get("/search/?q=苹果&page=999999999").headers["Location"] == "?q=%E8%8B%B9%E6%9E%9C"
    assert guest.get("/search/filter/?category=nowhere").status_code == 404


def test_facets_become_chips_and_leave_one_by_one(guest: Browser, fruit) -> None:
    assert titles(guest.page("/search/?q=苹果&max=20")) == ["红富士苹果"]
    reversed_price = guest.page("/search/?q=苹果&min=40&max=20")
    assert titles(reversed_price) == ["青苹果"] and "¥20.00 – ¥40.00" in reversed_price
    page = guest.page("/search/?q=苹果&brand=guoranxian&stock=1&sort=price_up&page=1")
    assert titles(page) == ["红富士苹果"]
    chips = re.findall(r'<a class="chip" aria-current="true" href="([^"]+)" aria-label="([^"]+)"', page)
    assert [words for _href, words in chips] == ["Remove 果然鲜", "Remove In stock"]
    assert "brand" not in chips[0][0] and "stock=1" in chips[0][0] and "sort=price_up" in chips[0][0]


def test_filter_counts_on_its_button_in_the_sheet_and_as_a_page(guest: Browser, fruit) -> None:
    sheet = guest.page("/search/filter/?q=苹果", **HTMX)
    assert "<html" not in sheet and "Show 2 products" in sheet and "果然鲜" in sheet
    assert "Show 1 product<" in guest.page("/search/filter/?q=苹果&stock=1", **HTMX)
    assert "Nothing fits" in guest.page("/search/filter/?q=苹果&min=1000", **HTMX)
    whole = guest.page("/search/filter/?q=苹果&stock=1&sort=sold")
    assert "<html" in whole and 'action="/search/"' in whole and 'name="sort" value="sold"' in whole
    category = fruit[2].product.category
    assert f'action="/categories/{category.slug}/"' in guest.page(f"/search/filter/?category={category.slug}")
    assert titles(guest.page(f"/categories/{category.slug}/?min=10")) == []


def test_corrections_and_synonyms_are_said(guest: Browser, fruit) -> None:
    page = guest.page("/search/?q=平果")
    assert "Showing results for <b>苹果</b>" in page and len(titles(page)) == 2
    assert "Showing results for" not in guest.page("/search/?q=平果&as=typed")
    synonyms.save(synonym=None, typed="鸭梨=香梨", is_active=True, actor="system")
    page = guest.page("/search/?q=鸭梨")
    assert titles(page) == ["库尔勒香梨"] and "also searched for 香梨" in page


def test_a_search_without_result_helps(guest: Browser, fruit) -> None:
    CategoryFactory(name="洗衣液")
    page = guest.page("/search/?q=洗衣粉")
    assert "Nothing found for" in page and "/contact/" in page and "洗衣液" in page and titles(page)
    narrowed = guest.page("/search/?q=苹果&max=1&stock=1")
    assert "Nothing fits these filters" in narrowed and "All of them" in narrowed


def test_searches_are_counted_once_an_hour_for_one_visitor(guest: Browser, fruit) -> None:
    for _ in range(3):
        guest.page("/search/?q=苹果")
    guest.page("/search/?q=苹果&stock=1")
    guest.page("/search/?q=平果")
    assert dict(SearchWord.objects.values_list("word", "searched_count")) == {"苹果": 1, "平果": 1}
    assert dict(SearchWord.objects.values_list("word", "found_count")) == {"苹果": 2, "平果": 0}


def test_suggestions_are_a_fragment_and_a_search_without_htmx(guest: Browser, fruit) -> None:
    part = guest.page("/search/suggest/?q=苹", **HTMX)
    assert "<html" not in part and "红富士苹果" in part
    assert guest.get("/search/suggest/?q=苹").headers["Location"].startswith("/search/?q=")


def test_lists_with_facets_cost_the_same_however_many_goods(guest: Browser, fruit) -> None:
    address = "/search/?q=苹果&brand=guoranxian&min=1&stock=1"
    guest.page(address)
    with CaptureQueriesContext(connection) as few:
        guest.page(address)
    more = [a_sku(title=f"苹果{n}", product__brand=fruit[0].product.brand) for n in range(8)]
    searchable(*(sku.product for sku in more))
    with CaptureQueriesContext(connection) as many:
        guest.page(address)
    assert len(many) == len(few) <= 9


def test_favourite_and_back_with_and_without_htmx(browser: Browser, member: Member, fruit) -> None:
    product = fruit[0].product
    address = f"/products/{product.pk}/favourite/"
    assert 'aria-pressed="false"' in browser.page(f"/products/{product.pk}/")
    answer = browser.send(address, {"on": "1"})
    assert answer.headers["Location"] == f"/products/{product.pk}/"
    assert 'aria-pressed="true"' in browser.page(f"/products/{product.pk}/")
    browser.send(address, {"on": "1"})
    page = browser.page("/me/favourites/")
    assert titles(page) == ["红富士苹果"] and "/basket/lines/" in page
    part = browser.send(address, {"on": "0", "row": "1"}, **HTMX).content.decode()
    assert "Undo" in part and not Favourite.objects.exists()
    part = browser.send(address, {"on": "1", "row": "1"}, **HTMX).content.decode()
    assert titles(part) == ["红富士苹果"] and favourite_list.count(member.pk) == 1
    away = browser.send(address, {"on": "0", "next": f"/me/favourites/?removed={product.pk}"})
    assert "Undo" in browser.page(away.headers["Location"])
    assert browser.send("/products/999999/favourite/", {"on": "1"}).status_code == 404
    assert (
        browser.send(address, {"on": "1", "next": "https://evil.example/"})
        .headers["Location"]
        .startswith("/")
    )


def test_favourites_say_what_can_be_had(browser: Browser, member: Member, fruit) -> None:
    for sku in fruit:
        favourites.add(member_id=member.pk, product_id=sku.product_id)
    type(fruit[2].product).objects.filter(pk=fruit[2].product_id).update(status="off_shelf")
    page = browser.page("/me/favourites/")
    assert page.count("Sold out") == page.count("No longer sold") == 1
    assert page.count('action="/basket/lines/"') == 1


def test_a_guest_signs_in_first_and_the_heart_is_kept(guest: Browser, member: Member, fruit) -> None:
    product = fruit[0].product
    member.user.set_password("a-long-pass-phrase-7")
    member.user.save()
    answer = guest.send(f"/products/{product.pk}/favourite/", {"on": "1"})
    assert answer.headers["Location"] == f"/login/?next=%2Fproducts%2F{product.pk}%2F"
    told = guest.send(f"/products/{product.pk}/favourite/", {"on": "1"}, **HTMX)
    assert told.headers["HX-Redirect"].startswith("/login/")
    login = {"login": member.user.phone, "password": "a-long-pass-phrase-7", "agree": "on", "way": "password"}
    entered = guest.send(f"/login/?way=password&next=/products/{product.pk}/", login)
    assert entered.headers["Location"] == f"/products/{product.pk}/"
    assert favourite_list.among(member.pk, [product.pk])
    assert guest.get("/me/favourites/").status_code == 200
    assert Browser().get("/me/favourites/").headers["Location"].startswith("/login/")


@pytest.fixture
def stores(db):
    """One in Shanghai with a position, one in Guangzhou without."""
    shanghai = {"region_code": "310104", "province": "上海市", "city": "上海市", "district": "徐汇区"}
    return [
        StoreFactory(name="梧桐里店", code="wutong", latitude="31.2108", longitude="121.4536", **shanghai),
        StoreFactory(name="天河店", code="tianhe", position=-1),
    ]


def store_names(page: str) -> list[str]:
    return re.findall(r'<h2 class="t16">([^<]+店)</h2>', page)


def test_stores_are_sorted_by_consent_and_the_position_is_not_kept(guest: Browser, stores) -> None:
    assert store_names(guest.page("/stores/")) == ["天河店", "梧桐里店"]
    answer = guest.send("/stores/near/", {"latitude": "31.2304", "longitude": "121.4737"}, **HTMX)
    part = answer.content.decode()
    assert "<html" not in part and store_names(part) == ["梧桐里店", "天河店"] and " km</span>" in part
    kept = "".join(f"{name}={cookie.value}" for name, cookie in guest.cookies.items())
    assert "31." not in kept and "121." not in kept and "wutong.tianhe" in kept
    assert store_names(guest.page("/stores/")) == ["梧桐里店", "天河店"]
    assert "梧桐里店 · Collect today from" in guest.page("/")
    whole = guest.send("/stores/near/", {"latitude": "23.1", "longitude": "113.3"}).content.decode()
    assert "<html" in whole


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("", ""), ("abc", "1"), ("nan", "nan"), ("inf", "0"), ("91", "0"), ("0", "181"), ("1" * 400, "0")],
)
def test_positions_that_are_none_are_refused(guest: Browser, stores, latitude, longitude) -> None:
    answer = guest.send("/stores/near/", {"latitude": latitude, "longitude": longitude})
    assert answer.status_code == 422 and "Choose a city instead" in answer.content.decode()
    assert "near" not in guest.cookies


def test_a_city_is_chosen_by_hand_and_remembered(guest: Browser, stores) -> None:
    assert store_names(guest.page("/stores/?city=3101")) == ["梧桐里店"]
    assert store_names(guest.page("/stores/")) == ["梧桐里店"]
    assert "梧桐里店" in guest.page("/")
    for unknown in ("9999", "<b>", "x" * 300, ""):
        assert len(store_names(guest.page(f"/stores/?city={quote(unknown)}"))) == 2
    guest.cookies["city"], guest.cookies["near"] = "'; --", "../../etc" * 50
    assert len(store_names(guest.page("/stores/"))) == 2


def test_a_store_tells_hours_special_days_team_and_what_lies_there(guest: Browser, stores) -> None:
    store = stores[0]
    place_keeping.save(place=store, actor="system", intro="拐角的小店<script>", team="小周 店长\n阿珍")
    today = clock.today()
    place_pages.set_holiday(
        place=store, holiday=None, first_on=today, last_on=today, name="盘点", hours=[], actor="system"
    )
    a_sku(title="店里的苹果", place=store, stock=3)
    a_sku(title="仓库的苹果", stock=3)
    page = guest.page("/stores/wutong/")
    assert titles(page) == ["店里的苹果"]
    for words in (
        "盘点",
        "阿珍",
        "Closed, opens tomorrow",
        "uri.amap.com/marker?position=121.4536",
        "/search/?store=wutong",
    ):
        assert words in page, words
    assert "<script>" not in page.split("拐角")[1][:40]
    assert titles(guest.page("/search/?store=wutong")) == ["店里的苹果"]
    assert guest.get("/stores/nowhere/").status_code == 404
    with clock.shifted(timedelta(days=1)):
        assert "Open all day" in guest.page("/stores/wutong/")


def test_no_store_and_no_phone_still_make_pages(guest: Browser) -> None:
    assert "No store yet" in guest.page("/stores/")
    assert "Please ask in one of our stores" in guest.page("/contact/")


def test_contact_shows_what_the_merchant_gave(
    guest: Browser, browser: Browser, member: Member, stores, fruit
) -> None:
    SERVICE_HOURS.set("每天 9:00–21:00", actor="system")
    SERVICE_WECHAT.set("jiejiaoxiansheng", actor="system")
    page = guest.page("/contact/")
    assert "每天 9:00–21:00" in page and "jiejiaoxiansheng" in page
    order = place_order({fruit[0]: 1}, member=member)
    for path in (f"/products/{fruit[0].product_id}/", "/search/?q=没有的东西"):
        assert "/contact/" in guest.page(path)
    assert "/contact/" in browser.page(f"/orders/{order.number}/")


def test_checkout_offers_the_nearest_store_first(browser: Browser, stores, fruit) -> None:
    browser.send("/stores/near/", {"latitude": "31.2304", "longitude": "121.4737"})
    page = browser.page(f"/checkout/?sku={fruit[0].pk}&quantity=1&mode=pickup")
    assert page.index("梧桐里店") < page.index("天河店")
    assert f'name="place" value="{stores[0].pk}"' in page
