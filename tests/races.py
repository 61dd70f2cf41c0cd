"""Several threads meet at a barrier and do something at once, each on a connection of its own."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass
class Outcome:
    """What the threads returned and raised, in no order that means anything."""

    results: list[Any] = field(default_factory=list)
    problems: list[Exception] = field(default_factory=list)

    def of(self, kind: type[Exception]) -> list[Exception]:
        """The problems of one kind."""
        return [problem for problem in self.problems if isinstance(problem, kind)]


def run_together(
    count: int, fn: Callable[..., Any], *, pass_number: bool = False, seconds: float = 60
) -> Outcome:
    """Calls `fn` in `count` threads that start at the same moment. With `pass_number` each gets its own
    number, from 0.

    The test needs `@pytest.mark.django_db(transaction=True)`.
    """
    return run_all(
        [(lambda number=number: fn(number)) if pass_number else fn for number in range(count)], seconds
    )


def run_all(actions: list[Callable[[], Any]], seconds: float = 60) -> Outcome:
    """Calls these different functions at the same moment, each in a thread of its own."""
    outcome = Outcome()
    barrier = threading.Barrier(len(actions))
    guard = threading.Lock()

    def work(action: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=seconds)
            result = action()
        except Exception as problem:
            with guard:
                outcome.problems.append(problem)
        else:
            with guard:
                outcome.results.append(result)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds)
        assert not thread.is_alive(), "a thread hangs"
    return outcome


class Meeting:
    """For negative controls: makes every thread wait between its read and its write until all have read."""

    def __init__(self, count: int) -> None:
        self.barrier = threading.Barrier(count)

    def wait(self) -> None:
        """Goes on when all have come, or after two seconds when the rule under test kept some away."""
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=2)
