"""Where the thing a reference names can be looked at. Whoever knows addresses registers them at the start;
whoever writes messages knows references only."""

from collections.abc import Callable

from django.conf import settings

_paths: dict[str, Callable[[str], str]] = {}


def register(kind: str, path: Callable[[str], str]) -> None:
    """`path` answers the path for what stands behind `kind:`."""
    _paths[kind] = path


def address(target: str) -> str:
    """The whole address of "order:2611…", or empty when nobody knows."""
    kind, _, key = target.partition(":")
    return settings.SHOP_URL + _paths[kind](key) if key and kind in _paths else ""
