"""A worker takes up what somebody asked for."""

from shop.core import long_work
from shop.core.events import reacts_to
from shop.core.long_work import JobAsked


@reacts_to(JobAsked, outside=True, queue="report")
def take_up_long_work(event: JobAsked) -> None:
    long_work.run(event.job_id)
