"""Long work a person asked for: kinds of it, its progress as others see it, and its end in every case.

A service calls `ask` in its transaction; a worker calls `run`. Who waits looks at the Job's page.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import Any, ClassVar

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shop.core import clock, crypto, jobs, numbers, uploads
from shop.core.errors import IllegalMove, Refusal
from shop.core.events import Event, publish
from shop.core.models import JOB_STATES, Job
from shop.core.retention import keep
from shop.core.terms import JobStatus
from shop.core.transactions import forbid_transaction, unit_of_work

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0
GIVEN_UP_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=1)
ATTEMPTS = 2
LINK_SECONDS = 900
FILES_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class JobAsked(Event):
    """Somebody asked for long work."""

    key_field: ClassVar[str] = "job_id"
    job_id: int


class Progress:
    """Counts what is done. A thread of its own tells the database every second, even while the work itself
    sits in one long transaction; its silence says that the worker died."""

    def __init__(self, job: Job) -> None:
        self.job_id, self.total, self.done, self.failed, self.message = job.pk, job.total, 0, 0, ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def starts(self, total: int, message: str = "") -> None:
        """So many units lie ahead, counted from zero."""
        self.total, self.done, self.failed, self.message = total, 0, 0, message[:300]

    def step(self, count: int = 1, *, failed: int = 0) -> None:
        self.done += count
        self.failed += failed

    def __enter__(self) -> "Progress":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._tell()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(BEAT_SECONDS):
                with suppress(DatabaseError):
                    self._tell()
        finally:
            connection.close()

    def _tell(self) -> None:
        Job.objects.filter(pk=self.job_id).update(
            total=self.total,
            done_count=self.done,
            failed_count=self.failed,
            message=self.message,
            beat_at=clock.now(),
        )


@dataclass(frozen=True)
class Outcome:
    """How it ended: a sentence, and JSON facts for the page; a `file` of it is offered for download."""

    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    is_refused: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of long work. `run` may raise a Refusal; `template` shows its facts on the Job's page."""

    name: str
    label: str | Promise
    permission: str
    run: Callable[[Job, Progress], Outcome]
    template: str = ""


_kinds: dict[str, Kind] = {}


def declare(
    name: str,
    *,
    label: str | Promise,
    permission: str,
    run: Callable[[Job, Progress], Outcome],
    template: str = "",
) -> None:
    _kinds[name] = Kind(name, label, permission, run, template)


def kind(name: str) -> Kind | None:
    return _kinds.get(name)


def kinds() -> dict[str, Kind]:
    """Every kind by name (a copy)."""
    return dict(_kinds)


@unit_of_work
def ask(*, kind: str, actor: str, arguments: Mapping[str, Any]) -> Job:
    """A waiting job that a worker takes up soon, in the language of who asks. KeyError: no such kind."""
    name = _kinds[kind].name
    spoken = {"language": translation.get_language() or ""}
    job = jobs.create(kind=name, actor=actor, arguments=spoken | dict(arguments))
    publish(JobAsked(job_id=job.pk))
    return job


def run(job_id: int) -> None:
    """Does the work of a job that waits, or whose worker died once; ends it as done or failed."""
    forbid_transaction()
    job = _claim(job_id)
    if job is None:
        return
    with translation.override(job.arguments.get("language") or None):
        work = _kinds.get(job.kind)
        if work is None:
            jobs.fail(job, message=_("Nobody knows this kind of work any more."))
            return
        try:
            with Progress(job) as progress:
                outcome = work.run(job, progress)
        except Refusal as refusal:
            jobs.fail(job, message=refusal.message_text)
        except Exception as problem:
            log.exception("job_failed", job=job.pk, kind=job.kind)
            words = _("It broke off because of a fault ({fault}). Nothing was kept of it.")
            jobs.fail(job, message=words.format(fault=type(problem).__name__))
        else:
            facts = dict(outcome.facts) | ({"file": outcome.file} if outcome.file else {})
            jobs.finish(job, message=outcome.message, result=facts | {"is_refused": outcome.is_refused})


def end_silent() -> int:
    """Fails jobs whose worker fell silent for good, and those nobody took up; returns how many."""
    now = clock.now()
    silent = Job.objects.filter(status=JobStatus.RUNNING, beat_at__lt=now - GIVEN_UP_AFTER)
    waiting = Job.objects.filter(
        status=JobStatus.WAITING, kind__in=_kinds, created_at__lt=now - FORGOTTEN_AFTER
    )
    count = 0
    for job in (*silent, *waiting):
        with translation.override(job.arguments.get("language") or None), suppress(IllegalMove):
            jobs.fail(job, message=_("The worker stopped. Nothing was kept of it; please start it again."))
            count += 1
    return count


def store_file(content: bytes, name: str) -> str:
    """Keeps bytes as a private file under a random folder; returns its path."""
    return default_storage.save(f"private/jobs/{numbers.token(12)}/{name}", ContentFile(content))


def read_file(path: str) -> bytes:
    with default_storage.open(path) as file:
        return bytes(file.read())


def file_link(job: Job) -> tuple[str, str]:
    """Name and signed address of the job's file, good for a quarter of an hour; empty without a file."""
    path = str(job.result.get("file", ""))
    return (PurePath(path).name, crypto.sign_path(uploads.url(path), LINK_SECONDS)) if path else ("", "")


def remove_old_files() -> int:
    """Deletes the files of jobs that ended a week ago; returns how many jobs lost theirs."""
    old = Job.objects.filter(finished_at__lt=clock.now() - FILES_KEPT).exclude(result__file=None)
    uploaded = Job.objects.filter(finished_at__lt=clock.now() - FILES_KEPT).exclude(arguments__file=None)
    count = 0
    for job in {job.pk: job for job in (*old[:500], *uploaded[:500])}.values():
        for path in {job.result.pop("file", ""), job.arguments.pop("file", "")} - {""}:
            default_storage.delete(path)
        job.save(update_fields=["result", "arguments"])
        count += 1
    return count


def _claim(job_id: int) -> Job | None:
    """The job, when it is ours to do now."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    now = clock.now()
    if job.status == JobStatus.WAITING:
        return job if _start(job) else None
    silence = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS / 2)  # so that who comes again finds it out
    died = job.status == JobStatus.RUNNING and job.beat_at and job.beat_at < now - silence
    if not died or job.attempts >= ATTEMPTS:
        return None
    again = Job.objects.filter(pk=job_id, status=JobStatus.RUNNING, beat_at=job.beat_at)
    return job if again.update(beat_at=now, attempts=F("attempts") + 1) else None


@unit_of_work
def _start(job: Job) -> bool:
    now = clock.now()
    try:
        JOB_STATES.move(job, JobStatus.RUNNING, actor=job.actor, started_at=now, beat_at=now, attempts=1)
    except IllegalMove:
        return False
    return True


keep(
    "jobs",
    timedelta(days=90),
    lambda before: Job.objects.filter(finished_at__lt=before).exclude(status=JobStatus.WAITING),
)
