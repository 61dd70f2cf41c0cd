"""The people of the demo one can be with one tap."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from members.models import User
from members.models.user import phone_hash
from members.terms import Role
from shop.backoffice.demo import basics, people


@dataclass(frozen=True, slots=True)
class Person:
    """`key` is what the button sends; `words` say who that is."""

    key: str
    name: str
    words: str


def context(request: HttpRequest) -> dict[str, Any]:
    """For the login pages; nothing at all outside of a demo."""
    return {"demo_staff": staff, "demo_shoppers": shoppers} if settings.DEMO else {}


def staff() -> list[Person]:
    return [
        Person(f"staff:{username}", name, f"{Role(role).label}{_where(codes)}")
        for username, name, role, codes in basics.STAFF
    ]


def shoppers() -> list[Person]:
    return [Person(f"shopper:{phone}", name, level) for phone, name, level in people.SHOPPERS]


def find(key: str) -> User | None:
    """The account behind a button; None for anybody who is not on the list."""
    if key not in {one.key for one in (*staff(), *shoppers())}:
        return None
    kind, _colon, name = key.partition(":")
    active = User.objects.filter(is_active=True)
    if kind == "staff":
        return active.filter(username=name, is_staff=True).first()
    return active.filter(phone_hash=phone_hash(name), is_staff=False).first()


def _where(codes: tuple[str, ...]) -> str:
    names = {row[0]: row[2] for row in basics.PLACES}
    return " · " + "、".join(names[code] for code in codes) if codes else ""
