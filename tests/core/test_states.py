from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from shop.core import clock, jobs
from shop.core.errors import IllegalMove, LostRace
from shop.core.models import JOB_STATES, Job
from shop.core.states import Machine
from shop.core.terms import JobStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return jobs.create(kind="import", actor="user:1", total=3)


def test_a_move_writes_status_fields_and_its_row(job: Job) -> None:
    with transaction.atomic():
        JOB_STATES.move(
            job, JobStatus.RUNNING, actor="user:2", reason="go", message="hi", done_count=F("done_count") + 2
        )
    assert (job.status, job.message, job.done_count) == ("running", "hi", 2)
    stored = Job.objects.get(pk=job.pk)
    assert (stored.status, stored.message, stored.done_count) == ("running", "hi", 2)
    row = stored.transitions.get()
    assert (row.from_status, row.to_status, row.actor, row.reason) == ("waiting", "running", "user:2", "go")


def test_what_the_table_lacks_is_refused_and_nothing_changes(job: Job) -> None:
    with transaction.atomic(), pytest.raises(IllegalMove):
        JOB_STATES.move(job, JobStatus.DONE, actor="user:1")
    job.refresh_from_db()
    assert job.status == "waiting"
    assert not job.transitions.exists()


def test_the_slower_of_two_loses_the_race(job: Job) -> None:
    same = Job.objects.get(pk=job.pk)
    with transaction.atomic():
        JOB_STATES.move(job, JobStatus.RUNNING, actor="user:1")
    with pytest.raises(LostRace), transaction.atomic():
        JOB_STATES.move(same, JobStatus.FAILED, actor="user:2")
    assert Job.objects.get(pk=job.pk).status == "running"
    assert job.transitions.count() == 1


def test_a_move_needs_a_transaction(job: Job) -> None:
    with pytest.raises(RuntimeError):
        JOB_STATES.move(job, JobStatus.RUNNING, actor="user:1")


def test_many_move_at_once_and_the_others_stay() -> None:
    waiting = [jobs.create(kind="a", actor="system") for _ in range(2)]
    running = jobs.create(kind="a", actor="system")
    done = jobs.create(kind="a", actor="system")
    jobs.start(running)
    jobs.start(done)
    jobs.finish(done)
    with transaction.atomic():
        moved = JOB_STATES.move_many(Job.objects.all(), JobStatus.FAILED, actor="system", reason="old")
    assert moved == [waiting[0].pk, waiting[1].pk, running.pk]
    assert set(Job.objects.filter(pk__in=moved).values_list("status", flat=True)) == {"failed"}
    assert running.transitions.get(to_status="failed").from_status == "running"
    done.refresh_from_db()
    assert done.status == "done"


def test_the_database_refuses_a_status_nobody_knows(job: Job) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(message="", **{JOB_STATES.field: "lost"})


def test_moves_follow_the_shifted_clock(job: Job) -> None:
    with clock.shifted(timedelta(days=-30)), transaction.atomic():
        JOB_STATES.move(job, JobStatus.RUNNING, actor="user:1")
    assert job.transitions.get().created_at < clock.now() - timedelta(days=29)


def test_a_machine_draws_itself_and_refuses_unknown_states() -> None:
    picture = JOB_STATES.dot()
    assert '"waiting" -> "running"' in picture
    assert '"done" [peripheries=2]' in picture
    with pytest.raises(ValueError, match="no such states"):
        Machine("odd", initial=JobStatus.WAITING, moves={JobStatus.WAITING: ["gone"]})


def test_progress_of_a_job_is_counted_and_ends_once(job: Job) -> None:
    jobs.start(job)
    jobs.advance(job, done=2, failed=1, message="row 3 failed")
    jobs.finish(job, result={"rows": 3})
    assert (job.status, job.done_count, job.failed_count, job.result) == ("done", 2, 1, {"rows": 3})
    with pytest.raises(IllegalMove):
        jobs.fail(job, message="late")
