"""Things a person may put in order and hide: cards, figures, shortcuts, charts of the first page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
AT_MOST = 60


def arranged(things: Mapping[str, T], wish: Any) -> tuple[list[tuple[str, T]], list[tuple[str, T]]]:
    """What is shown, in the person's order, and what they hid. What is new since stands at the end."""
    order, hidden = read(wish, things)
    shown = [code for code in order if code not in hidden]
    shown += [code for code in things if code not in order and code not in hidden]
    return [(code, things[code]) for code in shown], [
        (code, things[code]) for code in things if code in hidden
    ]


def read(wish: Any, known: Iterable[str]) -> tuple[list[str], set[str]]:
    """The order and the hidden codes of a wish; whatever isn't known is left out, nonsense is nothing."""
    if not isinstance(wish, dict):
        return [], set()
    names = set(known)
    return _codes(wish.get("order"), names), set(_codes(wish.get("hidden"), names))


def _codes(raw: Any, known: set[str]) -> list[str]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return []
    kept = [code for code in raw[:AT_MOST] if isinstance(code, str) and code in known]
    return list(dict.fromkeys(kept))
