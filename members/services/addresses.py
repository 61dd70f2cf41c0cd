"""Addresses of a member."""

from collections.abc import Mapping
from typing import Any

from members import locks
from members.errors import InvalidAddress, InvalidPhone, TooManyAddresses
from members.models import Address, Member
from members.policies import ADDRESS_LIMIT
from members.selectors import addresses, divisions, pasted_address, phones
from members.terms import AddressTag
from shop.core import clock
from shop.core.transactions import unit

LONGEST = {"recipient": 20, "street": 40, "detail": 120}

parse = pasted_address.parse


@unit
def save(*, member: Member, address_id: int | None = None, **fields: Any) -> Address:
    """Adds an address, or changes one of the member's own (NotFound otherwise).

    Fields: recipient, phone, province_code, city_code, district_code, street, detail, tag, is_default,
    latitude, longitude. Names of divisions follow from the codes. The first address is the default one.
    Raises InvalidAddress(fields=[…]) naming every field that is wrong, TooManyAddresses.
    """
    clean = _clean(fields)
    locks.member(member.pk)
    others = Address.objects.filter(member=member, deleted_at=None)
    if address_id is None:
        if others.count() >= (limit := ADDRESS_LIMIT.get()):
            raise TooManyAddresses(limit=limit)
        address = Address(member=member)
    else:
        address = addresses.get(member, address_id)
        others = others.exclude(pk=address_id)
    wants_default = bool(fields.get("is_default")) or not others.filter(is_default=True).exists()
    if wants_default:
        others.filter(is_default=True).update(is_default=False)
    for name, value in clean.items():
        setattr(address, name, value)
    address.is_default = wants_default
    address.save()
    return address


@unit
def remove(*, member: Member, address_id: int) -> None:
    """Hides the address; after a default one the newest other takes over. NotFound for a foreign one."""
    locks.member(member.pk)
    address = addresses.get(member, address_id)
    Address.objects.filter(pk=address.pk).update(deleted_at=clock.now(), is_default=False)
    if address.is_default:
        heir = Address.objects.filter(member=member, deleted_at=None).order_by("-pk").first()
        if heir is not None:
            Address.objects.filter(pk=heir.pk).update(is_default=True)


@unit
def make_default(*, member: Member, address_id: int) -> None:
    locks.member(member.pk)
    address = addresses.get(member, address_id)
    Address.objects.filter(member=member, is_default=True).update(is_default=False)
    Address.objects.filter(pk=address.pk).update(is_default=True)


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    wrong: list[str] = []
    clean: dict[str, Any] = {}
    for name, longest in LONGEST.items():
        clean[name] = " ".join(str(fields.get(name) or "").split())
        is_needed = name != "street"
        if len(clean[name]) > longest or (is_needed and not clean[name]) or not clean[name].isprintable():
            wrong.append(name)
    try:
        clean["phone_cipher"] = phones.normalise(str(fields.get("phone") or ""))
        clean["phone_tail"] = clean["phone_cipher"][-4:]
    except InvalidPhone:
        wrong.append("phone")
    try:
        clean |= _divisions(fields)
    except InvalidAddress:
        wrong.append("region")
    clean["tag"] = str(fields.get("tag") or "")
    if clean["tag"] and clean["tag"] not in AddressTag.values:
        wrong.append("tag")
    clean["latitude"], clean["longitude"] = fields.get("latitude"), fields.get("longitude")
    if wrong:
        raise InvalidAddress(fields=wrong)
    return clean


def _divisions(fields: Mapping[str, Any]) -> dict[str, str]:
    names = ("province_code", "city_code", "district_code")
    region = divisions.region(*(str(fields.get(name) or "") for name in names))
    return {
        "province_code": region.province.code,
        "city_code": region.city.code,
        "district_code": region.district.code if region.district else "",
        "province": region.province.name,
        "city": region.city.name,
        "district": region.district.name if region.district else "",
    }
