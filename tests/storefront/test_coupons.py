"""Coupons and limited-time discounts on the shopper's pages; goods that close a gap."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import SkuDay
from catalog.services.freight import Rate
from marketing.models import Coupon, CouponGrant
from members.models import Member
from members.services import points
from orders.models import Order
from orders.services import baskets, closing
from shop.core import clock
from tests.books import broken
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import CategoryFactory, a_freight_template, a_sku
from tests.factories.marketing import a_coupon, a_discount, a_grant, a_reduction
from tests.factories.orders import paid
from tests.storefront.conftest import Browser, hidden

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def text(page: str) -> str:
    """What is read on a page."""
    words = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(words))


def put(member: Member, *pieces: tuple) -> None:
    for sku, count in pieces:
        baskets.add(basket=baskets.of(member=member), sku_id=sku.pk, quantity=count)


def test_the_centre_shows_what_can_be_claimed_and_members_see_what_they_have(
    guest: Browser, browser: Browser, member: Member
) -> None:
    food = CategoryFactory(name="Fruit")
    now = clock.page_now()
    open_one = a_coupon(name="Open one", about=[food], threshold=Decimal("30"), total_count=10)
    a_coupon(name="Gone one", total_count=0)
    a_coupon(name="Soon one", claim_from=now + timedelta(days=1))
    a_coupon(name="Later one", claim_from=now + timedelta(days=9))
    a_coupon(name="Only given", is_claimable=False)
    a_coupon(name="Over", claim_until=now - timedelta(minutes=1))
    page = guest.page("/coupons/")
    for shown in (
        "Open one",
        "from ¥30",
        "For Fruit",
        "Valid for 7 days",
        "Gone one",
        "All gone",
        "Soon one",
    ):
        assert shown in text(page)
    for unseen in ("Later one", "Only given", "Over"):
        assert unseen not in text(page)
    answer = browser.send(f"/coupons/{open_one.pk}/claim/", {"next": "/coupons/"})
    assert answer.headers["location"] == "/coupons/"
    assert "Claimed" in text(browser.page("/coupons/"))
    assert "Claimed" not in text(guest.page("/coupons/")), "nothing personal is kept for others"
    assert not broken()


def test_claiming_is_refused_in_words_and_changes_nothing(
    browser: Browser, guest: Browser, member: Member
) -> None:
    gone, given = a_coupon(total_count=0), a_coupon(is_claimable=False)
    for coupon in (gone, given):
        browser.send(f"/coupons/{coupon.pk}/claim/")
        assert "no longer available" in text(browser.page("/coupons/"))
    assert browser.send("/coupons/999999/claim/").status_code == 302
    taken = a_coupon()
    browser.send(f"/coupons/{taken.pk}/claim/")
    browser.send(f"/coupons/{taken.pk}/claim/")
    assert CouponGrant.objects.count() == 1
    answer = guest.send(f"/coupons/{taken.pk}/claim/", {"next": "/products/1/"})
    assert answer.headers["location"] == "/login/?next=%2Fproducts%2F1%2F"
    assert guest.get(f"/coupons/{taken.pk}/claim/").status_code == 405


def test_claiming_shows_nothing_of_a_coupon_only_the_shop_gives(browser: Browser, member: Member) -> None:
    secret = a_coupon(name="For press only", is_claimable=False)
    answer = browser.send(f"/coupons/{secret.pk}/claim/", **HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "toast" in answer["HX-Trigger"]
    assert not CouponGrant.objects.exists()


def test_the_product_page_offers_its_coupons_and_only_those(browser: Browser, member: Member) -> None:
    mine, other = a_sku(price="50.00"), a_sku(price="50.00")
    a_coupon(name="For mine", about=[mine.product], threshold=Decimal("40"), off=Decimal("6"))
    a_coupon(name="For other", about=[other.product], off=Decimal("7"))
    page = browser.page(f"/products/{mine.product_id}/")
    assert "¥6 off from ¥40" in text(page)
    assert "¥7 off" not in text(page)
    sheet = browser.page(f"/products/{mine.product_id}/coupons/", **HTMX)
    assert "For mine" in text(sheet)
    coupon = Coupon.objects.get(name="For mine")
    drawn = browser.send(f"/coupons/{coupon.pk}/claim/", **HTMX)
    assert "Claimed" in drawn.content.decode()
    assert "Claimed" in text(browser.page(f"/products/{mine.product_id}/coupons/", **HTMX))


def test_the_wallet_sorts_what_can_be_used_was_used_and_is_over(browser: Browser, member: Member) -> None:
    sku = a_sku(price="60.00")
    used = a_grant(member, name="Used one", threshold=Decimal("0"))
    a_grant(member, name="Ready one", valid_days=2)
    over = a_grant(member, name="Old one")
    CouponGrant.objects.filter(pk=over.pk).update(
        valid_from=clock.page_now() - timedelta(days=9), valid_until=clock.page_now() - timedelta(hours=1)
    )
    a_grant(members.member(), name="A stranger's")
    order = paid({sku: 1}, member=member, coupon_grant_id=used.pk)
    usable = text(browser.page("/me/coupons/"))
    assert "Ready one" in usable
    assert "2 days left" in usable
    assert all(name not in usable for name in ("Used one", "Old one", "A stranger's"))
    assert f"/orders/{order.number}/" in browser.page("/me/coupons/?tab=used")
    assert "Expired" in text(browser.page("/me/coupons/?tab=expired"))
    assert "Old one" in text(browser.page("/me/coupons/?tab=expired"))
    assert "Ready one" in text(browser.page("/me/coupons/?tab=nonsense&after=x"))


def test_the_best_coupon_is_preselected_the_others_say_why_not(browser: Browser, member: Member) -> None:
    members.address(member)
    sku = a_sku(price="50.00")
    small, best = (
        a_grant(member, name="Small", off=Decimal("3")),
        a_grant(member, name="Best", off=Decimal("9")),
    )
    a_grant(member, name="Far", threshold=Decimal("80"))
    a_grant(member, name="Elsewhere", about=[a_sku().product])
    put(member, (sku, 1))
    page = browser.page("/checkout/")
    assert "Best: ¥9.00 off" in text(page)
    assert "best for this order" in text(page)
    assert "needs ¥80, ¥30 to go" in text(page)
    assert "is not for these goods" in text(page)
    assert hidden(page, "coupon") == str(best.pk)
    chosen = browser.page(f"/checkout/?coupon={small.pk}")
    assert "Small: ¥3.00 off" in text(chosen)
    none = browser.page("/checkout/?coupon=none")
    assert (hidden(none, "coupon"), "2 coupons can be used" in text(none)) == ("none", True)
    foreign = browser.get("/checkout/?coupon=99999999")
    assert foreign.status_code == 404
    assert hidden(foreign.content.decode(), "coupon") == str(best.pk), "not theirs: the page goes on without"


def test_the_choice_is_kept_placed_and_comes_back_with_the_order(
    browser: Browser, member: Member, bank: type[PaperBank]
) -> None:
    address = members.address(member)
    points.earn(member_id=member.pk, points=2000, source="test")
    sku = a_sku(price="50.00")
    best = a_grant(member, name="Best", off=Decimal("9"))
    put(member, (sku, 1))
    page = browser.page(f"/checkout/?points=all&address={address.pk}")
    assert "They pay at most 30% of the goods, after the coupon." in text(page)
    assert hidden(page, "points") == "1230"
    assert "points=all" in page, "the choice goes along with every link"
    form = {name: hidden(page, name) for name in ("key", "digest", "seen", "coupon", "points")}
    browser.send("/checkout/place/", {**form, "address": str(address.pk)})
    order = Order.objects.get()
    assert (order.due, order.points_used, order.coupon_grant_id) == (Decimal("28.70"), 1230, best.pk)
    assert "In an order" in text(browser.page("/me/coupons/?tab=used"))
    closing.cancel(order_id=order.pk, actor="user:0")
    assert "Best" in text(browser.page("/me/coupons/"))
    assert not broken()


def test_the_gap_is_closed_with_goods_that_fit_and_the_bar_runs_along(
    browser: Browser, member: Member
) -> None:
    food, tools = CategoryFactory(), CategoryFactory()
    base = a_sku(product__category=food, price="70.00", product__title="Base")
    for title, price, category in (
        ("Just right", "31.00", food),
        ("Too much", "90.00", food),
        ("Nearly", "29.00", food),
        ("Crumb", "2.00", food),
        ("A hammer", "30.00", tools),
    ):
        a_sku(product__category=category, price=price, product__title=title)
    a_sku(product__category=food, price="30.50", stock=0, product__title="Sold out one")
    rule = a_reduction(("100", "10"), about=[food])
    put(member, (base, 1))
    basket = browser.page("/basket/")
    assert "Buy ¥30 more to get ¥10 off" in text(basket)
    assert f"/gather/?rule=reduction%3A{rule.pk}" in basket
    page = browser.page(f"/gather/?rule=reduction:{rule.pk}")
    order = [text(page).index(title) for title in ("Just right", "Too much", "Nearly", "Crumb")]
    assert order == sorted(order)
    assert "A hammer" not in text(page)
    assert "Sold out one" not in text(page)
    put(member, (base, 1))
    bar = browser.page(f"/gather/bar/?rule=reduction:{rule.pk}", **HTMX)
    assert "Reached: ¥10.00 off" in text(bar)
    assert "Total ¥ 130" in text(bar)


@pytest.mark.parametrize(
    "rule", ["", "reduction:0", "reduction:x", "limit:1", "coupon:1", "freight:9", "tier:1;drop"]
)
def test_a_rule_that_does_not_run_leads_back_to_the_basket(rule: str, guest: Browser) -> None:
    assert guest.get(f"/gather/?rule={rule}").headers["location"] == "/basket/"
    assert guest.get(f"/gather/bar/?rule={rule}").status_code == 204


def test_gaps_to_free_delivery_and_to_a_coupon(browser: Browser, member: Member) -> None:
    members.address(member)
    template = a_freight_template(Rate(first_fee=Decimal("6.00"), free_from=Decimal("50")), is_default=True)
    grant = a_grant(member, name="Mine", threshold=Decimal("60"))
    sku = a_sku(price="40.00", product__title="Forty")
    a_sku(price="15.00", product__title="Fifteen")
    put(member, (sku, 1))
    page = browser.page(f"/gather/?rule=freight:{template.pk}")
    assert "Buy ¥10 more for free shipping" in text(page)
    assert "needs ¥60, ¥20 to go" in text(browser.page(f"/gather/?rule=coupon:{grant.pk}"))
    assert browser.get(f"/gather/?rule=coupon:{a_grant(members.member()).pk}").status_code == 302


def test_a_limited_discount_is_on_cards_home_and_the_product_page(guest: Browser, browser: Browser) -> None:
    sku = a_sku(price="50.00", stock=20, product__title="Berries")
    a_discount((sku, "30.00"), quota=4, per_member=2, name="Today only")
    home = guest.page("/")
    assert "Today only" in text(home)
    assert "4 left" in text(home)
    assert "data-until" in home
    page = guest.page(f"/products/{sku.product_id}/")
    assert "4 left at this price" in text(page)
    assert "At most 2 per person" in text(page)
    paid({sku: 2}, member=(first := members.member()))
    paid({sku: 1}, member=first)
    paid({sku: 2})
    gone = guest.page(f"/products/{sku.product_id}/")
    assert "All pieces at ¥30.00 are gone" in text(gone)


def test_a_former_price_is_struck_only_when_it_was_asked_and_paid(guest: Browser) -> None:
    sku = a_sku(price="50.00")
    a_discount((sku, "30.00"))
    assert "<s class" not in guest.page(f"/products/{sku.product_id}/")
    day = clock.business_day(clock.page_now()) - timedelta(days=4)
    SkuDay.objects.create(sku=sku, on_date=day, sold_count=1, lowest_deal_price=Decimal("45.00"))
    page = guest.page(f"/products/{sku.product_id}/")
    assert '<s class="was">¥45.00</s>' in page
    SkuDay.objects.update(lowest_deal_price=Decimal("29.00"))
    assert "<s class" not in guest.page(f"/products/{sku.product_id}/")


def test_too_many_for_the_limited_price_is_said_at_the_line(browser: Browser, member: Member) -> None:
    sku = a_sku(price="50.00", stock=20)
    a_discount((sku, "30.00"), per_member=2, name="Today only")
    put(member, (sku, 3))
    assert "Today only: you can have 2 at ¥30" in text(browser.page("/basket/"))
