"""Reads settings from the process environment, then `.env`, then `var/local.env` (written by the local
services)."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def read_file(path: Path) -> dict[str, str]:
    """KEY=value lines; blank lines and lines starting with # are skipped, one pair of quotes is taken off."""
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, value = line.strip().removeprefix("export ").partition("=")
        if mark and not name.startswith("#"):
            value = value.strip()
            if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
                value = value[1:-1]
            values[name.strip()] = value
    return values


class Environment:
    def __init__(self, *sources: Mapping[str, str]) -> None:
        self.sources = sources

    def text(self, name: str, default: str = "") -> str:
        for source in self.sources:
            if name in source:
                return source[name]
        return default

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).strip().lower()
        return value in {"1", "true", "yes", "on"} if value else default

    def whole(self, name: str, default: int) -> int:
        value = self.text(name).strip()
        return int(value) if value else default

    def names(self, name: str, default: str = "") -> list[str]:
        return [item.strip() for item in self.text(name, default).split(",") if item.strip()]


def read() -> Environment:
    if os.environ.get("SETTINGS_FILES") == "none":
        return Environment(os.environ)
    return Environment(os.environ, read_file(BASE_DIR / ".env"), read_file(BASE_DIR / "var" / "local.env"))


def database(url: str) -> dict[str, object]:
    """A Django database from `postgresql://user:password@host:port/name`; the host may be a quoted socket
    directory."""
    parts = urlsplit(url)
    credentials, _, address = parts.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    host, _, port = address.partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": unquote(host),
        "PORT": port,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
