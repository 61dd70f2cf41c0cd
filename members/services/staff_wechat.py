"""Staff sign in with the mini-program: by its code alone once their account is bound to their WeChat."""

import json
from datetime import timedelta

from members.errors import TicketStale, WechatNotBound
from members.models import User
from members.services import staff, wechat
from shop.core import clock, crypto
from shop.core.transactions import forbid_transaction, unit
from shop.core.wechat import apps, sign_in

TICKET_LIFE = timedelta(minutes=10)


def sign_in_by_code(*, code: str, ip: str) -> tuple[User, str]:
    """The member of staff behind a mini-program code (single use, 5 minutes) and a new token.

    Raises WechatNotBound with a sealed `ticket` for `bind` when nobody is; WechatRefused, WechatSilent.
    """
    forbid_transaction()
    person = sign_in.code_to_session(code)
    user = wechat.staff_of(person.openid, app_id=apps.app_id("mp"))
    if user is None:
        raise WechatNotBound(ticket=_sealed(person))
    return user, staff.open_session(user=user, verb="sign_in_wechat", ip=ip)


def bind(*, ticket: str, login: str, password: str, ip: str) -> tuple[User, str]:
    """Binds the WeChat of a ticket to the account with this password, and signs in.

    Raises TicketStale, WrongLogin, LockedOut, WechatTaken.
    """
    person = _opened(ticket)
    return _bind(staff.prove(login=login, password=password, ip=ip), person, ip)


@unit
def _bind(user: User, person: sign_in.AppPerson, ip: str) -> tuple[User, str]:
    wechat.bind_staff(
        user=user, app_id=apps.app_id("mp"), openid=person.openid, unionid=person.unionid, ip=ip
    )
    return user, staff.open_session(user=user, verb="sign_in", ip=ip)


def _sealed(person: sign_in.AppPerson) -> str:
    """The openid stays unreadable on the phone."""
    until = (clock.now() + TICKET_LIFE).timestamp()
    return crypto.encrypt(json.dumps([person.openid, person.unionid, until]))


def _opened(ticket: str) -> sign_in.AppPerson:
    try:
        openid, unionid, until = json.loads(crypto.decrypt(ticket))
    except ValueError as problem:
        raise TicketStale() from problem
    if until < clock.now().timestamp():
        raise TicketStale()
    return sign_in.AppPerson(openid, unionid)
