"""Addresses, always from the member down."""

from members.models import Address, Member
from shop.core.errors import NotFound


def of(member: Member) -> list[Address]:
    """The default one first, then the newest; one query."""
    return list(Address.objects.filter(member=member, deleted_at=None).order_by("-is_default", "-pk"))


def get(member: Member, address_id: int) -> Address:
    """One of the member's own; NotFound for a foreign or removed one."""
    address = Address.objects.filter(member=member, deleted_at=None, pk=address_id).first()
    if address is None:
        raise NotFound()
    return address


def default(member: Member) -> Address | None:
    """The address a checkout begins with."""
    return Address.objects.filter(member=member, deleted_at=None).order_by("-is_default", "-pk").first()
