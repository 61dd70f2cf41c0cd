"""Staff: their accounts, roles and tokens. Every change is audited."""

from collections.abc import Sequence
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from members.errors import LastAdministrator, LoginTaken, UnknownRole, WrongLogin
from members.models import User
from members.selectors import phones
from members.selectors import staff as staff_facts
from members.services import passwords
from members.terms import Role
from shop.core import audit
from shop.core.transactions import forbid_transaction, unit


def sign_in(*, login: str, password: str, ip: str) -> tuple[User, str]:
    """A member of staff and a new token (shown once, stored hashed). Raises LockedOut and WrongLogin, the
    latter for shoppers too."""
    user = prove(login=login, password=password, ip=ip)
    return user, open_session(user=user, verb="sign_in", ip=ip)


def prove(*, login: str, password: str, ip: str) -> User:
    """The member of staff with this password. Raises as `sign_in`; outside a transaction, so that wrong
    passwords stay counted."""
    forbid_transaction()
    user = passwords.authenticate(login=login, password=password, ip=ip)
    if not user.is_staff:
        raise WrongLogin()
    return user


@unit
def open_session(*, user: User, verb: str, ip: str) -> str:
    """A new token for somebody whose identity is proved; audited."""
    _, token = AuthToken.objects.create(user)
    audit.record(actor=f"user:{user.pk}", verb=verb, target=f"user:{user.pk}", ip=ip)
    return str(token)


def sign_out(*, token: AuthToken) -> None:
    """Ends this token at once."""
    AuthToken.objects.filter(pk=token.pk).delete()


@unit
def create(
    *,
    username: str,
    password: str,
    roles: Sequence[str],
    actor: str,
    display_name: str = "",
    phone: str = "",
    email: str = "",
) -> User:
    """A new account with these roles. Raises WeakPassword, LoginTaken, UnknownRole, InvalidPhone."""
    number = phones.normalise(phone) if phone else None
    passwords.check(user=User(username=username, display_name=display_name, is_staff=True), password=password)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                phone=number,
                email=email,
                password=password,
                display_name=display_name,
                is_staff=True,
            )
    except IntegrityError as problem:
        raise LoginTaken() from problem
    user.groups.set(_groups(roles))
    audit.record(
        actor=actor, verb="create_staff", target=f"user:{user.pk}", after={"roles": ",".join(sorted(roles))}
    )
    return user


@unit
def change(*, user: User, roles: Sequence[str], is_active: bool, actor: str, **words: Any) -> None:
    """Sets roles, whether the account is open, `display_name` and `email`. Closing it ends tokens and
    sessions. Raises UnknownRole, LoginTaken, LastAdministrator."""
    before = {"roles": ",".join(staff_facts.roles_of(user)), "is_active": user.is_active}
    groups = _groups(roles)
    for name in ("display_name", "email"):
        if name in words:
            setattr(user, name, words[name] or (None if name == "email" else ""))
    user.is_active = is_active
    try:
        with transaction.atomic():
            user.save(update_fields=["display_name", "email", "is_active"])
    except IntegrityError as problem:
        raise LoginTaken() from problem
    user.groups.set(groups)
    if not is_active:
        AuthToken.objects.filter(user=user).delete()
    if not staff_facts.administrators().exists():
        raise LastAdministrator()
    after = {"roles": ",".join(sorted(roles)), "is_active": is_active}
    audit.record(actor=actor, verb="change_staff", target=f"user:{user.pk}", before=before, after=after)


@unit
def set_password(*, user: User, password: str, actor: str) -> None:
    """A new password; every token and session of the person ends. Raises WeakPassword."""
    passwords.change(user=user, password=password)
    audit.record(actor=actor, verb="set_password", target=f"user:{user.pk}")


def unlock(*, user: User) -> None:
    """Forgets wrong passwords, so that the person needn't wait."""
    AxesProxyHandler.reset_attempts(username=user.username)


def _groups(roles: Sequence[str]) -> list[Group]:
    unknown = set(roles) - set(Role.values)
    if unknown:
        raise UnknownRole(roles=sorted(unknown))
    return [Group.objects.get_or_create(name=role)[0] for role in roles]
