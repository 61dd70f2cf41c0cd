"""What happens to old figures by itself."""

from datetime import timedelta

from analytics.models import Visit
from shop.core import clock, retention

VISITS_LIVE = timedelta(days=180)

retention.keep(
    "visits", VISITS_LIVE, lambda before: Visit.objects.filter(on_date__lt=clock.business_day(before))
)
