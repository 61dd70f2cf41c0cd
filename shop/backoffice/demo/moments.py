"""When people bought: more and more over three months, at the hours a neighbourhood shops."""

from datetime import datetime, timedelta
from random import Random

from shop.core import clock

DAYS = 90
HOURS = (7, 8, 8, 9, 9, 10, 11, 12, 14, 15, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21)
TODAY_SHARE = 0.03


def moments(chance: Random, now: datetime, count: int) -> list[datetime]:
    """`count` instants before `now`, in order. Today and the days it is compared with get their part whatever
    the time is."""
    today = clock.business_day(now)
    start_of_today, _end = clock.day_bounds(today)
    so_far = max((now - start_of_today) / timedelta(minutes=1), 5)
    lively = max(3, round(count * TODAY_SHARE))
    found = [
        start_of_today - timedelta(days=back, minutes=-chance.uniform(so_far * 0.2, so_far * 0.95))
        for back, how_many in ((0, lively), (1, max(2, lively - 2)), (7, max(2, lively - 3)))
        for _ in range(how_many)
    ]
    while len(found) < count:
        back = 1 + int((DAYS - 1) * (1 - chance.random() ** 0.72))
        day = start_of_today - timedelta(days=back)
        moment = day + timedelta(hours=chance.choice(HOURS), seconds=chance.randint(0, 3599))
        if moment < now:
            found.append(moment)
    return sorted(found[:count])
