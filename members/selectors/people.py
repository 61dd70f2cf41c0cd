"""Finding people."""

from members.errors import InvalidPhone
from members.models import User
from members.models.user import phone_hash
from members.selectors import phones


def find_by_phone(phone: str) -> User | None:
    """Who has this number, in any way of writing it; one query through the keyed hash."""
    try:
        number = phones.normalise(phone)
    except InvalidPhone:
        return None
    return User.objects.select_related("member__level").filter(phone_hash=phone_hash(number)).first()


def find_by_login(login: str) -> User | None:
    """By username, e-mail or phone; for staff and shoppers who sign in with a password."""
    login = login.strip()
    if "@" in login:
        return User.objects.filter(email=login.casefold()).first()
    return User.objects.filter(username=login).first() or find_by_phone(login)


def ids_by_tail_or_name(text: str, limit: int) -> list[int]:
    """Keys of people whose number ends in these four digits, or whose name has these words; newest first.

    Two characters are looked for at the beginning of names only: that is as far as the index helps.
    """
    if text.isascii() and text.isdigit():
        rows = (
            User.objects.filter(phone_tail=text).exclude(phone_tail="")
            if len(text) == 4
            else User.objects.none()
        )
        return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
    how = "icontains" if len(text) > 2 else "istartswith"
    named = User.objects.filter(**{f"display_name__{how}": text}).exclude(display_name="")
    return sorted(named.order_by().values_list("pk", flat=True)[: limit * 5], reverse=True)[:limit]
