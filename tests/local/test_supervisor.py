"""The supervisor against real processes."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import servers
from local.paths import LocalError
from local.supervisor import Program, Supervisor

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES_TERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
HAS_A_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {IGNORES_TERM!r}]); {SLEEPS}"


class Watched:
    def __init__(self, logs: Path) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(environment=dict(os.environ), cwd=logs, logs=logs, say=self.said.append)

    def add(self, name: str, code: str, *, patience: float = 5.0) -> Program:
        program = self.supervisor.add(Program(name, [sys.executable, "-c", code], patience=patience))
        log = self.supervisor.log_of(program)
        assert servers.wait_for(lambda: program.has_ended or "up" in log.read_text(), seconds=10)
        return program


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.supervisor.kill()


def group_is_gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_program_is_started_again(watched: Watched) -> None:
    program = watched.add("web", SLEEPS)
    first = watched.supervisor.pids()["web"]

    def kill_and_interrupt() -> None:
        os.kill(first, signal.SIGKILL)
        servers.wait_for(lambda: watched.supervisor.pids().get("web", first) != first, seconds=10)
        program.deaths = 99
        os.kill(watched.supervisor.pids()["web"], signal.SIGKILL)

    killer = threading.Thread(target=kill_and_interrupt)
    killer.start()
    with pytest.raises(LocalError):
        watched.supervisor.watch()
    killer.join()
    assert "web ended (signal 9), started again in 0 s" in watched.said


def test_a_program_that_keeps_dying_is_given_up(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.supervisor.MOST_DEATHS", 2)
    watched.add("beat", "raise SystemExit(3)")
    with pytest.raises(LocalError, match="beat keeps ending"):
        watched.supervisor.watch()
    assert [line.split(",")[0] for line in watched.said] == ["beat ended (code 3)"] * 2


def test_the_end_reaches_stubborn_programs_and_orphans(watched: Watched) -> None:
    stubborn = watched.add("worker", IGNORES_TERM, patience=0.3)
    parent = watched.add("web", HAS_A_CHILD)
    pids = watched.supervisor.pids()
    watched.supervisor.end()
    assert stubborn.has_ended
    assert parent.has_ended
    assert all(servers.wait_for(lambda pid=pid: group_is_gone(pid), seconds=5) for pid in pids.values())
