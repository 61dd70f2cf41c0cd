"""How many people came."""

from collections.abc import Mapping

from django.db.models import Count, Q

from analytics.models import Visit
from analytics.selectors.sales import Places, paid_in
from analytics.selectors.windows import Window
from members.models import Member
from shop.core import clock


def new_members(windows: Mapping[str, Window]) -> dict[str, int]:
    """Members who joined in each window, by its name; one query."""
    start = min(window.start for window in windows.values())
    asked = {
        name: Count("pk", filter=Q(user__joined_at__gte=window.start, user__joined_at__lt=window.end))
        for name, window in windows.items()
    }
    return dict(Member.objects.filter(user__joined_at__gte=start).aggregate(**asked))


def visitors(windows: Mapping[str, Window]) -> dict[str, int]:
    """Browsers that came in each window, by its name; one that comes on two days counts twice. One query."""
    asked = {
        name: Count("pk", filter=Q(first_at__gte=window.start, first_at__lt=window.end))
        for name, window in windows.items()
    }
    first = clock.business_day(min(window.start for window in windows.values()))
    return dict(Visit.objects.filter(on_date__gte=first).aggregate(**asked))


def buyers(windows: Mapping[str, Window], places: Places = None) -> dict[str, int]:
    """People who paid an order in each window, by its name; one query."""
    around = Window(min(w.start for w in windows.values()), max(w.end for w in windows.values()))
    asked = {
        name: Count("member", filter=Q(paid_at__gte=window.start, paid_at__lt=window.end), distinct=True)
        for name, window in windows.items()
    }
    return dict(paid_in(around, places).aggregate(**asked))
