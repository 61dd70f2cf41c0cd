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
