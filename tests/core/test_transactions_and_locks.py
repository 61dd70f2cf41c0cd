import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from shop.core import jobs, locks
from shop.core.errors import Busy
from shop.core.locks import LockOrderBroken, Rank
from shop.core.models import Job, Setting
from shop.core.transactions import forbid_transaction, require_transaction, unit
from tests.races import run_all, run_together


class FakeDriverError(Exception):
    pgcode = "40P01"


def deadlock() -> OperationalError:
    problem = OperationalError("deadlock detected")
    problem.__cause__ = FakeDriverError()
    return problem


@pytest.mark.django_db
class TestUnits:
    def test_only_the_outermost_unit_runs_again_after_a_deadlock(self) -> None:
        outer, inner = [], []

        @unit
        def inside() -> None:
            inner.append(1)
            if len(inner) < 3:
                raise deadlock()

        @unit
        def outside() -> str:
            outer.append(jobs.create(kind="a", actor="system").pk)
            inside()
            return "done"

        assert outside() == "done"
        assert len(outer) == len(inner) == 3
        assert Job.objects.count() == 1

    def test_an_inner_unit_costs_nothing_and_its_failure_ends_the_outer_one(
        self, django_assert_num_queries: Any
    ) -> None:
        @unit
        def inside(fail: bool) -> None:
            if fail:
                raise Busy

        @unit
        def outside(fail: bool) -> None:
            jobs.create(kind="a", actor="system")
            with suppress(Busy):
                inside(fail)

        with django_assert_num_queries(4):  # savepoint of the test, lock timeout, insert, release
            outside(False)
        with pytest.raises(RuntimeError, match="inner unit failed"):
            outside(True)
        assert Job.objects.count() == 1

    def test_after_three_tries_again_the_shop_is_busy(self) -> None:
        calls = []

        @unit
        def always() -> None:
            calls.append(1)
            raise deadlock()

        with pytest.raises(Busy):
            always()
        assert len(calls) == 4

    def test_other_database_errors_are_not_tried_again(self) -> None:
        calls = []

        @unit
        def wrong() -> None:
            calls.append(1)
            raise OperationalError("server closed the connection")

        with pytest.raises(OperationalError):
            wrong()
        assert len(calls) == 1

    def test_the_transaction_of_a_test_case_does_not_count(self) -> None:
        forbid_transaction()
        with pytest.raises(RuntimeError):
            require_transaction()
        with transaction.atomic():
            require_transaction()
            with pytest.raises(RuntimeError):
                forbid_transaction()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_a_real_deadlock_ends_with_both_done() -> None:
    first, second = (jobs.create(kind="a", actor="system") for _ in range(2))
    both_hold_one = threading.Barrier(2)

    def swap(keys: tuple[int, int]) -> int:
        tries = []

        @unit
        def work() -> int:
            tries.append(1)
            Job.objects.filter(pk=keys[0]).update(message="x")
            if len(tries) == 1:
                both_hold_one.wait(timeout=5)
            Job.objects.filter(pk=keys[1]).update(message="x")
            return len(tries)

        return work()

    outcome = run_all([lambda: swap((first.pk, second.pk)), lambda: swap((second.pk, first.pk))])
    assert not outcome.problems
    assert sorted(outcome.results) == [1, 2]  # one of them was the victim and came again


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_waiting_for_a_lock_ends_after_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.core.transactions.RETRIES", 0)
    job = jobs.create(kind="a", actor="system")
    held, free = threading.Event(), threading.Event()

    @unit
    def hold() -> None:
        locks.take(Job.objects.filter(pk=job.pk), Rank.ORDER)
        held.set()
        free.wait(timeout=10)

    @unit
    def ask() -> None:
        locks.take(Job.objects.filter(pk=job.pk), Rank.ORDER)

    def ask_then_free() -> None:
        held.wait(timeout=5)
        try:
            ask()
        finally:
            free.set()

    outcome = run_all([hold, ask_then_free], seconds=20)
    assert len(outcome.of(Busy)) == 1


@pytest.mark.django_db
class TestRanks:
    def test_rows_come_locked_in_key_order(self) -> None:
        keys = [jobs.create(kind="a", actor="system").pk for _ in range(3)]
        with transaction.atomic():
            rows = locks.take(Job.objects.order_by("-id"), Rank.ORDER)
        assert [row.pk for row in rows] == keys

    def test_a_falling_rank_is_caught(self) -> None:
        with transaction.atomic():
            locks.take(Job.objects.all(), Rank.STOCK)
            with pytest.raises(LockOrderBroken):
                locks.take(Setting.objects.all(), Rank.ORDER)

    def test_within_a_rank_tables_follow_their_names(self) -> None:
        with transaction.atomic():
            locks.take(Job.objects.all(), Rank.MARKETING)
            locks.take(Setting.objects.all(), Rank.MARKETING)
            with pytest.raises(LockOrderBroken):
                locks.take(Job.objects.all(), Rank.MARKETING)

    def test_rows_already_held_may_be_updated_late(self) -> None:
        job, other = (jobs.create(kind="a", actor="system") for _ in range(2))
        table = Job._meta.db_table
        with transaction.atomic():
            locks.take(Job.objects.filter(pk=job.pk), Rank.ORDER)
            locks.declare(Rank.STOCK)
            locks.declare(Rank.ORDER, table, [job.pk])
            with pytest.raises(LockOrderBroken):
                locks.declare(Rank.ORDER, table, [other.pk])

    def test_the_next_transaction_starts_afresh(self) -> None:
        for _ in range(2):
            with transaction.atomic():
                locks.take(Job.objects.all(), Rank.ORDER)
                locks.declare(Rank.STOCK)

    def test_locks_need_a_transaction(self) -> None:
        with pytest.raises(RuntimeError):
            locks.take(Job.objects.all(), Rank.ORDER)


@pytest.mark.django_db(transaction=True)
def test_ranks_start_afresh_after_commit_and_rollback() -> None:
    @transaction.atomic
    def work(fail: bool) -> None:
        locks.take(Job.objects.all(), Rank.ORDER)
        locks.declare(Rank.STOCK)
        if fail:
            raise KeyError

    work(False)
    with pytest.raises(KeyError):
        work(True)
    work(False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_twenty_counters_lose_nothing_under_a_lock_and_something_without() -> None:
    def count(locked: bool) -> int:
        job = jobs.create(kind="a", actor="system")
        everyone_has_read = threading.Barrier(20)

        def add() -> None:
            with transaction.atomic():
                rows = Job.objects.filter(pk=job.pk)
                row = locks.take(rows, Rank.ORDER)[0] if locked else rows.get()
                if not locked:
                    everyone_has_read.wait(timeout=10)
                rows.update(done_count=row.done_count + 1)

        assert not run_together(20, add).problems
        job.refresh_from_db()
        return job.done_count

    assert count(locked=True) == 20
    assert count(locked=False) < 20


@pytest.mark.django_db
def test_a_connection_bounds_statements_and_idle_transactions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] in ("1min", "15s")
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone()[0] == "30s"
