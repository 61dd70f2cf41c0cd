"""Run a handful of processes, restart those that die, end them all together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.paths import LocalError

# a process that lives this long has proved itself; the count of its deaths starts again
HEALTHY_SECONDS = 60.0
MOST_DEATHS = 5


@dataclass
class Program:
    """One supervised command. `patience` is how many seconds it gets to end by itself."""

    name: str
    command: Sequence[str]
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


@dataclass
class Supervisor:
    """Owns its programs: they run in sessions of their own, so Ctrl-C reaches only the supervisor."""

    environment: dict[str, str]
    cwd: Path
    logs: Path
    say: Callable[[str], None]
    programs: list[Program] = field(default_factory=list)
    on_start: Callable[[], None] = lambda: None
    is_ending: bool = False

    def add(self, program: Program) -> Program:
        self.programs.append(program)
        self._start(program)
        return program

    def watch(self) -> None:
        """Restart what dies until interrupted; LocalError when a program keeps dying."""
        while True:
            for program in self.programs:
                self._mend(program)
            time.sleep(0.3)

    def end(self) -> None:
        """End all programs at once, each by force when its patience is over."""
        running = [p for p in reversed(self.programs) if p.process and not p.has_ended]
        for program in running:
            _signal(program, signal.SIGTERM)
        began = time.monotonic()
        for program in running:
            left = max(0.1, program.patience - (time.monotonic() - began))
            try:
                program.process.wait(timeout=left)  # type: ignore[union-attr]
            except subprocess.TimeoutExpired:
                _signal(program, signal.SIGKILL)
                program.process.wait(timeout=5)  # type: ignore[union-attr]
        self.kill()  # children that outlived their parents

    def kill(self) -> None:
        for program in self.programs:
            _signal(program, signal.SIGKILL)

    def pids(self) -> dict[str, int]:
        return {p.name: p.process.pid for p in self.programs if p.process and not p.has_ended}

    def log_of(self, program: Program) -> Path:
        return self.logs / f"{program.name}.log"

    def _start(self, program: Program) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log_of(program).open("ab") as output:
            program.process = subprocess.Popen(  # noqa: S603 - our own argument lists, no shell
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.cwd,
                start_new_session=True,
            )
        program.started = time.monotonic()
        program.due = 0.0
        self.on_start()

    def _mend(self, program: Program) -> None:
        """Restart a dead program after a growing pause."""
        now = time.monotonic()
        if not program.has_ended:
            return
        if program.due == 0.0:
            program.deaths = 1 if now - program.started > HEALTHY_SECONDS else program.deaths + 1
            if program.deaths > MOST_DEATHS:
                raise LocalError(f"{program.name} keeps ending, see {self.log_of(program)}")
            pause = 2.0 ** (program.deaths - 1) - 1.0
            self.say(f"{program.name} ended ({_reason(program)}), started again in {pause:.0f} s")
            program.due = now + pause
        if now >= program.due:
            self._start(program)


def _signal(program: Program, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program.process.pid, number)  # type: ignore[union-attr]


def _reason(program: Program) -> str:
    code = program.process.returncode if program.process else 0
    return f"signal {-code}" if code < 0 else f"code {code}"
