"""WeChat as a way to sign in: shoppers by (app, openid), joined by union id; staff by a binding of their
own."""

from django.db import IntegrityError, transaction

from members.errors import AccountClosed, LastSignIn, NotJoinable, StaffNeedPassword, WechatTaken
from members.models import Member, StaffWechat, User, WechatIdentity
from members.services import merging, people
from shop.core import audit
from shop.core.errors import Forbidden, Invalid
from shop.core.transactions import unit


@unit
def sign_in(*, app_id: str, openid: str, unionid: str = "") -> User:
    """The person with this openid, else the one with this union id, else somebody new: a member without a
    phone. Two accounts that turn out to be one person's become one when at most one of them has a number.
    Raises AccountClosed, StaffNeedPassword (WeChat alone opens no back office)."""
    identity = _identity(app_id, openid)
    if identity is None:
        identity = _new_identity(app_id, openid, unionid)
    elif unionid and identity.unionid != unionid:
        WechatIdentity.objects.filter(pk=identity.pk).update(unionid=unionid)
        identity.unionid = unionid
    user = identity.user
    if user.is_staff:
        raise StaffNeedPassword()
    if not user.is_active:
        raise AccountClosed()
    people.member_of(user)
    return _joined(identity) if unionid else user


@unit
def link(*, user: User, app_id: str, openid: str, unionid: str = "") -> User:
    """Binds a WeChat, proved just now, to somebody who is signed in; harmless when repeated. An account that
    had nothing but this WeChat joins theirs. Raises WechatTaken when the WeChat belongs to an account with a
    number, or theirs has another WeChat of this app; StaffNeedPassword for staff."""
    if user.is_staff:
        raise StaffNeedPassword()
    identity = _identity(app_id, openid)
    if identity is not None and identity.user_id == user.pk:
        return user
    if WechatIdentity.objects.filter(user=user, app_id=app_id).exists():
        raise WechatTaken()
    if identity is None:
        WechatIdentity.objects.create(user=user, app_id=app_id, openid=openid, unionid=unionid)
        return user
    proofs = (f"session:{user.pk}", f"wechat:{identity.pk}")
    try:
        merging.merge(keep=people.member_of(user), gone=people.member_of(identity.user), proofs=proofs)
    except (NotJoinable, AccountClosed, StaffNeedPassword) as refusal:
        raise WechatTaken() from refusal
    return user


@unit
def unlink(*, user: User) -> None:
    """Every WeChat of this person is forgotten. Raises LastSignIn when no number is bound."""
    if not user.phone_tail and not (user.has_usable_password() and user.email):
        raise LastSignIn()
    WechatIdentity.objects.filter(user=user).delete()


@unit
def bind_staff(*, user: User, app_id: str, openid: str, unionid: str = "", ip: str = "") -> None:
    """Binds a WeChat to somebody who works here and has just proved it with their password; replaces the one
    they had. Audited. Raises Forbidden for shoppers and closed accounts, WechatTaken when it is a
    colleague's."""
    if not user.is_staff or not user.is_active:
        raise Forbidden()
    if not app_id or not openid:
        raise Invalid()
    other = StaffWechat.objects.filter(app_id=app_id, openid=openid).exclude(user=user)
    if other.exists():
        raise WechatTaken()
    values = {"openid": openid, "unionid": unionid}
    StaffWechat.objects.update_or_create(user=user, app_id=app_id, defaults=values)
    audit.record(actor=f"user:{user.pk}", verb="bind_wechat", target=f"user:{user.pk}", ip=ip)


@unit
def unbind_staff(*, user: User, actor: str, reason: str = "", ip: str = "") -> None:
    """Nobody signs in as this person by WeChat any more. Audited."""
    StaffWechat.objects.filter(user=user).delete()
    audit.record(actor=actor, verb="unbind_wechat", target=f"user:{user.pk}", reason=reason, ip=ip)


def staff_of(openid: str, *, app_id: str) -> User | None:
    """Who of the staff bound this WeChat; None for strangers and for those who left."""
    bound = StaffWechat.objects.select_related("user").filter(app_id=app_id, openid=openid).first()
    return bound.user if bound and bound.user.is_staff and bound.user.is_active else None


def _identity(app_id: str, openid: str) -> WechatIdentity | None:
    if not app_id or not openid:
        raise Invalid()
    return WechatIdentity.objects.select_related("user").filter(app_id=app_id, openid=openid).first()


def _new_identity(app_id: str, openid: str, unionid: str) -> WechatIdentity:
    """For the owner of the union id, or for somebody new. Two first visits at once make one person."""
    twin = _twin(unionid)
    try:
        with transaction.atomic():
            user = twin.user if twin else User.objects.create_user()
            return WechatIdentity.objects.create(user=user, app_id=app_id, openid=openid, unionid=unionid)
    except IntegrityError:
        return WechatIdentity.objects.select_related("user").get(app_id=app_id, openid=openid)


def _twin(unionid: str, not_of: int | None = None) -> WechatIdentity | None:
    if not unionid:
        return None
    rows = WechatIdentity.objects.select_related("user").filter(unionid=unionid, user__is_active=True)
    others = rows if not_of is None else rows.exclude(user_id=not_of)
    return others.exclude(user__is_staff=True).order_by("pk").first()


def _joined(identity: WechatIdentity) -> User:
    """The same union id at another account proves both to be one person's."""
    twin = _twin(identity.unionid, not_of=identity.user_id)
    if twin is None:
        return identity.user
    one, other = people.member_of(twin.user), people.member_of(identity.user)
    keep, gone = (other, one) if other.user.phone_tail else (one, other)
    if gone.user.phone_tail:
        return identity.user
    merging.merge(keep=keep, gone=gone, proofs=(f"wechat:{identity.pk}", f"wechat:{twin.pk}"))
    return Member.objects.select_related("user").get(pk=keep.pk).user
