"""Login by phone code: limits, binding, and what is said to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from members.errors import AccountClosed, CodeNotSent, CodeSpent, CodeTooSoon, InvalidPhone, WrongCode
from members.models import Member, PhoneCode, User
from members.policies import CODES_A_DAY, CODES_AN_HOUR_PER_ADDRESS
from members.services import people, phone_codes
from members.terms import CodeDelivery, CodePurpose
from shop.core import clock
from shop.core.errors import Invalid
from shop.core.models import OutboxEvent
from tests.factories import members as make
from tests.races import run_together
from tests.sandboxes import Sandbox

pytestmark = pytest.mark.django_db

PHONE = "13800138000"
HERE = {"phone": PHONE, "purpose": CodePurpose.LOGIN, "session_key": "here"}


def send(**changes: Any) -> None:
    phone_codes.send(**HERE | {"ip": "10.0.0.1"} | changes)


def check(code: str, **changes: Any) -> None:
    phone_codes.check(**HERE | changes, code=code)


def received(sandbox: Sandbox, phone: str = PHONE) -> str:
    return str(sandbox.messages(phone)[0]["code"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_signs_in_a_new_person_with_a_member_once(sandbox: Sandbox) -> None:
    send(phone="+86 138-0013-8000")
    code = received(sandbox)
    assert len(code) == 6
    assert code not in str(PhoneCode.objects.values().get())
    user = people.sign_in_by_phone(phone="138 0013 8000", code=f" {code} ", session_key="here", ip="10.0.0.1")
    assert (user.phone, user.masked_phone, user.phone_tail) == (PHONE, "138****8000", "8000")
    assert PHONE not in str(User.objects.filter(pk=user.pk).values("phone_hash", "username").get())
    assert user.member.points_account.available == 0
    assert OutboxEvent.objects.get(topic="members.MemberJoined").payload == {"user_id": user.pk}
    with pytest.raises(CodeSpent):
        check(code)
    with clock.shifted(timedelta(minutes=2)):
        send()
        again = people.sign_in_by_phone(
            phone=PHONE, code=received(sandbox), session_key="here", ip="10.0.0.1"
        )
    assert again.pk == user.pk
    assert Member.objects.count() == 1


def test_the_answer_does_not_say_whether_the_phone_is_known(sandbox: Sandbox) -> None:
    make.user(phone=PHONE)
    assert send() is None
    assert send(phone="13900139000") is None
    with pytest.raises(CodeTooSoon):
        send()
    with pytest.raises(CodeTooSoon):
        send(phone="13900139000")


def test_a_code_is_bound_to_session_purpose_and_phone(sandbox: Sandbox) -> None:
    send()
    code = received(sandbox)
    for other in (
        {"session_key": "elsewhere"},
        {"purpose": CodePurpose.NEW_PASSWORD},
        {"phone": "13900139000"},
    ):
        with pytest.raises(CodeSpent):
            check(code, **other)
    check(code)


def test_a_code_lives_five_minutes(sandbox: Sandbox) -> None:
    send()
    with clock.shifted(timedelta(minutes=5, seconds=1)), pytest.raises(CodeSpent):
        check(received(sandbox))
    with clock.shifted(timedelta(minutes=4, seconds=50)):
        check(received(sandbox))


def test_a_code_takes_five_tries(sandbox: Sandbox) -> None:
    send()
    code = received(sandbox)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as refusal:
            check(wrong(code))
        assert refusal.value.extra == {"tries_left": left}
    for nonsense in ("", "１２３456789", "%s", "' or 1"):
        with pytest.raises((WrongCode, CodeSpent)):
            check(nonsense)
    with pytest.raises(CodeSpent):
        check(code)


def test_a_new_code_spends_the_one_before(sandbox: Sandbox) -> None:
    send()
    old = received(sandbox)
    with clock.shifted(timedelta(seconds=61)):
        send()
        new = received(sandbox)
        if old != new:
            with pytest.raises(WrongCode):
                check(old)
        check(new)


def test_one_a_minute_five_an_hour_ten_a_day_of_a_phone(sandbox: Sandbox) -> None:
    passed = timedelta()

    def refused_for() -> int:
        with clock.shifted(passed), pytest.raises(CodeTooSoon) as refusal:
            send(ip="")
        return int(refusal.value.extra["retry_after"])

    def sent() -> None:
        with clock.shifted(passed):
            send(ip="")

    for _ in range(5):
        sent()
        assert 0 < refused_for() <= 61
        passed += timedelta(seconds=62)
    assert 3200 < refused_for() <= 3601
    passed = timedelta(hours=1, seconds=1)
    for _ in range(5):
        sent()
        passed += timedelta(seconds=62)
    passed += timedelta(hours=2)
    assert 70_000 < refused_for() <= 86_401
    passed = timedelta(hours=24, seconds=1)
    sent()


def test_network_addresses_and_the_whole_shop_have_limits(sandbox: Sandbox) -> None:
    CODES_AN_HOUR_PER_ADDRESS.set(2, actor="system")
    for phone in ("13800000001", "13800000002"):
        send(phone=phone)
    with pytest.raises(CodeTooSoon):
        send(phone="13800000003")
    send(phone="13800000003", ip="10.0.0.2")
    CODES_A_DAY.set(3, actor="system")
    with pytest.raises(CodeTooSoon):
        send(phone="13800000004", ip="10.0.0.3")
    with clock.shifted(timedelta(days=1, seconds=1)):
        send(phone="13800000004", ip="10.0.0.1")


def test_a_code_the_vendor_refused_is_worth_nothing_and_said_so(sandbox: Sandbox) -> None:
    sandbox.fault("sms_error", value="isv.AMOUNT_NOT_ENOUGH")
    with pytest.raises(CodeNotSent):
        send()
    row = PhoneCode.objects.get()
    assert (row.delivery, row.vendor_code) == (CodeDelivery.REJECTED, "isv.AMOUNT_NOT_ENOUGH")
    assert row.used_at is not None


def test_a_code_whose_sending_is_unknown_still_works(sandbox: Sandbox, settings: Any) -> None:
    sandbox.fault("timeout_after", operation="sms", value="0")
    send()
    assert PhoneCode.objects.get().delivery == CodeDelivery.UNKNOWN
    check(received(sandbox))


def test_nonsense_is_refused_before_anything_is_sent(sandbox: Sandbox) -> None:
    for phone in ("", "12345678901", "1380013800", "138001380000", "abc", "１３８"):
        with pytest.raises(InvalidPhone):
            send(phone=phone)
    for changes in ({"purpose": "pay"}, {"session_key": ""}):
        with pytest.raises(Invalid):
            send(**changes)
    assert not PhoneCode.objects.exists()
    assert sandbox.messages() == []


def test_a_closed_account_cannot_sign_in(sandbox: Sandbox) -> None:
    make.user(phone=PHONE, is_active=False)
    send()
    with pytest.raises(AccountClosed):
        people.sign_in_by_phone(phone=PHONE, code=received(sandbox), session_key="here", ip="")
    assert not Member.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_message_is_sent_and_no_try_counted_inside_a_transaction(sandbox: Sandbox) -> None:
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            send()
        with pytest.raises(RuntimeError):
            check("123456")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_code_asked_for_eight_times_at_once_is_sent_once(sandbox: Sandbox) -> None:
    outcome = run_together(8, send)
    assert (len(outcome.results), len(outcome.of(CodeTooSoon))) == (1, 7)
    assert len(sandbox.messages(PHONE)) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_guessing_in_parallel_gets_no_more_than_five_tries(sandbox: Sandbox) -> None:
    send()
    bad = wrong(received(sandbox))
    outcome = run_together(12, lambda: check(bad))
    assert (len(outcome.of(WrongCode)), len(outcome.of(CodeSpent))) == (5, 7)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_code_signs_in_once_and_makes_one_person(sandbox: Sandbox) -> None:
    send()
    code = received(sandbox)
    outcome = run_together(
        5, lambda: people.sign_in_by_phone(phone=PHONE, code=code, session_key="here", ip="")
    )
    assert (len(outcome.results), len(outcome.of(CodeSpent))) == (1, 4)
    assert User.objects.count() == Member.objects.count() == 1
