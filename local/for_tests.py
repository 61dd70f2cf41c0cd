"""The environment of a test session: the same servers as the demo, databases of its own."""

import atexit
import fcntl
import os
import shutil
import tempfile
import zlib
from typing import IO

import redis

from local import env, services, valkey
from local.paths import home

MARK = services.OURS
SESSION = "LOCAL_TEST_SESSION"

_held: list[IO[str]] = []


def prepare() -> str:
    """Start or attach to the servers, point this process at databases of its own, return their suffix.

    Must run before Django reads its settings. Servers named by the environment are used as they are.
    Nothing is read from .env or var/local.env: no test depends on them or reaches a real vendor.
    """
    os.environ["SETTINGS_FILES"] = "none"
    os.environ.setdefault("MEDIA_ROOT", _passing_directory())
    session = os.environ.get(SESSION) or _free_session(os.environ.get("TEST_DB_SUFFIX", ""))
    os.environ[SESSION] = session
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    os.environ["CACHE_PREFIX"] = f"test{session}{worker}"
    if env.names_servers(os.environ) and os.environ.get(MARK) != "1":
        for name, value in services.secret_keys().items():
            os.environ.setdefault(name, value)
        return session
    os.environ.update(services.ensure())
    os.environ[MARK] = "1"
    services.hold()
    number = redis_number(f"{session}/{worker}")
    os.environ["REDIS_URL"] = valkey.url(number)
    os.environ["CACHE_URL"] = valkey.url(number + 1)
    return session


def _free_session(suffix: str) -> str:
    """A suffix no living test run of this checkout uses: two runs at once never meet in one database."""
    wanted = f"_{suffix}" if suffix else ""
    session, number = wanted, 1
    while True:
        stream = (home() / f"tests{session}.lock").open("a")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            number += 1
            session = f"{wanted}_{number}"
            continue
        _held.append(stream)
        return session


def redis_number(suffix: str) -> int:
    """An even database number for a session, never one of the demo's."""
    pairs = valkey.DATABASES // 2 - 1
    return 2 + 2 * (zlib.crc32(suffix.encode()) % pairs)


def forget() -> None:
    """Empty the broker and cache databases of this session; servers of others are not touched."""
    if os.environ.get(MARK) != "1":
        return
    for name in ("REDIS_URL", "CACHE_URL"):
        with redis.Redis.from_url(os.environ[name]) as client:
            client.flushdb()


def _passing_directory() -> str:
    path = tempfile.mkdtemp(prefix="shop-media-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path
