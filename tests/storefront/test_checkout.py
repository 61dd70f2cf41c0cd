"""From the page to the order: nothing is bought that the shopper didn't see."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from catalog.models import Product, Sku
from catalog.selectors import places
from members.models import Member
from members.services import addresses as address_book
from orders.models import BasketLine, Order, Payment
from orders.services import baskets
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_freight_template, a_sku, stock_up
from tests.factories.marketing import a_level, a_reduction, a_tier
from tests.storefront.conftest import Browser, hidden

FIELDS = ("key", "digest", "seen", "mode")


def form_of(page: str, **more: Any) -> dict[str, str]:
    """The fields the page would post."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    found["seen"] = found.get("seen", "").replace("&quot;", '"')
    return {**found, **{name: str(value) for name, value in more.items()}}


@pytest.fixture
def at_home(member: Member) -> Member:
    members.address(member)
    return member


def put(member: Member, sku: Sku, quantity: int = 1) -> None:
    baskets.add(basket=baskets.of(member=member), sku_id=sku.pk, quantity=quantity)


def test_a_guest_is_asked_to_sign_in_and_comes_back(guest: Browser) -> None:
    sku = a_sku()
    answer = guest.get(f"/checkout/?sku={sku.pk}&quantity=2")
    assert answer["Location"] == "/login/?" + urlencode({"next": f"/checkout/?sku={sku.pk}&quantity=2"})


def test_the_basket_is_bought_as_shown(browser: Browser, at_home: Member, bank: type[PaperBank]) -> None:
    level = a_level("Gold", rate="0.9")
    Member.objects.filter(pk=at_home.pk).update(level=level)
    sku, left = a_sku(price="100.00"), a_sku(price="3.00")
    a_tier(about=[sku])
    a_freight_template(is_default=True)
    put(at_home, sku, 2)
    put(at_home, left)
    baskets.select(basket=at_home.basket, line_id=BasketLine.objects.get(sku=left).pk, is_selected=False)
    page = browser.page("/checkout/")
    assert "Submit and pay ¥169.00" in page, "2 × 100 × 0.9 × 0.9 + 7 freight"
    assert "Gold" in page
    answer = browser.send("/checkout/place/", form_of(page, note="ripe ones"))
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.number}/pay/?go=1"
    assert (str(order.due), order.buyer_note, order.source) == ("169.00", "ripe ones", "basket")
    assert list(BasketLine.objects.values_list("sku_id", flat=True)) == [left.pk]
    assert Payment.objects.get().method == "native"


def test_buying_at_once_leaves_the_basket_alone(
    browser: Browser, at_home: Member, bank: type[PaperBank]
) -> None:
    waiting, wanted = a_sku(), a_sku()
    put(at_home, waiting)
    page = browser.page(f"/checkout/?sku={wanted.pk}&quantity=3")
    browser.send("/checkout/place/", form_of(page))
    order = Order.objects.get()
    assert [(line.sku_id, line.quantity) for line in order.lines.all()] == [(wanted.pk, 3)]
    assert order.source == "direct"
    assert BasketLine.objects.get().sku_id == waiting.pk


