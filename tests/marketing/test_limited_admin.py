"""Limited-time discounts and coupons in the back office: what is refused, what is said, what is shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import SkuDay
from marketing.models import Coupon, CouponGrant, LimitedDiscount, LimitedPrice
from marketing.services import checks, coupons, limited
from members.models import User
from shop.core import clock
from tests.books import broken
from tests.factories import members
from tests.factories.catalog import CategoryFactory, a_sku
from tests.factories.marketing import a_coupon, a_discount, a_grant, a_level, a_shopper
from tests.factories.orders import paid
from tests.marketing.test_admin import offer, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("merchant"))
    client.cookies["django_language"] = "en"
    return client


def ends(hours: int = 48) -> dict[str, str]:
    end = (clock.page_now() + timedelta(hours=hours)).astimezone(clock.SHANGHAI)
    return {"ends_at_0": f"{end:%Y-%m-%d}", "ends_at_1": f"{end:%H:%M:%S}"}


def form(*rows: dict, **fields) -> dict:
    return offer(*rows, prefix="prices", **{**ends(), **fields})


def row(sku, price: str, quota: int | str = "") -> dict:
    return {"sku": sku.pk, "price": price, "quota": quota}


def test_a_discount_is_saved_with_its_prices_and_shown_with_an_example(merchant):
    sku = a_sku(price="20.00")
    a_level("Gold", rate="0.9")
    data = form(row(sku, "15.00", 10), is_stackable="on", per_member=2)
    shown = merchant.post(url(LimitedDiscount, "example"), data).content.decode()
    assert "¥15.00" in shown
    assert "¥13.50" in shown, "gold, stacked"
    merchant.post(url(LimitedDiscount, "add"), data)
    price = LimitedPrice.objects.get()
    assert (price.price, price.quota, price.discount.per_member) == (Decimal("15.00"), 10, 2)
    page = merchant.get(url(LimitedDiscount, "changelist")).content.decode()
    assert "0 / 10" in page
    assert "¥15" in page


@pytest.mark.parametrize(
    ("price", "quota", "fields", "said"),
    [
        ("20.00", "", {}, "the price must be below the list price ¥20"),
        ("25.00", "", {}, "the price must be below the list price ¥20"),
        ("15.00", "0", {}, "at least 1 pieces"),
        ("15.00", "", {"ends_at_0": "", "ends_at_1": ""}, "needs an end"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(merchant, price, quota, fields, said):
    sku = a_sku(price="20.00")
    answer = merchant.post(url(LimitedDiscount, "add"), form(row(sku, price, quota), **fields))
    assert said in answer.content.decode()
    assert not LimitedDiscount.objects.exists()


def test_a_quota_never_falls_below_what_is_taken(merchant):
    sku = a_sku(price="20.00", stock=9)
    discount = a_discount((sku, "15.00"), quota=5)
    paid({sku: 3})
    price = discount.prices.get()
    data = form({"id": price.pk, "discount": discount.pk, **row(sku, "15.00", 2)}, name="今日特惠")
    data["prices-INITIAL_FORMS"] = 1
    answer = merchant.post(url(LimitedDiscount, "change", discount.pk), data)
    assert "at least 3 pieces" in answer.content.decode()
    data["prices-0-quota"] = 3
    merchant.post(url(LimitedDiscount, "change", discount.pk), data)
    assert LimitedPrice.objects.get().quota == 3
    assert not broken()


def test_a_price_with_pieces_taken_is_neither_removed_nor_given_to_another_sku(merchant):
    sku, other = a_sku(price="20.00", stock=9), a_sku(price="20.00")
    discount = a_discount((sku, "15.00"), quota=5)
    paid({sku: 3})
    price = discount.prices.get()
    data = form(
        {"id": price.pk, "discount": discount.pk, **row(sku, "15.00", 5), "DELETE": "on"},
        row(other, "15.00"),
        name="今日特惠",
    )
    data["prices-INITIAL_FORMS"] = 1
    address = url(LimitedDiscount, "change", discount.pk)
    assert "3 pieces are taken" in merchant.post(address, data).content.decode()
    del data["prices-0-DELETE"], data["prices-1-sku"], data["prices-1-price"], data["prices-1-quota"]
    data |= {"prices-TOTAL_FORMS": 1, "prices-0-sku": other.pk}
    assert "3 pieces are taken" in merchant.post(address, data).content.decode()
    assert LimitedPrice.objects.get().sku == sku
    assert not broken()


def meanwhile(monkeypatch, name: str, rival) -> None:
    """`rival` acts once between the reading of a form and its saving."""
    check, pending = getattr(checks, name), [rival]

    def then(*args, **kwargs):
        if pending:
            pending.pop()()
        return check(*args, **kwargs)

    monkeypatch.setattr(checks, name, then)


def test_saving_a_discount_forgets_no_piece_taken_meanwhile(merchant, monkeypatch):
    sku = a_sku(price="20.00", stock=9)
    discount = a_discount((sku, "15.00"), quota=5)
    member, bought = a_shopper(), [limited.Taken(discount.rule, sku.pk, 2, Decimal("10.00"))]
    meanwhile(
        monkeypatch,
        "limited_prices",
        lambda: limited.use(member_id=member.pk, reference="test:1", taken=bought),
    )
    data = form(
        {"id": discount.prices.get().pk, "discount": discount.pk, **row(sku, "14.00", 4)}, name="今日特惠"
    )
    data["prices-INITIAL_FORMS"] = 1
    merchant.post(url(LimitedDiscount, "change", discount.pk), data)
    price = LimitedPrice.objects.get()
    assert (price.price, price.quota, price.taken_count) == (Decimal("14.00"), 4, 2)
    assert not broken()


def test_saving_a_coupon_forgets_no_copy_claimed_meanwhile(merchant, monkeypatch):
    coupon, member = a_coupon(total_count=2), a_shopper()
    meanwhile(monkeypatch, "coupon", lambda: coupons.claim(coupon_id=coupon.pk, member_id=member.pk))
    page = merchant.get(url(Coupon, "change", coupon.pk))
    fields = page.context["adminform"].form.initial
    data = {name: "" if value is None else value for name, value in fields.items() if value is not False}
    data |= {"name": "改名", "claim_from_0": "", "claim_until_0": ""}
    for name in ("products", "categories", "skus"):
        data.pop(name, None)
    answer = merchant.post(url(Coupon, "change", coupon.pk), data)
    assert answer.status_code == 302, answer.context["errors"]
    coupon.refresh_from_db()
    assert (coupon.name, coupon.issued_count) == ("改名", 1)
    assert not broken()


def test_overlaps_prices_below_cost_and_unlawful_struck_prices_are_said(merchant):
    sold, fresh = a_sku(price="20.00", cost_price=Decimal("16.00")), a_sku(price="20.00")
    today = clock.business_day(clock.page_now())
    SkuDay.objects.create(
        sku=sold, on_date=today - timedelta(days=3), sold_count=1, lowest_deal_price=Decimal("14.00")
    )
    a_discount((sold, "13.00"), name="昨天开始的")
    answer = merchant.post(
        url(LimitedDiscount, "add"), form(row(sold, "15.00"), row(fresh, "15.00")), follow=True
    )
    page = answer.content.decode()
    assert "is in “昨天开始的” too at ¥13" in page
    assert "was sold at ¥14 in the seven days before" in page
    assert "1 SKU was not sold in the seven days before" in page
    assert "may sell below cost" in page


def test_goods_of_a_category_are_added_at_one_factor(merchant):
    category = CategoryFactory()
    skus = [a_sku(product__category=category, price="9.99") for _ in range(3)]
    other = a_sku(price="50.00", code="OTHER-1")
    discount = a_discount((skus[0], "5.00"))
    action = url(LimitedDiscount, "add_goods", discount.pk)
    assert merchant.get(action).status_code == 200
    merchant.post(action, {"codes": "NOBODY", "rate": "0.8"})
    assert discount.prices.count() == 1, "a code nobody knows changes nothing"
    merchant.post(action, {"category": category.pk, "codes": other.code, "rate": "0.8", "quota": 7})
    prices = {price.sku_id: (price.price, price.quota) for price in discount.prices.all()}
    assert prices[skus[0].pk] == (Decimal("5.00"), None), "stays as it is"
    assert prices[skus[1].pk] == (Decimal("7.99"), 7)
    assert prices[other.pk] == (Decimal("40.00"), 7)


def test_a_coupon_says_what_it_does_and_has_done(merchant):
    sku = a_sku(price="60.00", stock=9)
    coupon = a_coupon(threshold=Decimal("50"), off=Decimal("8.00"), total_count=10, about=[sku.product])
    member = members.member()
    grant = a_grant(member, coupon)
    a_grant(a_shopper(), coupon)
    paid({sku: 1}, member=member, coupon_grant_id=grant.pk)
    page = merchant.get(url(Coupon, "change", coupon.pk)).content.decode()
    assert "¥8 off from ¥50 · for " in page
    assert "members claim it" in page
    assert "2 / 10" in page
    assert "¥8.00" in page
    listed = merchant.get(url(Coupon, "changelist")).content.decode()
    assert "¥8.00" in listed


def test_a_coupon_is_given_to_many_and_strangers_are_named(merchant):
    coupon, first, second = a_coupon(total_count=2), a_shopper(), a_shopper()
    first.user.put_phone("13800138001")
    second.user.put_phone("13800138002")
    a_grant(first, coupon)
    for member in (first, second):
        member.user.save()
    third = a_shopper()
    third.user.put_phone("13800138003")
    third.user.save()
    phones = "13800138001\n13800138002\n13800138003\n13900139999"
    answer = merchant.post(url(Coupon, "give", coupon.pk), {"phones": phones}, follow=True)
    page = answer.content.decode()
    assert "1 member has it. 1 had it already. 1 got none: no copies are left." in page
    assert "Not a member: 13900139999" in page
    assert CouponGrant.objects.count() == 2
    assert not broken()
