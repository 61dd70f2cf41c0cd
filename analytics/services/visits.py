"""Counts who looks at the shop: one row a browser and day, nothing that leads to a person."""

import re
from datetime import timedelta

from django.db import connection

from analytics.models import Visit
from shop.core import clock, retention
from shop.core.transactions import unit

KEPT = timedelta(days=180)
VISITOR = re.compile(r"[a-z0-9]{16,32}")

COUNT = """
INSERT INTO analytics_visit (on_date, visitor, first_at) VALUES (%s, %s, %s)
ON CONFLICT (on_date, visitor) DO NOTHING
"""


@unit
def count(*, visitor: str) -> bool:
    """This browser came today; however often it says so, it is one row. False for a word not of ours."""
    if not VISITOR.fullmatch(visitor):
        return False
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [clock.business_day(now), visitor, now])
    return True


retention.keep("visits", KEPT, lambda before: Visit.objects.filter(on_date__lt=clock.business_day(before)))
