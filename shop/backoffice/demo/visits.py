"""Who looked at the demo's shop: a few dozen browsers a day, more of them on days with more orders."""

from datetime import timedelta
from random import Random

from django.db.models import Count
from django.db.models.functions import TruncDate

from analytics.models import Visit
from orders.models import Order
from shop.core import clock

DAYS = 30
QUIET_DAY = 24
LOOKS_AN_ORDER = 11
HOURS = (8, 9, 10, 11, 11, 12, 12, 13, 15, 17, 18, 19, 19, 20, 20, 20, 21, 21, 22, 23)


def remember(chance: Random) -> int:
    """Writes the visits of the last days up to this moment; how many. Once: a second time adds nothing."""
    now = clock.now()
    today = clock.business_day(now)
    first = today - timedelta(days=DAYS)
    if Visit.objects.filter(on_date__lt=today).exists():
        return 0
    start = clock.day_bounds(first)[0]
    days = (
        Order.objects.filter(paid_at__gte=start)
        .values_list(TruncDate("paid_at", tzinfo=clock.SHANGHAI))
        .annotate(count=Count("pk"))
        .order_by()
    )
    sold = dict(days)
    rows = []
    for back in range(DAYS + 1):
        day = today - timedelta(days=back)
        midnight, _next = clock.day_bounds(day)
        looks = QUIET_DAY + sold.get(day, 0) * LOOKS_AN_ORDER + chance.randrange(12)
        for _look in range(looks):
            at = midnight + timedelta(hours=chance.choice(HOURS), seconds=chance.randrange(3600))
            if back == 0:
                at = midnight + (now - midnight) * chance.random()
            rows.append(Visit(on_date=day, visitor=f"{chance.getrandbits(96):024x}", first_at=at))
    Visit.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
