"""Many people doing something in the same moment, each in a thread and on a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from shop.core.errors import Refusal

PATIENCE_SECONDS = 90.0


@dataclass
class Outcome:
    """What they got: results, refusals in the shop's own words, and what should not happen at all."""

    results: list[Any] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)


def together(actions: Sequence[Callable[[], Any]]) -> Outcome:
    """Calls every action; none starts before all of them are ready. Blocks until all have ended."""
    outcome, guard, barrier = Outcome(), threading.Lock(), threading.Barrier(len(actions))

    def work(action: Callable[[], Any]) -> None:
        found: list[Any]
        result: Any
        try:
            connection.ensure_connection()
            barrier.wait(timeout=PATIENCE_SECONDS)
            found, result = outcome.results, action()
        except Refusal as refusal:
            found, result = outcome.refusals, refusal
        except Exception as problem:
            found, result = outcome.failures, problem
        finally:
            connection.close()
        with guard:
            found.append(result)

    threads = [threading.Thread(target=work, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    missing = sum(thread.is_alive() for thread in threads)
    outcome.failures += [TimeoutError()] * missing
    return outcome
