"""People by WeChat: silent sign-in, joining by union id, two accounts that become one and part again."""

from typing import Any

import pytest

from members.errors import (
    AccountClosed,
    LastSignIn,
    NotJoinable,
    PhoneBound,
    StaffNeedPassword,
    WechatTaken,
)
from members.events import MembersMerged
from members.invariants import INVARIANTS
from members.models import (
    Address,
    GrowthEntry,
    Member,
    MemberMerge,
    Message,
    StaffWechat,
    User,
    WechatIdentity,
)
from members.selectors import points as book
from members.services import growth, merging, messages, numbers, people, phone_codes, points, wechat
from members.terms import MessageChannel
from shop.core.errors import Forbidden, Invalid, NotFound
from shop.core.models import AuditEntry, OutboxEvent
from tests.factories import members as make
from tests.races import run_together

OA, MP = "wxoa", "wxmp"
BOTH = ("wechat:1", "phone_code")

pytestmark = pytest.mark.django_db


def _books_fit() -> None:
    assert [(one.id, rows) for one in INVARIANTS if (rows := one.broken())] == []


def test_a_first_visit_makes_a_member_without_a_phone_and_the_next_finds_them() -> None:
    user = wechat.sign_in(app_id=OA, openid="o1")
    assert wechat.sign_in(app_id=OA, openid="o1", unionid="u1") == user
    assert Member.objects.get(user=user).user.phone == ""
    assert WechatIdentity.objects.get().unionid == "u1"
    assert wechat.sign_in(app_id=OA, openid="o2") != user
    assert wechat.sign_in(app_id=MP, openid="o9", unionid="u1") == user
    for app_id, openid in (("", "o1"), (OA, "")):
        with pytest.raises(Invalid):
            wechat.sign_in(app_id=app_id, openid=openid)


def test_wechat_alone_opens_no_back_office_and_no_closed_account() -> None:
    boss = make.staff()
    WechatIdentity.objects.create(user=boss, app_id=OA, openid="o1", unionid="u1")
    with pytest.raises(StaffNeedPassword):
        wechat.sign_in(app_id=OA, openid="o1")
    assert not wechat.sign_in(app_id=MP, openid="o2", unionid="u1").is_staff
    gone = wechat.sign_in(app_id=OA, openid="o3")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(AccountClosed):
        wechat.sign_in(app_id=OA, openid="o3")


def test_a_union_id_learnt_later_joins_the_two_accounts() -> None:
    first = wechat.sign_in(app_id=OA, openid="o1")
    second = wechat.sign_in(app_id=MP, openid="m1", unionid="u1")
    assert first != second
    assert wechat.sign_in(app_id=OA, openid="o1", unionid="u1") == second
    assert MemberMerge.objects.get().gone.user == first
    owner, other = make.member().user, make.member().user
    WechatIdentity.objects.create(user=owner, app_id=OA, openid="o5", unionid="u5")
    WechatIdentity.objects.create(user=other, app_id=MP, openid="m5", unionid="u5")
    assert wechat.sign_in(app_id=OA, openid="o5", unionid="u5") == owner, "two numbers stay two accounts"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_first_visits_at_once_make_one_person() -> None:
    make.levels()
    outcome = run_together(8, lambda: wechat.sign_in(app_id=OA, openid="o1").pk)
    assert (len(set(outcome.results)), outcome.problems) == (1, [])
    assert (User.objects.count(), Member.objects.count(), WechatIdentity.objects.count()) == (1, 1, 1)


def test_linking_needs_the_wechat_to_be_free_or_without_a_number() -> None:
    user = make.member().user
    assert wechat.link(user=user, app_id=OA, openid="o1") == user
    wechat.link(user=user, app_id=OA, openid="o1")
    other = make.member().user
    with pytest.raises(WechatTaken):
        wechat.link(user=other, app_id=OA, openid="o1")
    silent = wechat.sign_in(app_id=OA, openid="o2")
    with pytest.raises(WechatTaken):
        wechat.link(user=user, app_id=OA, openid="o2")
    wechat.link(user=other, app_id=OA, openid="o2")
    assert wechat.sign_in(app_id=OA, openid="o2") == other
    assert not User.objects.get(pk=silent.pk).is_active
    with pytest.raises(StaffNeedPassword):
        wechat.link(user=make.staff(), app_id=OA, openid="o7")


def test_the_last_way_to_sign_in_stays() -> None:
    silent = wechat.sign_in(app_id=OA, openid="o1")
    with pytest.raises(LastSignIn):
        wechat.unlink(user=silent)
    assert WechatIdentity.objects.count() == 1
    known = make.member().user
    wechat.link(user=known, app_id=OA, openid="o2")
    wechat.unlink(user=known)
    assert not WechatIdentity.objects.filter(user=known).exists()


def test_a_wechat_of_staff_is_bound_once_and_forgotten_when_they_leave() -> None:
    clerk, colleague = make.staff(), make.staff()
    wechat.bind_staff(user=clerk, app_id=MP, openid="m1")
    assert wechat.staff_of("m1", app_id=MP) == clerk
    assert wechat.staff_of("m1", app_id=OA) is None
    with pytest.raises(WechatTaken):
        wechat.bind_staff(user=colleague, app_id=MP, openid="m1")
    with pytest.raises(Forbidden):
        wechat.bind_staff(user=make.member().user, app_id=MP, openid="m3")
    wechat.bind_staff(user=clerk, app_id=MP, openid="m2")
    assert (wechat.staff_of("m1", app_id=MP), StaffWechat.objects.count()) == (None, 1)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert wechat.staff_of("m2", app_id=MP) is None
    wechat.unbind_staff(user=clerk, actor="user:1")
    assert not StaffWechat.objects.exists()
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"bind_wechat", "unbind_wechat"}


