"""Codes by text message: six digits, five minutes, five tries, bound to phone, purpose and session."""

import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import F

from members import locks
from members.channels.base import Ok, Outcome, Rejected, TextChannel
from members.channels.sms import AliyunSms
from members.errors import CodeNotSent, CodeSpent, CodeTooSoon, WrongCode
from members.models import PhoneCode
from members.models.user import phone_hash
from members.policies import CODES_A_DAY, CODES_AN_HOUR_PER_ADDRESS
from members.selectors import phones
from members.terms import CodeDelivery, CodePurpose
from shop.core import clock, crypto
from shop.core.errors import Invalid
from shop.core.transactions import forbid_transaction, unit

log = structlog.get_logger(__name__)

LIFE = timedelta(minutes=5)
TRIES = 5
PER_PHONE = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))


def send(*, phone: str, purpose: str, session_key: str, ip: str) -> None:
    """Sends a new code and spends the one before. The answer doesn't say whether the phone is known.

    Raises InvalidPhone, CodeTooSoon(retry_after) at 1 a minute, 5 an hour, 10 a day of a phone or the limits
    of network address and shop, CodeNotSent when the vendor refuses. An unknown outcome counts as sent.
    """
    forbid_transaction()
    number = phones.normalise(phone)
    if not session_key or purpose not in CodePurpose.values:
        raise Invalid()
    code = f"{secrets.randbelow(10**6):06d}"
    pk = _keep(number, purpose, session_key, ip, code)
    outcome = channel().send(
        phone=number,
        template=settings.SMS_LOGIN_TEMPLATE,
        parameters={"code": code},
        out_id=f"code:{pk}",
    )
    _note(pk, outcome)
    if isinstance(outcome, Rejected):
        log.error("code_rejected", vendor_code=outcome.code)
        raise CodeNotSent()


def check(*, phone: str, purpose: str, session_key: str, code: str) -> None:
    """Spends the code, or raises WrongCode(tries_left) or CodeSpent (used, expired, tried too often, of
    another session, never sent). A wrong try is counted whatever the caller does next."""
    forbid_transaction()
    number = phones.normalise(phone)
    row = _count_try(number, purpose, session_key)
    if row is None:
        raise CodeSpent()
    given = unicodedata.normalize("NFKC", code or "").strip()
    if not hmac.compare_digest(row.code_hash, _code_hash(number, purpose, session_key, given)):
        raise WrongCode(tries_left=TRIES - row.tries)
    if not PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now()):
        raise CodeSpent()


def channel() -> TextChannel:
    return AliyunSms(
        base_url=settings.SMS_BASE_URL,
        key_id=settings.SMS_ACCESS_KEY_ID,
        key_secret=settings.SMS_ACCESS_KEY_SECRET,
        sign_name=settings.SMS_SIGN_NAME,
    )


@unit
def _keep(number: str, purpose: str, session_key: str, ip: str, code: str) -> int:
    hashed, from_hash = phone_hash(number), crypto.keyed_hash(ip, "ip") if ip else ""
    locks.phone_codes(hashed, from_hash)
    now = clock.now()
    _limit(hashed, from_hash, now)
    PhoneCode.objects.filter(phone_hash=hashed, purpose=purpose, used_at=None).update(used_at=now)
    row = PhoneCode.objects.create(
        phone_hash=hashed,
        purpose=purpose,
        session_hash=_session_hash(session_key),
        code_hash=_code_hash(number, purpose, session_key, code),
        ip_hash=from_hash,
        expires_at=now + LIFE,
        created_at=now,
    )
    return row.pk


def _limit(hashed: str, from_hash: str, now: datetime) -> None:
    recent = list(
        PhoneCode.objects.filter(phone_hash=hashed, created_at__gt=now - timedelta(days=1))
        .order_by("-created_at")
        .values_list("created_at", flat=True)[: PER_PHONE[-1][1]]
    )
    for window, most in PER_PHONE:
        if len(recent) >= most and (wait := recent[most - 1] + window - now) > timedelta():
            raise CodeTooSoon(retry_after=int(wait.total_seconds()) + 1)
    hour_ago, day_ago = now - timedelta(hours=1), now - timedelta(days=1)
    if from_hash:
        count = PhoneCode.objects.filter(ip_hash=from_hash, created_at__gt=hour_ago).count()
        if count >= CODES_AN_HOUR_PER_ADDRESS.get():
            raise CodeTooSoon(retry_after=3600)
    if PhoneCode.objects.filter(created_at__gt=day_ago).count() >= CODES_A_DAY.get():
        log.error("codes_of_the_day_used_up")
        raise CodeTooSoon(retry_after=3600)


@unit
def _count_try(number: str, purpose: str, session_key: str) -> PhoneCode | None:
    live = PhoneCode.objects.filter(
        phone_hash=phone_hash(number),
        purpose=purpose,
        session_hash=_session_hash(session_key),
        used_at=None,
        expires_at__gt=clock.now(),
    )
    if not live.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return None
    return live.first()


def _note(pk: int, outcome: Outcome) -> None:
    row = PhoneCode.objects.filter(pk=pk)
    if isinstance(outcome, Ok):
        row.update(delivery=CodeDelivery.OK, vendor_id=outcome.vendor_id[:64])
    elif isinstance(outcome, Rejected):
        row.update(delivery=CodeDelivery.REJECTED, vendor_code=outcome.code[:64], used_at=clock.now())
    else:
        row.update(delivery=CodeDelivery.UNKNOWN, vendor_code=outcome.reason[:64])


def _session_hash(session_key: str) -> str:
    return crypto.keyed_hash(session_key, "session")


def _code_hash(number: str, purpose: str, session_key: str, code: str) -> str:
    return crypto.keyed_hash(f"{purpose}|{number}|{session_key}|{code}", "phone_code")
