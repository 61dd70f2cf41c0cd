"""A reaction for tests that end a whole process: `work()` drains in whatever process calls it."""

from dataclasses import dataclass

from shop.core import jobs, outbox
from shop.core.events import Event, reacts_to
from shop.core.models import Job


@dataclass(frozen=True)
class Happened(Event):
    job_id: int
    key_field = "job_id"


@reacts_to(Happened)
def count(event: Happened) -> None:
    jobs.advance(Job(pk=event.job_id))


def work() -> None:
    outbox.drain()
