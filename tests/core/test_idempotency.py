from datetime import timedelta
from typing import Any

import pytest

from shop.core import clock, idempotency, jobs
from shop.core.errors import Busy, Forbidden, InProgress, KeyReused
from shop.core.models import IdempotencyKey, Job
from shop.core.transactions import depth
from tests.races import Meeting, run_together

pytestmark = pytest.mark.django_db


def create(fingerprint: str = "f", key: str = "k", run: Any = idempotency.run) -> tuple[int, bool]:
    return run(
        scope="user:1 POST",
        key=key,
        fingerprint=fingerprint,
        action=lambda: jobs.create(kind="a", actor="user:1").pk,
        dump=lambda pk: {"id": pk},
        load=lambda stored: stored["id"],
    )


@pytest.mark.parametrize("run", [idempotency.run, idempotency.run_phased])
def test_the_same_request_again_gets_the_same_answer(run: Any) -> None:
    first, second = create(run=run), create(run=run)
    assert first == (Job.objects.get().pk, True)
    assert second == (first[0], False)


@pytest.mark.parametrize("run", [idempotency.run, idempotency.run_phased])
def test_a_key_serves_one_request_only(run: Any) -> None:
    create(run=run)
    with pytest.raises(KeyReused):
        create("other", run=run)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("run", [idempotency.run, idempotency.run_phased])
def test_refusals_store_nothing(run: Any) -> None:
    def refuse() -> int:
        raise Forbidden

    with pytest.raises(Forbidden):
        run(scope="user:1 POST", key="k", fingerprint="f", action=refuse, dump=int, load=int)
    assert not IdempotencyKey.objects.exists()
    assert create(run=run)[1]


def test_scopes_don_t_meet() -> None:
    create()
    answer, fresh = idempotency.run(
        scope="user:2 POST", key="k", fingerprint="f", action=lambda: 5, dump=int, load=int
    )
    assert (answer, fresh) == (5, True)


def test_a_phased_action_runs_without_a_transaction() -> None:
    seen = []
    idempotency.run_phased(
        scope="s", key="k", fingerprint="f", action=lambda: seen.append(depth()), dump=str, load=str
    )
    assert seen == [0]


def test_a_phased_request_still_running_is_in_progress_until_its_lease_ends() -> None:
    assert idempotency._take("s", "k", "f")  # and the process dies
    with pytest.raises(InProgress):
        idempotency.run_phased(scope="s", key="k", fingerprint="f", action=int, dump=int, load=int)
    with pytest.raises(KeyReused):
        idempotency.run_phased(scope="s", key="k", fingerprint="g", action=int, dump=int, load=int)
    with clock.shifted(timedelta(seconds=91)):
        assert idempotency.run_phased(
            scope="s", key="k", fingerprint="f", action=lambda: 3, dump=int, load=int
        ) == (3, True)


def test_fingerprints_ignore_the_order_of_names() -> None:
    assert idempotency.fingerprint({"a": 1, "b": [2]}) == idempotency.fingerprint({"b": [2], "a": 1})
    assert idempotency.fingerprint({"a": 1}) != idempotency.fingerprint({"a": "1"})


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_r2_twenty_clicks_are_one_effect_and_one_answer() -> None:
    outcome = run_together(20, create)
    assert not outcome.problems
    assert Job.objects.count() == 1
    assert {answer for answer, _ in outcome.results} == {Job.objects.get().pk}
    assert sum(fresh for _, fresh in outcome.results) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_r2_negative_control_look_first_then_act_doubles() -> None:
    meeting = Meeting(20)

    def careless() -> None:
        if not IdempotencyKey.objects.filter(scope="s", key="k").exists():
            meeting.wait()
            jobs.create(kind="a", actor="system")

    run_together(20, careless)
    assert Job.objects.count() > 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_on_a_phased_action_act_once() -> None:
    outcome = run_together(20, lambda: create(run=idempotency.run_phased))
    assert Job.objects.count() == 1
    assert all(isinstance(problem, InProgress | Busy) for problem in outcome.problems)
    assert {answer for answer, _ in outcome.results} == {Job.objects.get().pk}
