"""Addresses: pasted, cascaded, chosen; all without JavaScript."""

import pytest

from members.models import Address, Member
from tests.factories import members
from tests.storefront.conftest import Browser

WHOLE = {
    "do": "save",
    "recipient": "张三",
    "phone": "138 0013 8000",
    "province_code": "44",
    "city_code": "4403",
    "district_code": "440305",
    "detail": "科技园南路1号",
    "tag": "home",
}


def test_an_address_is_saved_and_leads_back_to_the_checkout(browser: Browser) -> None:
    answer = browser.send("/addresses/new/", {**WHOLE, "next": "/checkout/?sku=5&quantity=1"})
    address = Address.objects.get()
    assert answer["Location"] == f"/checkout/?sku=5&quantity=1&address={address.pk}"
    assert address.is_default
    assert "科技园南路1号" in browser.page("/addresses/")
    chosen = browser.page("/addresses/?next=/checkout/%3Faddress%3D1")
    assert f"/checkout/?address={address.pk}" in chosen


def test_a_pasted_text_fills_the_form_and_says_what_is_missing(browser: Browser) -> None:
    text = "李四 13912345678 浙江省杭州市西湖区文一路1号"
    shown = browser.send("/addresses/new/", {"do": "parse", "pasted": text}).content.decode()
    for value in ('value="李四"', 'value="13912345678"', "西湖区", "文一路1号"):
        assert value in shown
    assert "Filled in. Please check it once." in shown
    partly = browser.send("/addresses/new/", {"do": "parse", "pasted": "李四 杭州市西湖区"}).content.decode()
    assert "Still missing: mobile number、street and house" in partly
    assert not Address.objects.exists()


def test_divisions_follow_each_other_step_by_step(browser: Browser) -> None:
    shown = browser.send("/addresses/new/", {"do": "regions", "province_code": "44"}).content.decode()
    assert "深圳市" in shown
    part = browser.page("/addresses/regions/?province_code=44&city_code=4403")
    assert "南山区" in part
    assert "<html" not in part
    foreign = browser.page("/addresses/regions/?province_code=31&city_code=4403")
    assert "南山区" not in foreign


def test_a_city_without_districts_asks_for_none(browser: Browser) -> None:
    part = browser.page("/addresses/regions/?province_code=44&city_code=4419")
    assert 'name="district_code"' not in part
    given = {**WHOLE, "city_code": "4419", "district_code": ""}
    assert browser.send("/addresses/new/", given).status_code == 302
    assert Address.objects.get().city == "东莞市"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "123"),
        ("district_code", "110101"),
        ("city_code", "1101"),
        ("detail", ""),
        ("recipient", "x" * 60),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    browser: Browser, field: str, value: str
) -> None:
    answer = browser.send("/addresses/new/", {**WHOLE, field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "科技园" in answer.content.decode() or field == "detail"
    assert not Address.objects.exists()


def test_default_and_removal(browser: Browser, member: Member) -> None:
    first, second = members.address(member), members.address(member)
    browser.send(f"/addresses/{second.pk}/default/")
    second.refresh_from_db()
    assert second.is_default
    browser.send(f"/addresses/{first.pk}/remove/", {"next": "/checkout/"})
    assert Address.objects.filter(deleted_at=None).count() == 1
    assert browser.get(f"/addresses/{first.pk}/").status_code == 404
