"""Units of work: one transaction, bounded waits, and a retry of the outermost one only."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from shop.core.errors import Busy

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
RETRIED = {"40P01", "40001", "55P03"}  # deadlock, serialization, lock timeout


def depth() -> int:
    """How many atomic blocks are open, not counting those a test case wraps around a test."""
    return sum(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def unit_of_work(fn: Callable[P, R]) -> Callable[P, R]:
    """Runs `fn` in a transaction. The outermost unit waits at most 3 s for a lock and is run again, up to
    three times, after a deadlock or lock timeout, then raises Busy; so `fn` must not touch the world outside.

    An inner unit joins the outer one without a savepoint: once it has raised, the outer one can only end. Put
    `transaction.atomic()` around an inner call whose refusal you mean to survive."""

    @wraps(fn)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if depth():
            with transaction.atomic(savepoint=False):
                return fn(*args, **kwargs)
        attempt = 0
        while True:
            try:
                with transaction.atomic():
                    _bound_waits()
                    result = fn(*args, **kwargs)
                    if connection.needs_rollback:
                        raise RuntimeError("an inner unit failed and the outer one went on")
                    return result
            except OperationalError as problem:
                if sqlstate(problem) not in RETRIED:
                    raise
                attempt += 1
                if attempt > RETRIES:
                    raise Busy() from problem
                time.sleep(random.uniform(0.02, 0.08) * 2**attempt)  # noqa: S311

    return run


unit = unit_of_work


def require_transaction() -> None:
    """Raises RuntimeError outside a transaction: what follows must commit together with its cause."""
    if not depth():
        raise RuntimeError("this needs a transaction around it")


def forbid_transaction() -> None:
    """Raises RuntimeError inside a transaction: call this before any HTTP."""
    if depth():
        raise RuntimeError("no call to the world outside inside a transaction")


def sqlstate(problem: BaseException) -> str:
    """The five-character code of a database error, or an empty string."""
    return getattr(problem.__cause__, "pgcode", None) or ""


def _bound_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
