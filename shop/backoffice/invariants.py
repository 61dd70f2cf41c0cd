"""What each app promises must always hold."""

from importlib import import_module

from shop.core.invariants import Invariant

APPS = ("members", "catalog", "marketing", "orders")


def every_invariant() -> list[Invariant]:
    """In the order of the apps."""
    return [one for app in APPS for one in import_module(f"{app}.invariants").INVARIANTS]
