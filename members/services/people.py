"""Shoppers: signing in, and what they say about themselves."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from members.errors import AccountClosed, NameNotAllowed, StaffNeedPassword
from members.events import MemberJoined
from members.models import Level, Member, PointsAccount, User
from members.models.user import phone_hash
from members.selectors import phones
from members.services import passwords, phone_codes
from members.terms import CodePurpose
from shop.core.events import publish
from shop.core.transactions import unit

LONGEST_NAME = 20


def sign_in_by_phone(*, phone: str, code: str, session_key: str, ip: str) -> User:
    """The person with this phone, made with a member when new. Raises InvalidPhone, WrongCode, CodeSpent,
    AccountClosed, StaffNeedPassword (a text message opens no back office). The caller starts a session with
    a new key."""
    number = phones.normalise(phone)
    phone_codes.check(phone=number, purpose=CodePurpose.LOGIN, session_key=session_key, code=code)
    user = _with_phone(number)
    if not user.is_active:
        raise AccountClosed()
    if user.is_staff:
        raise StaffNeedPassword()
    return user


def sign_in_by_password(*, login: str, password: str, ip: str) -> User:
    """The person with this phone, e-mail or username. Raises WrongLogin for every mistake alike (a closed
    account too) and LockedOut after too many."""
    user = passwords.authenticate(login=login, password=password, ip=ip)
    member_of(user)
    return user


@unit
def member_of(user: User) -> Member:
    """The member of a person, made with an empty points account when there is none yet."""
    if hasattr(user, "member"):
        return user.member
    first_level = Level.objects.filter(growth_needed=0).order_by("rank").first()
    member, is_new = Member.objects.get_or_create(user=user, defaults={"level": first_level})
    if is_new:
        PointsAccount.objects.create(member=member)
        publish(MemberJoined(user_id=user.pk))
    user.member = member
    return member


@unit
def change_name(*, user: User, name: str) -> None:
    """Raises NameNotAllowed for an empty or long one."""
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise NameNotAllowed()
    User.objects.filter(pk=user.pk).update(display_name=clean)
    user.display_name = clean


@unit
def change_birthday(*, member: Member, birthday: date | None) -> None:
    Member.objects.filter(pk=member.pk).update(birthday=birthday)
    member.birthday = birthday


@unit
def mark_first_paid(*, member_id: int, at: datetime) -> None:
    """Remembers the first payment; later ones change nothing."""
    Member.objects.filter(pk=member_id, first_paid_at=None).update(first_paid_at=at)


@unit
def _with_phone(number: str) -> User:
    hashed = phone_hash(number)
    user = User.objects.filter(phone_hash=hashed).first()
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(phone=number)
        except IntegrityError:
            user = User.objects.get(phone_hash=hashed)
    if user.is_active:
        member_of(user)
    return user
