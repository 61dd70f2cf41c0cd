"""What the embedded servers have in common: an unprivileged owner, a pid, an end."""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from local.paths import LocalError


def server_owner() -> tuple[int, int] | None:
    """uid and gid the servers run as: `nobody` when we are root (Postgres refuses root), else ourselves."""
    if os.getuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def spawn(command: Sequence[str | Path], *, log: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C of its starter doesn't reach it."""
    owner = server_owner()
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own argument list, no shell
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            user=owner[0] if owner else None,
            group=owner[1] if owner else None,
            extra_groups=[] if owner else None,
        )


def run(command: Sequence[str | Path], *, cwd: Path, timeout: float = 120) -> None:
    """Run a short command as the servers' owner; LocalError carries its output when it fails."""
    owner = server_owner()
    done = subprocess.run(  # noqa: S603 - our own argument list, no shell
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        user=owner[0] if owner else None,
        group=owner[1] if owner else None,
        extra_groups=[] if owner else None,
    )
    if done.returncode:
        raise LocalError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}".rstrip())


def command_line(pid: int) -> str:
    """The command line of a living process, or "" when it is gone or only a zombie."""
    if Path("/proc/self").exists():
        try:
            # a zombie keeps its directory but has an empty command line
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.replace(b"\0", b" ").decode(errors="replace").strip()
    command = ["ps", "-o", "stat=,args=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    state, _, arguments = shown.partition(" ")
    return "" if not state or state.startswith("Z") else arguments.strip()


def read_pid(path: Path) -> int | None:
    """The number on the first line of a pid file, None when there is none."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def end(pid: int, *, belongs: Callable[[str], bool], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """End a process whose command line `belongs` to us, with each signal in turn until it is gone.

    A pid that meanwhile names another program is left alone.
    """
    for number, patience in signals:
        if not belongs(command_line(pid)):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not belongs(command_line(pid)):
                return
            time.sleep(0.05)
    if belongs(command_line(pid)):
        raise LocalError(f"process {pid} does not end")


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """True when nobody listens on host:port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(wanted: int = 0, *, taken: frozenset[int] = frozenset(), host: str = "127.0.0.1") -> int:
    """`wanted` when it is free, else the next free one of the 50 above it, else any (0 = any)."""
    for port in range(wanted, wanted + 50) if wanted else ():
        if port not in taken and port_is_free(port, host):
            return port
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def answers(process: subprocess.Popen[bytes], is_alive: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until a fresh server is alive; False when it ended before, or never was."""
    wait_for(lambda: process.poll() is not None or is_alive(), seconds=seconds)
    return process.poll() is None and is_alive()


def wait_for(ready: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask `ready` again and again; False when it never said yes."""
    deadline = time.monotonic() + seconds
    while True:
        if ready():
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(every)


def page_answers(url: str) -> bool:
    """True when something at this address speaks HTTP and is not in trouble."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of ours
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
