"""Progress steps and a tidy box on a terminal."""

import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.paths import LocalError

NAME_WIDTH = 44


def say(words: str) -> None:
    print(words, flush=True)


class Steps:
    """Numbered steps with the time each took, and on a terminal what the current one is at."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.number = 0
        self.title = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.number += 1
        self.title = f"{self.number}/{self.count}  {name} ".ljust(NAME_WIDTH, ".")
        print(self.title, end=" ", flush=True)
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.note("failed")
            print(flush=True)
            raise
        self.note(f"{time.monotonic() - began:.1f} s")
        print(flush=True)

    def note(self, words: str) -> None:
        """Say how far the current step is; a log gets the words one after the other."""
        if sys.stdout.isatty():
            print(f"\r\x1b[K{self.title} {words}", end="", flush=True)
        else:
            print(f"{words} ", end="", flush=True)


def run_quietly(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    log: Path,
    note: Callable[[str], None] | None = None,
) -> str:
    """Run a command and return its standard output; `note` gets every line of it as it comes.

    Errors go to a log, whose end is part of the LocalError when the command fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    with log.open("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own argument lists, no shell
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, cwd=cwd
        )
        try:
            for line in process.stdout or ():
                said.append(line)
                if note and line.strip():
                    note(line.strip())
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code:
            errors.seek(0)
            tail = "\n".join(("".join(said) + errors.read()).splitlines()[-20:])
            raise LocalError(f"{' '.join(command[1:])}\n{tail}\n\nThe whole log: {log}")
    return "".join(said)


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
