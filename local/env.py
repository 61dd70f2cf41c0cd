"""Variables: which are given, which are ours. Process environment wins over .env, .env over var/local.env."""

import os
from collections.abc import Mapping
from pathlib import Path

from local.paths import CHECKOUT


def read(path: Path) -> dict[str, str]:
    """The NAME=value lines of a file, {} when there is none."""
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, value = line.strip().removeprefix("export ").partition("=")
        if mark and not name.startswith("#"):
            values[name.strip()] = value.strip().strip("'\"")
    return values


def given() -> dict[str, str]:
    """What the person who runs us decided: .env, then the process environment."""
    return {**read(CHECKOUT / ".env"), **os.environ}


def names_servers(variables: Mapping[str, str]) -> bool:
    """True when both servers are named, so that nothing embedded is to be started."""
    return bool(variables.get("DATABASE_URL") and variables.get("REDIS_URL"))
