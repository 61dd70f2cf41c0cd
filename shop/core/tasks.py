"""Thin Celery names of core's work."""

from shop.core import audit, long_work, outbox, retention
from shop.core.beat import beat_job, task

__all__ = ["beat_job", "clean_up", "drain", "end_silent_jobs", "heartbeat", "seal_audit"]


@task("core.drain")
def drain(queue: str | None = None) -> int:
    return outbox.drain(queues=[queue] if queue else None)


@beat_job("core.heartbeat")
def heartbeat() -> None:
    """The run itself is the sign of life."""


@beat_job("core.seal_audit")
def seal_audit() -> int:
    return audit.seal()


@beat_job("core.clean_up")
def clean_up() -> dict[str, int]:
    return {"files of jobs": long_work.remove_old_files()} | retention.clean_up()


@beat_job("core.end_silent_jobs")
def end_silent_jobs() -> int:
    return long_work.end_silent()
