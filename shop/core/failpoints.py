"""Places where a test of the whole system may break the shop. SHOP_FAILPOINTS="name=exit|sleep:2|raise,…"."""

import os
import time

from django.conf import settings


class FailpointReached(Exception):
    """Raised by `name=raise`."""


def failpoint(name: str) -> None:
    """Does nothing unless SHOP_FAILPOINTS names this place."""
    if not settings.SHOP_FAILPOINTS:
        return
    for entry in settings.SHOP_FAILPOINTS.split(","):
        place, _, action = entry.strip().partition("=")
        if place != name:
            continue
        if action == "exit":
            os._exit(9)
        if action == "raise":
            raise FailpointReached(name)
        if action.startswith("sleep:"):
            time.sleep(float(action.removeprefix("sleep:")))
