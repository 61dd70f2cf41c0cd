"""Long work: asked for, followed, ended in every case; seen by those who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client

from shop.core import clock, jobs, long_work, outbox, retention
from shop.core.errors import Invalid
from shop.core.long_work import Outcome, Progress
from shop.core.models import Job
from tests.factories import members

pytestmark = pytest.mark.django_db
PERMISSION = "catalog.import_products"


@pytest.fixture
def work() -> Any:
    """Declares a kind of work for this test."""
    names: list[str] = []

    def declare(run: Any, name: str = "test.work") -> str:
        long_work.declare(name, label="测试", permission=PERMISSION, run=run)
        names.append(name)
        return name

    yield declare
    for name in names:
        long_work._kinds.pop(name, None)


def ask(kind: str, actor: str = "user:1") -> Job:
    return long_work.ask(kind=kind, actor=actor, arguments={})


def done(job: Job) -> Job:
    outbox.drain_all()
    job.refresh_from_db()
    return job


def test_work_is_done_once_with_its_progress_and_result(work: Any) -> None:
    runs = []

    def run(job: Job, progress: Progress) -> Outcome:
        runs.append(job.pk)
        progress.starts(3, "…")
        progress.step(2)
        progress.step(failed=1)
        return Outcome("fertig", {"rows": 3})

    job = ask(work(run))
    assert job.status == "waiting"
    done(job)
    assert (job.status, job.message, job.result["rows"]) == ("done", "fertig", 3)
    assert (job.total, job.done_count, job.failed_count) == (3, 3, 1)
    long_work.run(job.pk)
    assert runs == [job.pk]


@pytest.mark.parametrize("problem", [Invalid(field="x"), ZeroDivisionError()])
def test_work_that_breaks_ends_as_failed_with_words_and_is_not_repeated(
    work: Any, problem: Exception
) -> None:
    def run(job: Job, progress: Progress) -> Outcome:
        raise problem

    job = done(ask(work(run)))
    assert (job.status, bool(job.message)) == ("failed", True)
    assert outbox.drain_all() == 0


def test_work_of_a_dead_worker_is_taken_up_once_more_and_then_ends(work: Any) -> None:
    runs = []

    def run(job: Job, progress: Progress) -> Outcome:
        runs.append(job.pk)
        return Outcome("")

    job = jobs.create(kind=work(run), actor="user:1")
    jobs.start(job)
    mine = Job.objects.filter(pk=job.pk)
    mine.update(beat_at=clock.now(), attempts=1)
    long_work.run(job.pk)  # its worker lives
    assert runs == []
    mine.update(beat_at=clock.now() - timedelta(seconds=40))
    long_work.run(job.pk)
    job.refresh_from_db()
    assert (runs, job.status) == ([job.pk], "done")


def test_work_that_stays_silent_ends_as_failed(work: Any) -> None:
    kind = work(lambda job, progress: Outcome(""))
    silent, beating, waiting, young = (jobs.create(kind=kind, actor="user:1") for _ in range(4))
    for job, seconds in ((silent, 200), (beating, 20)):
        jobs.start(job)
        Job.objects.filter(pk=job.pk).update(beat_at=clock.now() - timedelta(seconds=seconds), attempts=2)
    Job.objects.filter(pk=waiting.pk).update(created_at=clock.now() - timedelta(days=2))
    assert long_work.end_silent() == 2
    found = {job.pk: job.status for job in Job.objects.all()}
    assert [found[job.pk] for job in (silent, beating, waiting, young)] == [
        *("failed", "running", "failed", "waiting")
    ]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_sits_in_one_transaction(work: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(long_work, "BEAT_SECONDS", 0.05)
    job = jobs.create(kind=work(lambda job, progress: Outcome("")), actor="user:1")
    with Progress(job) as progress, transaction.atomic():
        progress.starts(10)
        progress.step(4)
        with connection.cursor() as cursor:
            for _ in range(100):
                cursor.execute("SELECT pg_sleep(0.05)")
                if Job.objects.get(pk=job.pk).done_count == 4:
                    break
        assert Job.objects.get(pk=job.pk).done_count == 4
    job.refresh_from_db()
    assert job.beat_at is not None


def test_files_of_a_job_are_private_signed_and_go_after_a_week(
    work: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    job = done(ask(work(lambda job, progress: Outcome("", file=long_work.store_file(b"abc", "a.csv")))))
    name, link = long_work.file_link(job)
    assert name == "a.csv"
    client = Client()
    assert b"".join(client.get(link).streaming_content) == b"abc"  # type: ignore[attr-defined]
    assert client.get(link.partition("?")[0]).status_code == 404
    assert long_work.remove_old_files() == 0
    Job.objects.filter(pk=job.pk).update(finished_at=clock.now() - timedelta(days=8))
    path = job.result["file"]
    assert long_work.remove_old_files() == 1
    assert not default_storage.exists(path)
    job.refresh_from_db()
    assert long_work.file_link(job) == ("", "")
    Job.objects.filter(pk=job.pk).update(finished_at=clock.now() - timedelta(days=91))
    assert retention.clean_up()["jobs"] == 1


def test_a_job_is_followed_by_who_asked_and_who_may_see_all(work: Any) -> None:
    kind = work(lambda job, progress: Outcome("erledigt"))

    def client_of(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    operator, other, clerk = members.staff("operator"), members.superuser(), members.staff("store_clerk")
    job = ask(kind, actor=f"user:{operator.pk}")
    for part in ("progress", "state"):
        page = f"/admin/core/job/{job.pk}/{part}/"
        assert client_of(operator).get(page).status_code == 200
        assert client_of(other).get(page).status_code == 200
        assert client_of(clerk).get(page).status_code == 403
        assert Client().get(page).status_code == 302
    state = f"/admin/core/job/{job.pk}/state/"
    assert "every 1s" in client_of(operator).get(state).content.decode()
    done(job)
    ended = client_of(operator).get(state).content.decode()
    assert "every 1s" not in ended
    assert "erledigt" in ended
    theirs = ask(kind, actor=f"user:{clerk.pk}")
    assert client_of(clerk).get(f"/admin/core/job/{theirs.pk}/progress/").status_code == 403