def test_a_double_click_is_one_order(browser: Browser, at_home: Member, bank: type[PaperBank]) -> None:
    form = form_of(browser.page(f"/checkout/?sku={a_sku().pk}&quantity=1"))
    first, second = (browser.send("/checkout/place/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_a_price_that_changed_meanwhile_is_said_plainly(
    browser: Browser, at_home: Member, bank: type[PaperBank]
) -> None:
    sku = a_sku(price="10.00", title="烟台红富士苹果")
    form = form_of(browser.page(f"/checkout/?sku={sku.pk}&quantity=2"), note="ripe ones")
    Sku.objects.filter(pk=sku.pk).update(list_price="12.00")
    answer = browser.send("/checkout/place/", form)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "“烟台红富士苹果” cost ¥10.00 and now costs ¥12.00." in shown
    assert "The total was ¥20.00 and is ¥24.00 now." in shown
    assert "ripe ones" in shown
    assert not Order.objects.exists()
    browser.send("/checkout/place/", form_of(shown))
    assert str(Order.objects.get().due) == "24.00"


def test_an_address_deleted_meanwhile_is_asked_for_again(browser: Browser, at_home: Member) -> None:
    form = form_of(browser.page(f"/checkout/?sku={a_sku().pk}&quantity=1"))
    address_book.remove(member=at_home, address_id=int(form["address"]))
    answer = browser.send("/checkout/place/", form)
    assert answer.status_code == 409
    assert "Where shall we send it?" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_strangers_address_is_no_address(browser: Browser, at_home: Member) -> None:
    theirs = members.address(members.member())
    form = form_of(browser.page(f"/checkout/?sku={a_sku().pk}&quantity=1"), address=theirs.pk)
    assert browser.send("/checkout/place/", form).status_code == 409
    assert theirs.detail not in browser.page(f"/checkout/?sku={a_sku().pk}&quantity=1&address={theirs.pk}")
    assert not Order.objects.exists()


def test_goods_gone_off_the_shelf_or_sold_out_are_refused(browser: Browser, at_home: Member) -> None:
    gone, short = a_sku(), a_sku(stock=2)
    off = form_of(browser.page(f"/checkout/?sku={gone.pk}&quantity=1"))
    few = form_of(browser.page(f"/checkout/?sku={short.pk}&quantity=2"))
    Product.objects.filter(pk=gone.product_id).update(status="off_shelf")
    answer = browser.send("/checkout/place/", off)
    assert answer.status_code == 409
    assert "no longer on sale" in answer.content.decode()
    short.levels.update(on_hand=1)
    answer = browser.send("/checkout/place/", few)
    assert answer.status_code == 409
    assert "Not enough in stock" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_selected_line_that_left_the_shelf_is_left_out_and_named(browser: Browser, at_home: Member) -> None:
    stays, goes = a_sku(title="留下"), a_sku(title="下架")
    put(at_home, stays)
    put(at_home, goes)
    form = form_of(browser.page("/checkout/"))
    Product.objects.filter(pk=goes.product_id).update(status="off_shelf")
    answer = browser.send("/checkout/place/", form)
    assert answer.status_code == 409
    assert "“下架” can&#x27;t be bought any more and was left out." in answer.content.decode()


@pytest.mark.parametrize("quantity", ["0", "-1", "1000", "a"])
def test_a_quantity_in_the_address_bar_is_checked_too(
    browser: Browser, at_home: Member, quantity: str
) -> None:
    answer = browser.get("/checkout/", {"sku": a_sku().pk, "quantity": quantity})
    assert answer.status_code == 422
    assert "whole number from 1 to 999" in answer.content.decode()


def test_nonsense_in_the_address_bar_breaks_nothing(browser: Browser, at_home: Member) -> None:
    for query in (
        "sku=abc",
        "sku=999999",
        "mode=rocket",
        "mode=pickup&place=x&slot=1/2",
        "points=-5",
        "coupon=77",
    ):
        sku = "" if "sku" in query else f"sku={a_sku().pk}&"
        assert browser.get(f"/checkout/?{sku}{query}").status_code < 500
    assert browser.send("/checkout/place/", {"seen": "{]", "key": "x"}).status_code < 500


def test_collecting_in_a_store(browser: Browser, at_home: Member, bank: type[PaperBank]) -> None:
    store = StoreFactory(name="梧桐里店")
    sku = a_sku()
    stock_up(sku, 3, store)
    page = browser.page(f"/checkout/?sku={sku.pk}&quantity=1&mode=pickup")
    assert "梧桐里店" in page
    start, end = places.days(store)[0][1][-1]
    form = form_of(page, slot=f"{start.isoformat()}/{end.isoformat()}", contact_name="韩梅梅")
    browser.send("/checkout/place/", form)
    order = Order.objects.get()
    assert (order.delivery_mode, order.place_id, order.recipient) == ("pickup", store.pk, "韩梅梅")
    assert order.phone_tail == at_home.user.phone_tail, "without a number the member's own is taken"
    late = form_of(
        browser.page(f"/checkout/?sku={sku.pk}&quantity=1&mode=pickup"),
        slot="2020-01-01T10:00+08:00/2020-01-01T12:00+08:00",
        contact_name="x",
    )
    assert browser.send("/checkout/place/", late).status_code == 409


def test_every_step_and_why_not_is_shown(browser: Browser, at_home: Member) -> None:
    a_reduction(("100", "10"), ("300", "50"))
    sku = a_sku(price="150.00")
    page = browser.page(f"/checkout/?sku={sku.pk}&quantity=1")
    assert "−¥10.00" in page
    assert "Buy ¥150 more to get ¥50 off" in page


def test_fresh_goods_are_named_before_the_order(browser: Browser, at_home: Member) -> None:
    fresh = a_sku(title="丹东草莓", product__no_reason_return=False)
    assert "Fresh goods can&#x27;t be returned without a reason: 丹东草莓" in browser.page(
        f"/checkout/?sku={fresh.pk}&quantity=1"
    )


def test_the_key_is_another_one_on_each_page(browser: Browser, at_home: Member) -> None:
    path = f"/checkout/?sku={a_sku().pk}&quantity=1"
    assert hidden(browser.page(path), "key") != hidden(browser.page(path), "key")
