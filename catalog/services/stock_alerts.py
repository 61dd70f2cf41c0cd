"""Warning of stock that runs short, at most once a day a level."""

from datetime import timedelta

from django.db.models import Q

from catalog.events import StockFellShort
from catalog.models import StockLevel
from catalog.policies import ALERT_AGAIN_HOURS
from catalog.selectors.stock import short
from shop.core import clock
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def scan(limit: int = 500) -> int:
    """Publish StockFellShort for levels at or under their mark that were not reported lately; returns how
    many.

    A level that is well again may be reported anew at once when it falls.
    """
    now = clock.now()
    again = now - timedelta(hours=ALERT_AGAIN_HOURS.get())
    StockLevel.objects.filter(alerted_at__isnull=False).exclude(pk__in=short().values("pk")).update(
        alerted_at=None
    )
    due = short().filter(Q(alerted_at=None) | Q(alerted_at__lte=again)).order_by("pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    StockLevel.objects.filter(pk__in=ids).update(alerted_at=now)
    for level_id in ids:
        publish(StockFellShort(level_id=level_id))
    return len(ids)
