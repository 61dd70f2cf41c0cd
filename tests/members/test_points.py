"""Points: oldest first, posted once, never below zero, and always explained."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.models import F

from members.errors import PointsShort
from members.invariants import INVARIANTS
from members.models import PointsAccount, PointsDebt, PointsEntry, PointsLot
from members.selectors import points as facts
from members.services import points
from shop.core import clock
from shop.core.errors import Invalid
from shop.core.models import AuditEntry, OutboxEvent
from tests.factories import members as make
from tests.races import Meeting, run_together


def broken() -> list[tuple[str, object]]:
    return [(one.id, row) for one in INVARIANTS for row in one.broken()]


def lots(member_id: int) -> list[int]:
    return list(
        PointsLot.objects.filter(member_id=member_id)
        .order_by("expires_at", "id")
        .values_list("remaining", flat=True)
    )


def account(member_id: int) -> int:
    return PointsAccount.objects.get(member_id=member_id).available


@pytest.fixture
def member(db: None) -> int:
    """Somebody with lots of 100, 50 and 30 that expire in this order, earned in another."""
    who = make.member().pk
    now = clock.now()
    for count, days in ((50, 20), (100, 10), (30, 30)):
        points.earn(
            member_id=who, points=count, source=f"order:{days}", expires_at=now + timedelta(days=days)
        )
    return who


def test_points_that_expire_first_are_spent_first(member: int) -> None:
    points.spend(member_id=member, points=120, source="order:1")
    assert lots(member) == [0, 30, 30]
    assert account(member) == facts.balance(member) == 60
    entry = PointsEntry.objects.get(source="order:1")
    assert (entry.amount, entry.balance_after) == (-120, 60)
    assert broken() == []


def test_earning_and_spending_twice_for_one_source_counts_once(member: int) -> None:
    for _ in range(2):
        points.earn(member_id=member, points=100, source="order:10")
        points.spend(member_id=member, points=20, source="order:1")
        points.take_back(member_id=member, points=5, source="refund:1")
    assert account(member) == 180 - 20 - 5
    assert OutboxEvent.objects.filter(topic="members.PointsEarned").count() == 3
    assert broken() == []


def test_the_database_refuses_a_second_posting_and_a_changed_entry(member: int) -> None:
    entry = PointsEntry.objects.filter(member_id=member).first()
    assert entry is not None
    again = PointsEntry(member_id=member, amount=1, kind=entry.kind, source=entry.source, balance_after=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    for change in (lambda: entry.delete(), lambda: PointsEntry.objects.filter(pk=entry.pk).update(amount=9)):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsAccount.objects.filter(member_id=member).update(available=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsLot.objects.filter(member_id=member).update(remaining=F("points") + 1)


def test_too_few_points_are_refused_and_nothing_changes(member: int) -> None:
    with pytest.raises(PointsShort) as refusal:
        points.spend(member_id=member, points=181, source="order:1")
    assert refusal.value.extra == {"available": 180, "wanted": 181}
    assert lots(member) == [100, 50, 30]
    for nonsense in (0, -5, True, 1.5):
        with pytest.raises(Invalid):
            points.spend(member_id=member, points=nonsense, source="order:2")  # type: ignore[arg-type]


def test_expired_points_cannot_be_spent_even_before_the_nightly_job(member: int) -> None:
    with clock.shifted(timedelta(days=15)):
        assert facts.balance(member) == 80
        with pytest.raises(PointsShort) as refusal:
            points.spend(member_id=member, points=100, source="order:1")
        assert refusal.value.extra["available"] == 80
        points.spend(member_id=member, points=80, source="order:2")
        assert points.expire_due() == 1
        assert points.expire_due() == 0
    assert account(member) == 0
    assert PointsEntry.objects.get(kind="expire").amount == -100
    assert broken() == []


def test_points_given_back_return_to_their_lots_the_last_taken_first(member: int) -> None:
    points.spend(member_id=member, points=120, source="order:1")
    assert points.give_back(member_id=member, source="order:1", points=30, back_source="refund:1") == 30
    assert lots(member) == [10, 50, 30]
    assert points.give_back(member_id=member, source="order:1", points=30, back_source="refund:1") == 0
    with pytest.raises(Invalid):
        points.give_back(member_id=member, source="order:1", points=91, back_source="refund:2")
    assert points.give_back(member_id=member, source="order:1", back_source="refund:3") == 90
    assert lots(member) == [100, 50, 30]
    assert points.give_back(member_id=member, source="order:1", back_source="refund:4") == 0
    assert points.give_back(member_id=member, source="order:unknown", back_source="refund:5") == 0
    assert broken() == []


def test_points_of_an_expired_lot_come_back_with_a_short_life(member: int) -> None:
    points.spend(member_id=member, points=120, source="order:1")
    with clock.shifted(timedelta(days=15)):
        points.expire_due()
        points.give_back(member_id=member, source="order:1", back_source="refund:1")
        assert facts.balance(member) == 180
        assert PointsLot.objects.get(source="back:refund:1").remaining == 100
        assert broken() == []
    with clock.shifted(timedelta(days=46)):
        points.expire_due()
        assert facts.balance(member) == 0
    assert broken() == []


def test_points_taken_back_but_spent_become_a_debt_the_next_points_settle(member: int) -> None:
    points.spend(member_id=member, points=170, source="order:1")
    points.take_back(member_id=member, points=30, source="refund:1")
    assert account(member) == 0
    assert PointsDebt.objects.get().remaining == 20
    points.earn(member_id=member, points=15, source="order:2")
    assert (account(member), PointsDebt.objects.get().remaining) == (0, 5)
    points.earn(member_id=member, points=15, source="order:3")
    assert (account(member), PointsDebt.objects.get().remaining) == (10, 0)
    assert broken() == []


def test_staff_adjust_points_with_a_reason_once_and_leave_a_trace(member: int) -> None:
    for _ in range(2):
        points.adjust(member_id=member, points=20, reason="late parcel", key="a", actor="user:1")
    points.adjust(member_id=member, points=-50, reason="mistake", key="b", actor="user:1")
    assert account(member) == 150
    assert PointsEntry.objects.get(source="adjust:a").reason == "late parcel"
    assert AuditEntry.objects.filter(verb="adjust_points", target=f"member:{member}").count() == 2
    with pytest.raises(PointsShort):
        points.adjust(member_id=member, points=-151, reason="mistake", key="c", actor="user:1")
    for empty in ({"points": 0, "reason": "x"}, {"points": 5, "reason": " "}):
        with pytest.raises(Invalid):
            points.adjust(member_id=member, key="d", actor="user:1", **empty)  # type: ignore[arg-type]
    assert broken() == []


def test_a_member_sees_entries_page_by_page_and_what_expires_soon(member: int) -> None:
    first = facts.entries(member, size=2)
    rest = facts.entries(member, after=first.next_after, size=2)
    assert [entry.amount for entry in first.entries + rest.entries] == [30, 100, 50]
    assert rest.next_after is None
    count, when = facts.expiring(member, timedelta(days=25))
    assert count == 150
    assert when is not None
    assert facts.expiring(make.member().pk) == (0, None)


def test_each_invariant_sees_what_it_is_for(member: int) -> None:
    spoil = {
        "PT1": lambda: PointsLot.objects.filter(member_id=member).update(remaining=0),
        "BL3": lambda: PointsAccount.objects.filter(member_id=member).update(available=F("available") + 1),
        "BL3.account": lambda: PointsAccount.objects.filter(member_id=member).delete(),
        "PT2": lambda: PointsDebt.objects.create(
            member_id=member, points=1, remaining=1, source="x", created_at=clock.now() - timedelta(days=1)
        ),
    }
    for name, act in spoil.items():
        with transaction.atomic():
            act()
            assert name in {found for found, _ in broken()}
            transaction.set_rollback(True)
    assert broken() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_concurrent_spendings_never_take_more_than_there_is() -> None:
    who = make.member(points_available=100).pk
    outcome = run_together(
        8, lambda n: points.spend(member_id=who, points=30, source=f"order:{n}"), pass_number=True
    )
    assert len(outcome.results) == 3
    assert len(outcome.of(PointsShort)) == 5
    assert account(who) == 10
    assert broken() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_concurrent_postings_of_one_source_count_once() -> None:
    who = make.member(points_available=100).pk

    def post() -> None:
        points.earn(member_id=who, points=10, source="order:1")
        points.spend(member_id=who, points=30, source="order:2")
        points.give_back(member_id=who, source="order:2", points=5, back_source="refund:2")

    outcome = run_together(8, post)
    assert outcome.problems == []
    assert account(who) == 100 + 10 - 30 + 5
    assert broken() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_takes_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with the lock replaced by a plain read, lots and account fall apart."""
    who = make.member(points_available=100).pk
    meeting = Meeting(4)

    def unlocked(member_id: int) -> PointsAccount:
        found = PointsAccount.objects.get(member_id=member_id)
        meeting.wait()
        return found

    monkeypatch.setattr("members.locks.points_account", unlocked)
    run_together(4, lambda n: points.spend(member_id=who, points=30, source=f"order:{n}"), pass_number=True)
    assert "PT1" in {name for name, _ in broken()}
