"""What a running demo leaves for others to find: its pids, addresses and logins."""

import fcntl
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, field
from typing import IO

from local import servers
from local.paths import home, write_private


@dataclass
class Demo:
    supervisor: int = field(default_factory=os.getpid)
    ends_servers: bool = False
    pids: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)
    tour: list[str] = field(default_factory=list)

    def save(self) -> None:
        write_private(home() / "demo.json", json.dumps(asdict(self), ensure_ascii=False))

    def note(self, pids: dict[str, int]) -> None:
        self.pids = pids
        self.save()


def last() -> Demo | None:
    """The demo that runs, or the one that ended without cleaning up."""
    try:
        return Demo(**json.loads((home() / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def claim() -> IO[str] | None:
    """The right to be the one demo of this checkout, held while the stream is open; None when taken."""
    stream = (home() / "demo.lock").open("a")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        return None
    return stream


def forget() -> None:
    (home() / "demo.json").unlink(missing_ok=True)


def end_left_overs() -> None:
    """End processes of a demo whose supervisor was killed."""
    demo = last()
    for pid in demo.pids.values() if demo else ():
        servers.end(pid, belongs=_is_program, signals=((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)))


def end_supervisor() -> None:
    """Ask a running demo to end itself and its programs, at last by force."""
    demo = last()
    if demo:
        patience = ((signal.SIGTERM, 60.0), (signal.SIGKILL, 5.0))
        servers.end(demo.supervisor, belongs=lambda line: "local demo" in line, signals=patience)


def _is_program(arguments: str) -> bool:
    # the interpreter's path tells this checkout's programs from another's
    names = ("gunicorn", "celery", "local.sandbox", "local.robots")
    return arguments.startswith(sys.executable) and any(name in arguments for name in names)
