"""People for tests. Every call gives somebody new unless told otherwise."""

import itertools
from typing import Any

from django.contrib.auth.models import Group

from members.models import Address, Level, Member, User
from members.services import addresses, people, points, roles

_numbers = itertools.count(10_000_000)

PASSWORD = "correct horse battery"


def phone() -> str:
    return f"139{next(_numbers)}"


def user(**fields: Any) -> User:
    fields.setdefault("phone", phone())
    return User.objects.create_user(**fields)


def member(*, level: Level | None = None, points_available: int = 0, **fields: Any) -> Member:
    """A shopper; `points_available` come as one lot."""
    made = people.member_of(user(**fields))
    if level is not None:
        Member.objects.filter(pk=made.pk).update(level=level, growth=0)
        made.level = level
    if points_available:
        points.earn(member_id=made.pk, points=points_available, source="test")
    return made


def staff(*role_names: str, password: str = PASSWORD, **fields: Any) -> User:
    """Somebody who works here, with these roles (made by `sync_roles` when there are none yet)."""
    if not Group.objects.filter(name__in=role_names).exists() and role_names:
        roles.sync()
    fields.setdefault("username", f"staff{next(_numbers)}")
    made = User.objects.create_user(is_staff=True, password=password, phone=phone(), **fields)
    made.groups.set(Group.objects.filter(name__in=role_names))
    return made


def superuser(**fields: Any) -> User:
    fields.setdefault("username", f"root{next(_numbers)}")
    return User.objects.create_superuser(password=PASSWORD, **fields)


def levels() -> tuple[Level, Level, Level]:
    """Ordinary, silver, gold at 0, 1000 and 5000 growth."""
    rows = (("普通会员", 1, 0), ("银卡", 2, 1000), ("金卡", 3, 5000))
    made = [
        Level.objects.get_or_create(rank=rank, defaults={"name": name, "growth_needed": needed})[0]
        for name, rank, needed in rows
    ]
    return made[0], made[1], made[2]


def address(member: Member, **fields: Any) -> Address:
    given = {
        "recipient": "张三",
        "phone": "13800138000",
        "province_code": "44",
        "city_code": "4403",
        "district_code": "440305",
        "detail": "科技园南路1号A座501",
    }
    return addresses.save(member=member, **given | fields)
