"""How many people came."""

from collections.abc import Mapping

from django.db.models import Count, Q

from analytics.selectors.windows import Window
from members.models import Member


def new_members(windows: Mapping[str, Window]) -> dict[str, int]:
    """Members who joined in each window, by its name; one query."""
    start = min(window.start for window in windows.values())
    asked = {
        name: Count("pk", filter=Q(user__joined_at__gte=window.start, user__joined_at__lt=window.end))
        for name, window in windows.items()
    }
    return dict(Member.objects.filter(user__joined_at__gte=start).aggregate(**asked))
