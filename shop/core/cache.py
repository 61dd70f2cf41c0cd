"""A Redis cache whose absence costs speed, never an answer."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

R = TypeVar("R")

AWAY_SECONDS = 5.0


class FailOpenCache(RedisCache):
    """While Redis is away reads miss and writes vanish; it is asked again every 5 s. Once it is back after a
    write has vanished, our keys are removed first: nothing stale (a session signed out meanwhile) comes
    back."""

    _away_until = 0.0
    _has_lost_writes = False

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, lambda: super(FailOpenCache, self).get(key, default, version))

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._or({}, lambda: super(FailOpenCache, self).get_many(keys, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._or(False, lambda: super(FailOpenCache, self).has_key(key, version))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._or(
            True, lambda: super(FailOpenCache, self).add(key, value, *args, **kwargs), writes=True
        )

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._or(None, lambda: super(FailOpenCache, self).set(key, value, *args, **kwargs), writes=True)

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return self._or([], lambda: super(FailOpenCache, self).set_many(data, *args, **kwargs), writes=True)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, lambda: super(FailOpenCache, self).touch(key, *args, **kwargs), writes=True)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._or(False, lambda: super(FailOpenCache, self).delete(key, version), writes=True)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._or(None, lambda: super(FailOpenCache, self).delete_many(keys, version), writes=True)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._or(delta, lambda: super(FailOpenCache, self).incr(key, delta, version), writes=True)

    def clear(self) -> None:
        """Removes this shop's keys only: the same Redis may hold the broker's queues."""
        self._or(None, self._remove_own, writes=True)

    def _remove_own(self) -> None:
        client = self._cache.get_client(None, write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1000))
        if keys:
            client.delete(*keys)

    def _or(self, otherwise: R, ask: Callable[[], R], *, writes: bool = False) -> R:
        shared = FailOpenCache
        if time.monotonic() >= shared._away_until:
            try:
                if shared._has_lost_writes:
                    self._remove_own()
                    shared._has_lost_writes = False
                return ask()
            except (RedisError, OSError) as problem:
                shared._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("cache_away", error=type(problem).__name__)
        shared._has_lost_writes |= writes
        return otherwise
