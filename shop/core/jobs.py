"""Progress of long work, and the heartbeat of periodic work."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from shop.core import clock
from shop.core.models import JOB_STATES, Job
from shop.core.terms import JobStatus
from shop.core.transactions import unit_of_work


def create(*, kind: str, actor: str, arguments: Mapping[str, Any] | None = None, total: int = 0) -> Job:
    """A waiting job. `arguments` hold ids, no personal data."""
    return Job.objects.create(kind=kind, actor=actor, arguments=dict(arguments or {}), total=total)


@unit_of_work
def start(job: Job, *, total: int | None = None) -> None:
    extra: dict[str, Any] = {} if total is None else {"total": total}
    JOB_STATES.move(job, JobStatus.RUNNING, actor=job.actor, started_at=clock.now(), **extra)


def advance(job: Job, *, done: int = 1, failed: int = 0, message: str = "") -> None:
    """Counts on; other processes see it at once."""
    extra = {"message": message[:300]} if message else {}
    Job.objects.filter(pk=job.pk).update(
        done_count=F("done_count") + done, failed_count=F("failed_count") + failed, **extra
    )


@unit_of_work
def finish(job: Job, *, message: str = "", result: Mapping[str, Any] | None = None) -> None:
    JOB_STATES.move(
        job,
        JobStatus.DONE,
        actor=job.actor,
        finished_at=clock.now(),
        message=message[:300],
        result=dict(result or {}),
    )
    job.refresh_from_db()


@unit_of_work
def fail(job: Job, *, message: str) -> None:
    JOB_STATES.move(job, JobStatus.FAILED, actor=job.actor, finished_at=clock.now(), message=message[:300])
    job.refresh_from_db()
