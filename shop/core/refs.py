"""References to people as strings: core knows no users."""

from typing import Any

SYSTEM = "system"


def user(person: Any) -> str:
    """`user:<id>`, or `anonymous` for nobody signed in."""
    key = getattr(person, "pk", None)
    return f"user:{key}" if key is not None else "anonymous"


def gateway(name: str) -> str:
    return f"gateway:{name}"


def user_id(reference: str) -> int | None:
    """The key inside a `user:<id>`, else None."""
    kind, _, key = reference.partition(":")
    return int(key) if kind == "user" and key.isdigit() else None
