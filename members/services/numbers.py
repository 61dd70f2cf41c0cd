"""Binding a mobile number to an account that came without one (by WeChat)."""

from django.db import IntegrityError, transaction

from members.errors import PhoneBound, PhoneHasAccount, PhoneTaken
from members.models import User, WechatIdentity
from members.models.user import phone_hash
from members.selectors import phones
from members.services import merging, people, phone_codes
from members.terms import CodePurpose
from shop.core.transactions import unit


def bind(*, user: User, phone: str, code: str, session_key: str) -> None:
    """Checks the code and gives the number to this person. Raises InvalidPhone, WrongCode, CodeSpent,
    PhoneBound (this account has one already), PhoneTaken (an account that can't be joined), and
    PhoneHasAccount when the number has an account: the code is proved then, ask before `join`."""
    number = phones.normalise(phone)
    if User.objects.filter(pk=user.pk).exclude(phone_tail="").exists():
        raise PhoneBound()
    phone_codes.check(phone=number, purpose=CodePurpose.BIND, session_key=session_key, code=code)
    owner_id = _give(user, number)
    if owner_id is not None:
        if not can_join(user_id=user.pk, owner_id=owner_id):
            raise PhoneTaken()
        raise PhoneHasAccount(owner_id)


def can_join(*, user_id: int, owner_id: int) -> bool:
    """Whether the owner of a number may take over this account: neither staff nor closed, and not bound to
    another WeChat of the same app."""
    owner = User.objects.filter(pk=owner_id, is_active=True, is_staff=False).first()
    if owner is None or owner_id == user_id:
        return False
    apps = WechatIdentity.objects.filter(user_id=user_id).values("app_id")
    return not WechatIdentity.objects.filter(user=owner, app_id__in=apps).exists()


@unit
def join(*, user: User, owner_id: int) -> User:
    """The account of this person joins the one whose number they have proved; who they are from now on. The
    caller holds the proof of the code and starts a session with a new key. Raises NotJoinable, PhoneTaken."""
    if not can_join(user_id=user.pk, owner_id=owner_id):
        raise PhoneTaken()
    owner = User.objects.get(pk=owner_id)
    proofs = (f"session:{user.pk}", f"phone_code:{owner_id}")
    merging.merge(keep=people.member_of(owner), gone=people.member_of(user), proofs=proofs)
    return owner


@unit
def _give(user: User, number: str) -> int | None:
    """Writes the number, unless somebody else has it: then who."""
    fresh = User(pk=user.pk)
    fresh.put_phone(number)
    columns = {name: getattr(fresh, name) for name in ("phone_cipher", "phone_hash", "phone_tail")}
    try:
        with transaction.atomic():
            given = User.objects.filter(pk=user.pk, phone_tail="", is_active=True).update(**columns)
    except IntegrityError:
        return User.objects.values_list("pk", flat=True).get(phone_hash=phone_hash(number))
    if not given:  # bound, or the account joined another, a moment ago
        raise PhoneBound()
    user.phone_cipher, user.phone_hash, user.phone_tail = number, fresh.phone_hash, fresh.phone_tail
    return None
