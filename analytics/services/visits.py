"""Counts who looks at the shop: one row a browser and day, nothing that leads to a person."""

import re

from django.db import connection

from shop.core import clock
from shop.core.transactions import unit

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
