"""The environment of a test session: the same servers as the demo, databases of its own."""

import os
import zlib

import redis

from local import services, valkey

MARK = "LOCAL_TEST_SERVICES"


def prepare(suffix: str) -> None:
    """Start or attach to the servers and point this process at test databases of its own.

    Must run before Django reads its settings. Servers named by the environment are left as they are.
    """
    if services.given_from_outside() and os.environ.get(MARK) != "1":
        return
    os.environ.update(services.ensure())
    os.environ[MARK] = "1"
    services.hold()
    number = redis_number(suffix)
    os.environ["REDIS_URL"] = valkey.url(number)
    os.environ["CACHE_URL"] = valkey.url(number + 1)
    # tests may lose their last commits in a power cut; the demo in the same cluster may not
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off"


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
