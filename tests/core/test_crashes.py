"""Processes that end in the middle of a delivery: the work is done once, by whoever comes next."""

import os
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction

from shop.core import clock, jobs, outbox
from shop.core.events import publish
from shop.core.models import OutboxDelivery
from tests.core import crashing

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

CODE = "import django; django.setup(); from tests.core import crashing; crashing.work()"


def other_process(**changes: str) -> int:
    """Drains in a process of its own; its exit code."""
    place = connection.settings_dict
    credentials = (
        f"{quote(place['USER'])}:{quote(place['PASSWORD'])}" if place["PASSWORD"] else quote(place["USER"])
    )
    address = f"postgresql://{credentials}@{quote(place['HOST'], safe='')}:{place['PORT']}/{place['NAME']}"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "shop.settings", "DATABASE_URL": address, "SECRET_KEY": "x"}
    return subprocess.run(
        [sys.executable, "-c", CODE], env=env | changes, cwd=settings.BASE_DIR, check=False
    ).returncode


@pytest.mark.parametrize("place", ["outbox_claimed", "outbox_acted"])
def test_f1_a_process_killed_in_a_delivery_leaves_it_to_the_next(place: str) -> None:
    job = jobs.create(kind="a", actor="system")
    with transaction.atomic():
        publish(crashing.Happened(job.pk))
    assert other_process(SHOP_FAILPOINTS=f"{place}=exit") == 9
    job.refresh_from_db()
    delivery = OutboxDelivery.objects.get()
    assert (job.done_count, delivery.attempts, delivery.done_at) == (0, 1, None)
    assert outbox.drain() == 0  # the dead process still holds its lease
    with clock.shifted(timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        assert outbox.drain() == 1
    job.refresh_from_db()
    assert job.done_count == 1
    assert OutboxDelivery.objects.get().done_at
