"""The gateways' notices that nobody has acted on."""

from datetime import timedelta

from django.db.models import Q

from shop.core import clock

PATIENCE = timedelta(minutes=1)


def is_waiting() -> Q:
    """Notices that stayed unprocessed for a minute: number or amount doesn't fit, or settling failed."""
    return Q(processed_at=None, received_at__lt=clock.page_now() - PATIENCE)
