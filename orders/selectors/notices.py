"""The gateways' notices that nobody has acted on."""

from datetime import timedelta

from django.db.models import QuerySet

from orders.models import Notice
from shop.core import clock

PATIENCE = timedelta(minutes=1)


def waiting() -> QuerySet[Notice]:
    """Notices that stayed unprocessed for a minute: number or amount doesn't fit, or settling failed."""
    return Notice.objects.filter(processed_at=None, received_at__lt=clock.page_now() - PATIENCE)
