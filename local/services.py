"""Start, attach to and stop the embedded Postgres and Valkey; hand out the environment they mean."""

import base64
import contextlib
import fcntl
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from local import postgres, valkey
from local.paths import ENV_FILE, LocalError, delete_home, home, write_private

_held: list[IO[str]] = []


# Set for commands whose servers are these: a test session below may then take databases of its own.
OURS = "LOCAL_TEST_SERVICES"


def ensure() -> dict[str, str]:
    """Start both servers or attach to them, and return the variables of the shop.

    Any number of processes may call it at once. The same variables are kept in var/local.env (0600).
    """
    if not _both_alive():
        with _lock("start.lock"):
            postgres.start()
            valkey.start()
    variables = environment()
    _write_env_file(variables)
    return variables


def environment() -> dict[str, str]:
    """The variables that lead to the running servers, with secrets made once per data directory."""
    return {
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": valkey.url(0),
        "CACHE_URL": valkey.url(1),
        **secret_keys(),
    }


def remember(extra: dict[str, str]) -> None:
    """Keep further variables (the sandbox's, the shop's address) in var/local.env, beside the servers'."""
    write_private(home() / "extra.json", json.dumps({**_extra(), **extra}, indent=1, sort_keys=True))
    _write_env_file(environment() if valkey.port() else secret_keys())


def status() -> dict[str, bool]:
    """Which server answers now."""
    return {"postgres": postgres.is_alive(), "valkey": valkey.is_alive()}


def stop() -> None:
    """End both servers; the data stays."""
    with _lock("start.lock"):
        valkey.stop()
        postgres.stop()


def reset() -> Path:
    """End both servers and delete data and secrets; returns where they were, LocalError when in use."""
    if not stop_if_unused():
        raise LocalError("A demo or a test run uses Postgres and Valkey: end it first.")
    return delete_home()


def hold() -> None:
    """Mark the servers as used by this process until it ends."""
    stream = (home() / "in-use.lock").open("a")
    fcntl.flock(stream, fcntl.LOCK_SH)
    _held.append(stream)


def let_go() -> None:
    """Take back `hold`."""
    while _held:
        _held.pop().close()


def stop_if_unused() -> bool:
    """End both servers unless some living process holds them; True when they were ended."""
    with (home() / "in-use.lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop()
        return True


def _both_alive() -> bool:
    return postgres.is_alive() and valkey.is_alive()


@contextlib.contextmanager
def _lock(name: str) -> Iterator[None]:
    with (home() / name).open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def secret_keys() -> dict[str, str]:
    """Keys live beside the data they encrypt: one is worthless without the other."""
    path = home() / "secrets.json"
    if not path.exists():
        with _lock("secrets.lock"):
            if not path.exists():
                made = {
                    "SECRET_KEY": secrets.token_urlsafe(50),
                    "FIELD_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                    "HASH_KEY": secrets.token_hex(32),
                }
                write_private(path, json.dumps(made))
    return dict(json.loads(path.read_text()))


def _extra() -> dict[str, str]:
    try:
        return dict(json.loads((home() / "extra.json").read_text()))
    except (OSError, ValueError):
        return {}


def _write_env_file(variables: dict[str, str]) -> None:
    lines = [f"{name}={value}\n" for name, value in sorted({**_extra(), **variables}.items())]
    text = "# Written by `python -m local services`; delete freely.\n" + "".join(lines)
    if not ENV_FILE.exists() or ENV_FILE.read_text() != text:
        write_private(ENV_FILE, text)
