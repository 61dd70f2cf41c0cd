"""Facts are delivered once for every handler, in order for every key, and nobody waits for a parked one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from shop.core import clock, events, jobs, outbox, poking
from shop.core.events import Event, publish, reacts_to
from shop.core.failpoints import FailpointReached
from shop.core.models import Job, OutboxDelivery, OutboxEvent
from shop.core.transactions import depth
from tests.races import run_together

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Counted(Event):
    job_id: int
    number: int = 0
    key_field = "job_id"


@dataclass(frozen=True)
class Unkeyed(Event):
    number: int


@pytest.fixture
def react() -> Iterator[Callable[..., Any]]:
    """Registers a handler for the length of a test."""
    before = dict(events._handlers)
    yield lambda fn, *kinds, **options: reacts_to(*(kinds or (Counted,)), **options)(fn)
    events._handlers.clear()
    events._handlers.update(before)


@pytest.fixture
def job() -> Job:
    return jobs.create(kind="a", actor="system")


def tell(*facts: Event) -> None:
    with transaction.atomic():
        for fact in facts:
            publish(fact)


def test_an_effect_and_its_mark_come_together(react: Any, job: Job) -> None:
    seen = []

    def add(event: Counted) -> None:
        seen.append((event, depth()))
        jobs.advance(job)

    react(add)
    tell(Counted(job.pk, 7))
    assert outbox.drain_all() == 1
    assert seen == [(Counted(job.pk, 7), 1)]
    job.refresh_from_db()
    assert job.done_count == 1
    delivery = OutboxDelivery.objects.get()
    assert delivery.done_at
    assert delivery.attempts == 1
    assert outbox.drain_all() == 0


def test_a_fact_needs_the_transaction_of_its_cause_and_goes_with_it(react: Any, job: Job) -> None:
    react(lambda event: None)
    with pytest.raises(RuntimeError):
        publish(Counted(job.pk))
    with transaction.atomic():
        publish(Counted(job.pk))
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


def test_facts_hold_ids_only() -> None:
    with pytest.raises(TypeError, match="not an id"):
        tell(Counted(1, number=1.5))  # type: ignore[arg-type]
    assert events.revive("tests.Counted", {"job_id": 1, "number": 2}) == Counted(1, 2)


def test_a_failing_effect_is_undone_and_comes_again_later(react: Any, job: Job) -> None:
    tries = []

    def flaky(event: Counted) -> None:
        jobs.advance(job)
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("no luck")

    react(flaky)
    tell(Counted(job.pk))
    assert outbox.drain() == 1
    delivery = OutboxDelivery.objects.get()
    job.refresh_from_db()
    assert job.done_count == 0
    assert (delivery.attempts, delivery.done_at, delivery.last_error) == (1, None, "ValueError: no luck")
    assert outbox.drain() == 0
    waits = []
    for hours in (1, 2):
        waits.append(OutboxDelivery.objects.get().available_at - clock.now())
        with clock.shifted(timedelta(hours=hours)):
            outbox.drain()
    assert timedelta(seconds=4) < waits[0] < timedelta(seconds=6)
    job.refresh_from_db()
    assert job.done_count == 1
    assert OutboxDelivery.objects.get().done_at


def test_delays_grow_to_an_hour_and_twelve_failures_park(react: Any, job: Job) -> None:
    def broken(event: Counted) -> None:
        raise ValueError

    react(broken)
    tell(Counted(job.pk))
    delays = []
    for day in range(12):
        with clock.shifted(timedelta(days=day)):
            assert outbox.drain() == 1
            row = OutboxDelivery.objects.get()
            delays.append((row.available_at - clock.now()).total_seconds())
    assert delays == sorted(delays[:9]) + delays[9:]
    assert 8 < delays[1] < 11.5
    assert 3200 < delays[11] < 4000
    parked = OutboxDelivery.objects.get()
    assert parked.parked_at
    with clock.shifted(timedelta(days=30)):
        assert outbox.drain() == 0

    events._handlers[parked.handler] = events.Handler(
        parked.handler, lambda event: jobs.advance(job), (Counted.topic,), False, "default"
    )
    outbox.replay(parked)
    assert outbox.drain_all() == 1
    job.refresh_from_db()
    assert job.done_count == 1


def test_order_holds_for_a_key_and_other_keys_go_on(react: Any) -> None:
    seen: list[tuple[int, int]] = []
    broken = {1}

    def note(event: Counted) -> None:
        if event.job_id in broken and event.number == 1:
            raise ValueError
        seen.append((event.job_id, event.number))

    react(note)
    tell(Counted(1, 1), Counted(1, 2), Counted(2, 1), Counted(2, 2))
    outbox.drain()
    assert seen == [(2, 1), (2, 2)]
    broken.clear()
    with clock.shifted(timedelta(hours=1)):
        outbox.drain()
    assert seen[2:] == [(1, 1), (1, 2)]


def test_a_parked_fact_holds_nobody_up(react: Any) -> None:
    seen = []

    def note(event: Counted) -> None:
        if event.number == 1:
            raise ValueError
        seen.append(event.number)

    react(note)
    tell(Counted(1, 1), Counted(1, 2))
    first = OutboxDelivery.objects.order_by("id").first()
    OutboxDelivery.objects.filter(pk=first.pk).update(attempts=outbox.PARK_AFTER - 1)
    outbox.drain()
    assert seen == [2]


def test_one_handler_s_trouble_is_not_another_s(react: Any) -> None:
    seen = []

    def good(event: Counted) -> None:
        seen.append(event.number)

    def bad(event: Counted) -> None:
        raise ValueError

    react(bad)
    react(good)
    tell(Counted(1, 5))
    outbox.drain()
    assert seen == [5]
    assert OutboxDelivery.objects.filter(done_at=None).count() == 1


def test_without_a_key_nothing_waits(react: Any) -> None:
    seen = []

    def note(event: Unkeyed) -> None:
        if event.number == 1:
            raise ValueError
        seen.append(event.number)

    react(note, Unkeyed)
    tell(Unkeyed(1), Unkeyed(2))
    outbox.drain()
    assert seen == [2]


def test_an_outside_handler_runs_without_a_transaction_and_again_after_a_crash(
    react: Any, settings: Any
) -> None:
    calls = []
    react(lambda event: calls.append(depth()), outside=True)
    tell(Counted(1))
    settings.SHOP_FAILPOINTS = "outbox_acted=raise"
    outbox.drain()
    assert calls == [0]
    assert OutboxDelivery.objects.get().done_at is None
    settings.SHOP_FAILPOINTS = ""
    with clock.shifted(timedelta(hours=1)):
        outbox.drain()
    assert calls == [0, 0]
    assert OutboxDelivery.objects.get().done_at


def test_a_crash_between_effect_and_mark_leaves_neither(react: Any, settings: Any, job: Job) -> None:
    react(lambda event: jobs.advance(job))
    tell(Counted(job.pk))
    settings.SHOP_FAILPOINTS = "outbox_acted=raise"
    with pytest.raises(FailpointReached):
        outbox.drain_all()
    job.refresh_from_db()
    assert job.done_count == 0
    settings.SHOP_FAILPOINTS = ""
    with clock.shifted(timedelta(hours=1)):
        outbox.drain_all()
    job.refresh_from_db()
    assert job.done_count == 1


def test_a_claim_whose_worker_died_is_free_after_its_lease(react: Any, settings: Any) -> None:
    settings.OUTBOX_LEASE_SECONDS = 60
    seen = []
    react(lambda event: seen.append(event.number))
    tell(Counted(1, 1))
    assert outbox._claim(None)  # and then the worker dies
    assert outbox.drain() == 0
    with clock.shifted(timedelta(seconds=61)):
        assert outbox.drain() == 1
    assert seen == [1]
    assert OutboxDelivery.objects.get().attempts == 2


def test_a_handler_that_is_gone_is_an_error_one_can_see(react: Any) -> None:
    react(lambda event: None)
    tell(Counted(1))
    events._handlers.clear()
    outbox.drain()
    assert "no handler" in OutboxDelivery.objects.get().last_error


def test_queues_are_drained_apart(react: Any) -> None:
    seen = []

    def urgent(event: Counted) -> None:
        seen.append("urgent")

    def slow(event: Counted) -> None:
        seen.append("slow")

    react(slow, outside=True)
    react(urgent, queue="critical")
    tell(Counted(1))
    assert outbox.drain(queues=["critical"]) == 1
    assert seen == ["urgent"]
    assert outbox.drain(queues=["notify"]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_missing_broker_never_reaches_the_caller(
    react: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def away(*args: Any, **kwargs: Any) -> None:
        asked.append(kwargs["queue"])
        raise poking.BrokerError("away")

    monkeypatch.setattr("celery.current_app.send_task", away, raising=False)
    monkeypatch.setattr(poking, "_broker_away_until", 0.0)
    settings.OUTBOX_POKES = True
    react(lambda event: None)
    with transaction.atomic():
        publish(Counted(1))
        publish(Counted(2))
        assert not asked
        assert len(connection.run_on_commit) == 1
    assert asked == ["default"]
    tell(Counted(1))
    assert asked == ["default"]  # the breaker is open
    assert OutboxDelivery.objects.filter(done_at=None).count() == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_r15_many_drainers_apply_every_effect_once(react: Any) -> None:
    work = [jobs.create(kind="a", actor="system") for _ in range(5)]

    def add(event: Counted) -> None:
        jobs.advance(Job(pk=event.job_id))

    react(add)
    tell(*(Counted(job.pk, number) for number in range(6) for job in work))
    outcome = run_together(8, lambda: outbox.drain())
    outbox.drain_all()
    assert not outcome.problems
    assert set(Job.objects.values_list("done_count", flat=True)) == {6}
    assert set(OutboxDelivery.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_r15_negative_control_without_the_claim_effects_double(
    react: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.create(kind="a", actor="system")
    react(lambda event: jobs.advance(job))
    monkeypatch.setattr(
        outbox,
        "_claim",
        lambda queues: OutboxDelivery.objects.filter(done_at=None).values_list("id", "attempts").first(),
    )
    monkeypatch.setattr(outbox, "_mark_done", lambda pk, attempt: True)
    tell(Counted(job.pk))
    run_together(4, lambda: outbox.drain(limit=1))
    job.refresh_from_db()
    assert job.done_count == 4


@pytest.mark.django_db(transaction=True)
def test_order_of_a_key_holds_with_many_drainers(react: Any) -> None:
    react(lambda event: jobs.create(kind=str(event.number), actor="system"))
    tell(*(Counted(1, number) for number in range(12)))
    run_together(4, lambda: [outbox.drain() for _ in range(12)])
    outbox.drain_all()
    assert list(Job.objects.order_by("id").values_list("kind", flat=True)) == [str(n) for n in range(12)]


def test_parked_deliveries_are_replayed_by_command(react: Any, capsys: Any) -> None:
    seen = []
    react(lambda event: seen.append(event.number))
    tell(Counted(1, 1), Counted(2, 2))
    OutboxDelivery.objects.update(parked_at=clock.now())
    call_command("replay_outbox", handler="nobody")
    assert outbox.drain() == 0
    call_command("replay_outbox")
    assert "2 deliveries" in capsys.readouterr().out
    assert outbox.drain() == 2
    assert seen == [1, 2]
