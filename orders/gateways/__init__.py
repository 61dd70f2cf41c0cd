"""Ports to payment vendors: values in, values out; no tables, no requests of ours, no state.

`get(name)` answers the gateway configured under that name in `settings.PAYMENT_GATEWAYS`.
"""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from orders.gateways.base import Gateway


@lru_cache
def get(name: str) -> Gateway:
    """The gateway of that name. Raises KeyError for a name that is not configured."""
    gateway: Gateway = import_string(settings.PAYMENT_GATEWAYS[name])()
    return gateway


def names() -> list[str]:
    return list(settings.PAYMENT_GATEWAYS)
