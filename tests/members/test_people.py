"""People: identity, names, levels, consents."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from members.errors import LockedOut, NameNotAllowed, TextNotPublished, WeakPassword, WrongLogin
from members.models import Consent, GrowthEntry, Level, Member, PointsAccount, User, WechatIdentity
from members.selectors import consents as agreed
from members.selectors import members as facts
from members.selectors import people as finder
from members.services import consents, growth, passwords, people
from members.terms import ConsentKind
from shop.core import clock
from shop.core.errors import Invalid, NotFound
from shop.core.models import OutboxEvent
from tests.factories import members as make
from tests.races import run_together

pytestmark = pytest.mark.django_db


def test_a_phone_or_an_email_belongs_to_one_person_in_any_writing() -> None:
    user = make.user(phone="13800138000", email="Li.Si@Example.COM")
    assert user.email == "Li.Si@Example.COM"
    assert User.objects.get(pk=user.pk).email == "li.si@example.com"
    for same in ({"phone": "13800138000"}, {"phone": None, "email": "LI.SI@example.com"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.user(**same)
    assert make.user(phone=None).masked_phone == make.user(phone=None, email="").masked_phone == ""
    found = [
        finder.find_by_phone(text) for text in ("138 0013 8000", "+8613800138000", "１３８００１３８０００")
    ]
    assert found == [user, user, user]
    assert finder.find_by_phone("13800138001") is None
    assert finder.find_by_phone("nonsense") is None
    assert finder.find_by_login(" li.si@EXAMPLE.com") == finder.find_by_login(user.username) == user


def test_half_a_phone_number_cannot_be_stored() -> None:
    user = make.user()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(phone_hash=None)


def test_a_wechat_identity_belongs_to_one_person() -> None:
    first, second = make.user(), make.user()
    WechatIdentity.objects.create(user=first, app_id="wx1", openid="o1", unionid="u1")
    WechatIdentity.objects.create(user=first, app_id="wx2", openid="o1", unionid="u1")
    with pytest.raises(IntegrityError), transaction.atomic():
        WechatIdentity.objects.create(user=second, app_id="wx1", openid="o1")


def test_somebody_new_gets_a_member_an_account_and_the_first_level_once() -> None:
    plain, _, _ = make.levels()
    user = make.user()
    member = people.member_of(user)
    again = people.member_of(User.objects.get(pk=user.pk))
    assert member.pk == again.pk
    assert member.level == plain
    assert PointsAccount.objects.get(member=member).available == 0
    assert OutboxEvent.objects.filter(topic="members.MemberJoined").count() == 1


def test_a_name_is_short_and_printable() -> None:
    user = make.user()
    people.change_name(user=user, name="  小  红 ")
    assert User.objects.get(pk=user.pk).display_name == "小 红"
    for bad in ("", "   ", "x" * 21, "a\u202eb", "a\x00b"):
        with pytest.raises(NameNotAllowed):
            people.change_name(user=user, name=bad)


def test_the_first_payment_is_remembered_once() -> None:
    member = make.member()
    first = clock.now()
    people.mark_first_paid(member_id=member.pk, at=first)
    people.mark_first_paid(member_id=member.pk, at=first + timedelta(days=1))
    assert Member.objects.get(pk=member.pk).first_paid_at == first


def test_growth_lifts_the_level_at_once_and_a_level_reached_stays() -> None:
    _, silver, gold = make.levels()
    member = make.member()
    growth.add(member_id=member.pk, amount=999, source="order:1")
    growth.add(member_id=member.pk, amount=1, source="order:2")
    growth.add(member_id=member.pk, amount=1, source="order:2")
    member.refresh_from_db()
    assert (member.growth, member.level) == (1000, silver)
    card = facts.card(member)
    assert (card.level, card.next_level, card.growth_missing, card.progress) == (silver, gold, 4000, 0)
    growth.add(member_id=member.pk, amount=4500, source="order:3")
    growth.add(member_id=member.pk, amount=-99_999, source="refund:3")
    member.refresh_from_db()
    assert (member.growth, member.level) == (0, gold)
    card = facts.card(member)
    assert (card.next_level, card.growth_missing, card.progress) == (None, 0, 100)
    assert OutboxEvent.objects.filter(topic="members.LevelChanged").count() == 2
    assert list(GrowthEntry.objects.order_by("id").values_list("amount", flat=True)) == [999, 1, 4500, -5500]


def test_without_levels_a_card_still_shows() -> None:
    card = facts.card(make.member())
    assert (card.level, card.next_level, card.progress) == (None, None, 100)
    with pytest.raises(NotFound):
        facts.get(0)


def test_growth_entries_are_never_changed() -> None:
    member = make.member()
    growth.add(member_id=member.pk, amount=5, source="order:1")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        GrowthEntry.objects.update(amount=6)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_growth_from_many_orders_at_once_adds_up() -> None:
    Level.objects.create(name="金卡", rank=3, growth_needed=500)
    member = make.member()
    outcome = run_together(
        8, lambda n: growth.add(member_id=member.pk, amount=100, source=f"order:{n % 6}"), pass_number=True
    )
    assert outcome.problems == []
    member.refresh_from_db()
    assert member.growth == 600
    assert member.level is not None
    assert OutboxEvent.objects.filter(topic="members.LevelChanged").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_member_is_made_once_however_many_ask() -> None:
    user = make.user()
    outcome = run_together(6, lambda: people.member_of(User.objects.get(pk=user.pk)).pk)
    assert outcome.problems == []
    assert len(set(outcome.results)) == 1
    assert OutboxEvent.objects.filter(topic="members.MemberJoined").count() == 1


def test_consent_is_to_a_version_and_a_new_version_asks_again() -> None:
    user = make.user()
    assert agreed.missing(user) == []
    with pytest.raises(TextNotPublished):
        consents.grant(user=user, kinds=["privacy"], ip="")
    consents.publish(kind="privacy", title="隐私政策", body="<p>一</p><script>x</script>", actor="user:1")
    first = agreed.current("privacy")
    assert first is not None
    assert (first.version, first.body) == (1, "<p>一</p>")
    assert agreed.missing(user) == ["privacy"]
    consents.grant(user=user, kinds=["privacy"], ip="10.0.0.1")
    consents.grant(user=user, kinds=["privacy"], ip="10.0.0.1")
    assert agreed.is_granted(user, "privacy")
    assert "10.0.0.1" not in Consent.objects.get().ip_hash
    consents.publish(kind="privacy", title="隐私政策", body="<p>二</p>", actor="user:1")
    assert agreed.missing(user) == ["privacy"]
    assert not agreed.is_granted(user, "privacy")


def test_nobody_has_agreed_to_advertising_until_he_says_so_and_can_take_it_back() -> None:
    user = make.user()
    consents.publish(kind="marketing", title="营销短信", body="<p>一</p>", actor="user:1")
    assert not agreed.is_granted(user, ConsentKind.MARKETING)
    assert agreed.missing(user) == []
    for _ in range(2):
        consents.grant(user=user, kinds=[ConsentKind.MARKETING], ip="")
        assert agreed.is_granted(user, ConsentKind.MARKETING)
        consents.withdraw(user=user, kind=ConsentKind.MARKETING)
        assert not agreed.is_granted(user, ConsentKind.MARKETING)
    assert len(agreed.history(user)) == 2
    with pytest.raises(Invalid):
        consents.publish(kind="other", title="x", body="y", actor="user:1")


def test_shoppers_may_sign_in_with_a_password_and_are_told_nothing_more() -> None:
    user = make.user(phone="13800138000")
    with pytest.raises(WeakPassword):
        passwords.change(user=user, password="short")
    passwords.change(user=user, password="summer-42-rain")
    signed_in = people.sign_in_by_password(login="138 0013 8000", password="summer-42-rain", ip="10.0.0.1")
    assert signed_in == user
    assert signed_in.member.points_account.available == 0
    for login, password in (
        ("13800138000", "wrong"),
        ("13900000000", "summer-42-rain"),
        ("", ""),
        ("13800138000", "x" * 5000),
    ):
        with pytest.raises(WrongLogin):
            people.sign_in_by_password(login=login, password=password, ip="10.0.0.1")


def test_five_wrong_passwords_close_the_door_for_this_address_only() -> None:
    make.user(phone="13800138000", password="summer-42-rain")
    for _ in range(4):
        with pytest.raises(WrongLogin):
            people.sign_in_by_password(login="13800138000", password="wrong", ip="10.0.0.1")
    with pytest.raises((WrongLogin, LockedOut)):
        people.sign_in_by_password(login="13800138000", password="wrong", ip="10.0.0.1")
    with pytest.raises(LockedOut) as refusal:
        people.sign_in_by_password(login="13800138000", password="summer-42-rain", ip="10.0.0.1")
    assert refusal.value.extra["retry_after"] == 900
    people.sign_in_by_password(login="13800138000", password="summer-42-rain", ip="10.0.0.2")