@pytest.fixture
def pair(db: None) -> tuple[Member, Member]:
    """An old account with a number, and a new one by WeChat; both have points, growth and addresses."""
    make.levels()
    keep = make.member(points_available=50)
    gone = people.member_of(wechat.sign_in(app_id=OA, openid="o1"))
    points.earn(member_id=gone.pk, points=120, source="a")
    points.earn(member_id=gone.pk, points=30, source="b")
    points.spend(member_id=gone.pk, points=40, source="order:1")
    growth.add(member_id=gone.pk, amount=1200, source="a")
    make.address(keep, is_default=True)
    make.address(gone, is_default=True)
    return keep, gone


def test_everything_goes_over_and_the_books_fit(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    record = merging.merge(keep=keep, gone=gone, proofs=BOTH)
    assert book.balance(keep.pk) == 160
    assert book.balance(gone.pk) == 0
    assert wechat.sign_in(app_id=OA, openid="o1") == keep.user
    assert not User.objects.get(pk=gone.user_id).is_active
    keep.refresh_from_db()
    assert (keep.growth, keep.level and keep.level.name) == (1200, "银卡")
    assert Address.objects.filter(member=keep, deleted_at=None).count() == 2
    assert Address.objects.filter(member=keep, is_default=True).count() == 1
    assert (record.proofs, AuditEntry.objects.get().verb) == (list(BOTH), "merge_members")
    fact = OutboxEvent.objects.get(topic="members.MembersMerged")
    assert fact.payload == MembersMerged(keep.pk, gone.pk, record.pk).payload()
    _books_fit()


def test_points_spent_before_come_back_to_the_account_that_stays(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    merging.merge(keep=keep, gone=gone, proofs=BOTH)
    for _ in range(2):
        points.give_back(member_id=keep.pk, source="order:1", back_source="refund:1", points=15)
    assert (book.balance(keep.pk), book.balance(gone.pk)) == (175, 0)
    third = make.member(points_available=1)
    Member.objects.filter(pk=keep.pk).update(birthday=None)
    User.objects.filter(pk=keep.user_id).update(phone_cipher=None, phone_hash=None, phone_tail="")
    merging.merge(keep=third, gone=keep, proofs=BOTH)
    assert points.give_back(member_id=third.pk, source="order:1", back_source="refund:2") == 25
    assert book.balance(third.pk) == 201
    _books_fit()


def test_debts_go_over_and_are_settled(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    points.take_back(member_id=keep.pk, points=80, source="x")
    merging.merge(keep=keep, gone=gone, proofs=BOTH)
    assert book.balance(keep.pk) == 80
    _books_fit()


def test_what_was_joined_can_be_parted_again(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    record = merging.merge(keep=keep, gone=gone, proofs=BOTH)
    points.spend(member_id=keep.pk, points=100, source="order:2")
    merging.undo(merge_id=record.pk, actor="user:1", reason="two people")
    assert wechat.sign_in(app_id=OA, openid="o1") == gone.user
    assert (book.balance(keep.pk), book.balance(gone.pk)) == (0, 60)
    assert Member.objects.get(pk=gone.pk).growth == 1200
    assert Address.objects.filter(member=gone).count() == 1
    assert GrowthEntry.objects.filter(member=keep).count() == 2
    with pytest.raises(NotFound):
        merging.undo(merge_id=record.pk, actor="user:1", reason="again")
    _books_fit()


def test_only_two_proved_living_accounts_of_shoppers_are_joined(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    cases: list[tuple[Any, Any, Any, Any]] = [
        (keep, keep, BOTH, NotJoinable),
        (keep, gone, ("wechat:1",), NotJoinable),
        (keep, gone, ("wechat:1", "wechat:1"), NotJoinable),
        (gone, keep, BOTH, NotJoinable),
        (people.member_of(make.staff()), gone, BOTH, StaffNeedPassword),
    ]
    for one, other, proofs, refusal in cases:
        with pytest.raises(refusal):
            merging.merge(keep=one, gone=other, proofs=proofs)
    assert not MemberMerge.objects.exists()
    merging.merge(keep=keep, gone=gone, proofs=BOTH)
    with pytest.raises(AccountClosed):
        merging.merge(keep=make.member(), gone=gone, proofs=BOTH)


def test_an_account_given_up_meanwhile_gets_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nobody could ever sign in with that number."""
    keep, gone = make.member(), people.member_of(wechat.sign_in(app_id=OA, openid="o1"))

    def joins(**_given: Any) -> None:
        merging.merge(keep=keep, gone=gone, proofs=BOTH)

    monkeypatch.setattr(phone_codes, "check", joins)
    with pytest.raises(PhoneBound):
        numbers.bind(user=gone.user, phone=make.phone(), code="1", session_key="s")
    assert User.objects.get(pk=gone.user_id).phone_hash is None


def test_a_result_without_a_number_changes_no_message() -> None:
    message = Message.objects.create(
        member=make.member(), kind="order_paid", key="a", channel=MessageChannel.OFFICIAL, delivery="failed"
    )
    assert not messages.note_result(vendor_number="", status="success")
    message.refresh_from_db()
    assert message.delivery == "failed"
