"""Progress steps and a tidy box on a terminal."""

import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.paths import LocalError

NAME_WIDTH = 44


def say(words: str) -> None:
    print(words, flush=True)


class Steps:
    """Numbered steps with the time each took."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.number = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.number += 1
        print(f"{self.number}/{self.count}  {name} ".ljust(NAME_WIDTH, "."), end=" ", flush=True)
        began = time.monotonic()
        try:
            yield
        except BaseException:
            print("failed", flush=True)
            raise
        print(f"{time.monotonic() - began:.1f} s", flush=True)


def run_quietly(command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, log: Path) -> str:
    """Run a command with its output in a log and return its standard output; its end is shown on failure."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w+") as errors:
        done = subprocess.run(  # noqa: S603 - our own argument lists, no shell
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, cwd=cwd, check=False
        )
        if done.returncode:
            errors.seek(0)
            tail = "\n".join((done.stdout + errors.read()).splitlines()[-20:])
            raise LocalError(f"{' '.join(command[1:])}\n{tail}\n\nThe whole log: {log}")
    return done.stdout


def width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def box(title: str, blocks: Sequence[Sequence[str]]) -> str:
    """Lines in a frame, blocks parted by a rule."""
    lines = [line for block in blocks for line in block]
    inner = max(width(line) for line in (*lines, title)) + 2

    def row(text: str) -> str:
        return f"│ {text}{' ' * (inner - width(text) - 1)}│"

    drawn = [f"╭{'─' * inner}╮", row(title)]
    for block in blocks:
        drawn += [f"├{'─' * inner}┤", *(row(line) for line in block)]
    drawn.append(f"╰{'─' * inner}╯")
    text = "\n".join(drawn)
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, errors="replace").decode(encoding)
