"""Addresses over the real divisions."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from members.errors import InvalidAddress, TooManyAddresses
from members.models import Address
from members.policies import ADDRESS_LIMIT
from members.selectors import addresses as facts
from members.selectors import divisions
from members.services import addresses
from shop.core.errors import NotFound
from tests.factories import members as make
from tests.races import run_together


def test_every_code_begins_with_the_code_above_it() -> None:
    count = 0
    for province in divisions.provinces():
        for city in divisions.cities(province.code):
            assert city.code.startswith(province.code)
            assert divisions.of_code(city.code).city == city if not divisions.districts(city.code) else True
            for district in divisions.districts(city.code):
                assert district.code.startswith(city.code)
                count += 1
    assert len(divisions.provinces()) == 34
    assert count > 2800
    assert [divisions.districts(code) for code in ("4419", "4420", "71", "99", "")] == [()] * 5
    assert divisions.cities("nonsense") == ()
    assert divisions.of_code("440305").district == divisions.Division("440305", "南山区")
    for bad in (("44", "4403", ""), ("44", "3301", "330106"), ("44", "4419", "440305"), ("", "", "")):
        with pytest.raises(InvalidAddress):
            divisions.region(*bad)
    for code in ("4403", "999999", ""):
        with pytest.raises(InvalidAddress):
            divisions.of_code(code)


@pytest.mark.django_db
def test_an_address_takes_its_names_from_the_codes_and_hides_the_phone() -> None:
    member = make.member()
    address = make.address(member, phone="139 0013 9000", detail=" 科技园  1号 ", tag="home", province="月球")
    assert (address.province, address.city, address.district) == ("广东省", "深圳市", "南山区")
    assert (address.region_code, address.one_line) == ("440305", "广东省深圳市南山区科技园 1号")
    assert address.masked() == {
        "recipient": "张*",
        "phone": "139****9000",
        "address": "广东省深圳市南山区****",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone_cipher FROM members_address WHERE id = %s", [address.pk])
        assert "13900139000" not in cursor.fetchone()[0]
    assert Address.objects.get(pk=address.pk).phone == "13900139000"
    plain = make.address(member, province_code="44", city_code="4419", district_code="", street="南城街道")
    assert (plain.region_code, plain.region) == ("4419", "广东省东莞市")
    capital = make.address(member, province_code="11", city_code="11", district_code="110105")
    assert capital.one_line.startswith("北京市朝阳区")


@pytest.mark.django_db
def test_an_address_names_every_field_that_is_wrong() -> None:
    member = make.member()
    with pytest.raises(InvalidAddress) as refusal:
        addresses.save(member=member)
    assert refusal.value.extra["fields"] == ["recipient", "detail", "phone", "region"]
    for field, bad in (
        ("recipient", "x" * 21),
        ("detail", "a\x00"),
        ("phone", "12345"),
        ("tag", "castle"),
        ("street", "x" * 41),
    ):
        with pytest.raises(InvalidAddress) as refusal:
            make.address(member, **{field: bad})
        assert refusal.value.extra["fields"] == [field]
    assert not Address.objects.exists()


@pytest.mark.django_db
def test_there_is_one_default_and_it_is_handed_on() -> None:
    member = make.member()
    first = make.address(member)
    second = make.address(member)
    third = make.address(member, is_default=True)
    assert [one.is_default for one in facts.of(member)] == [True, False, False]
    assert facts.default(member) == third
    addresses.make_default(member=member, address_id=first.pk)
    assert facts.default(member) == first
    addresses.remove(member=member, address_id=first.pk)
    assert [one.pk for one in facts.of(member)] == [third.pk, second.pk]
    addresses.save(member=member, address_id=second.pk, is_default=True, **as_fields(second))
    assert facts.default(member) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.filter(member=member).update(is_default=True)


@pytest.mark.django_db
def test_a_foreign_or_removed_address_does_not_exist() -> None:
    member, other = make.member(), make.member()
    foreign, gone = make.address(other), make.address(member)
    addresses.remove(member=member, address_id=gone.pk)
    for pk in (foreign.pk, gone.pk, 0):
        for act in (
            lambda pk: facts.get(member, pk),
            lambda pk: addresses.remove(member=member, address_id=pk),
            lambda pk: addresses.make_default(member=member, address_id=pk),
            lambda pk: addresses.save(member=member, address_id=pk, **as_fields(foreign)),
        ):
            with pytest.raises(NotFound):
                act(pk)
    assert facts.default(member) is None
    assert facts.of(other) == [foreign]


@pytest.mark.django_db
def test_addresses_are_limited() -> None:
    member = make.member()
    ADDRESS_LIMIT.set(2, actor="system")
    make.address(member)
    make.address(member)
    with pytest.raises(TooManyAddresses):
        make.address(member)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_default_addresses_at_once_leave_one() -> None:
    member = make.member()
    outcome = run_together(6, lambda: make.address(member, is_default=True))
    assert outcome.problems == []
    assert Address.objects.filter(member=member, is_default=True).count() == 1


def as_fields(address: Address) -> dict[str, Any]:
    names = ("recipient", "phone", "province_code", "city_code", "district_code", "street", "detail", "tag")
    return {name: getattr(address, name) for name in names}
