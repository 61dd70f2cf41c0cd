"""What an alarm should watch, as Prometheus text: deliveries parked or late, jobs that fell silent."""

from collections.abc import Iterator

from django.db import connection

from shop.core import clock
from shop.core.models import JobRun

PARKED = "SELECT count(*) FROM core_outboxdelivery WHERE parked_at IS NOT NULL AND done_at IS NULL"
WAITING = """
SELECT count(*),
       coalesce(extract(epoch FROM clock_timestamp() + make_interval(secs => %s) - min(available_at)), 0)
FROM core_outboxdelivery WHERE parked_at IS NULL AND done_at IS NULL
"""


def text() -> str:
    """The gauges, four queries."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(PARKED)
        parked = cursor.fetchone()[0]
        cursor.execute(WAITING, [clock.offset().total_seconds()])
        waiting, oldest = cursor.fetchone()
    yield "# TYPE shop_outbox_parked gauge"
    yield f"shop_outbox_parked {parked}"
    yield "# TYPE shop_outbox_waiting gauge"
    yield f"shop_outbox_waiting {waiting}"
    yield "# HELP shop_outbox_late_seconds How long the oldest waiting delivery has been due."
    yield "# TYPE shop_outbox_late_seconds gauge"
    yield f"shop_outbox_late_seconds {max(float(oldest), 0):.0f}"
    yield "# HELP shop_job_silence_seconds Time since a periodic job last succeeded."
    yield "# TYPE shop_job_silence_seconds gauge"
    now = clock.now()
    for name, succeeded_at in JobRun.objects.order_by("name").values_list("name", "succeeded_at"):
        if succeeded_at:
            yield f'shop_job_silence_seconds{{job="{name}"}} {(now - succeeded_at).total_seconds():.0f}'
