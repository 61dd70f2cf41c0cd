"""The environment of a test session: the same servers as the demo, databases of its own."""

import atexit
import os
import shutil
import tempfile
import zlib

import redis

from local import env, services, valkey

MARK = "LOCAL_TEST_SERVICES"


def prepare(suffix: str) -> None:
    """Start or attach to the servers and point this process at test databases of its own.

    Must run before Django reads its settings. Servers named by the environment are used as they are.
    Nothing is read from .env or var/local.env: no test depends on them or reaches a real vendor.
    """
    os.environ["SETTINGS_FILES"] = "none"
    os.environ.setdefault("MEDIA_ROOT", _passing_directory())
    if env.names_servers(os.environ) and os.environ.get(MARK) != "1":
        for name, value in services.secret_keys().items():
            os.environ.setdefault(name, value)
        return
    os.environ.update(services.ensure())
    os.environ[MARK] = "1"
    services.hold()
    number = redis_number(suffix)
    os.environ["REDIS_URL"] = valkey.url(number)
    os.environ["CACHE_URL"] = valkey.url(number + 1)


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
