"""The sandbox as tests use it: a process of its own on a free port, spoken to over HTTP only."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parent.parent


class Sandbox:
    """The control API of a running sandbox (local/sandbox/README.md). Amounts are fen."""

    def __init__(self, url: str, settings: dict[str, str]) -> None:
        self.url, self.settings = url, settings

    def call(self, method: str, path: str, **payload: Any) -> Any:
        answer = requests.request(method, f"{self.url}/_control{path}", json=payload or None, timeout=20)
        assert answer.status_code < 300, (answer.status_code, answer.text)
        return answer.json()

    def pay(self, number: str, **options: Any) -> Any:
        return self.call("POST", f"/payments/{number}/pay", **options)

    def notify(self, number: str) -> Any:
        return self.call("POST", f"/payments/{number}/notify")

    def payment(self, number: str) -> Any:
        return self.call("GET", f"/payments/{number}")

    def fault(self, name: str, **options: Any) -> Any:
        return self.call("POST", "/faults", fault=name, **options)

    def clear(self) -> None:
        self.call("DELETE", "/faults")

    def messages(self, phone: str = "") -> Any:
        return self.call("GET", f"/sms?phone={phone}")

    def ledger(self) -> Any:
        return self.call("GET", "/ledger?rows=1")

    def reset(self) -> None:
        self.clear()
        self.call("POST", "/reset")


@contextmanager
def running(state: Path, *, time_factor: float = 1, shop: str = "") -> Iterator[Sandbox]:
    """A sandbox with keys and ledger in `state`; it pushes to the shop at `shop` when it knows one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "local.sandbox", "--port", str(port), "--state", str(state)]
    log = state / "sandbox.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--time-factor", str(time_factor), "--shop", shop],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                if requests.get(f"{url}/_control/health", timeout=1).ok:
                    break
            except requests.RequestException:
                time.sleep(0.05)
        else:
            raise RuntimeError(f"the sandbox did not start: {log.read_text()[-2000:]}")
        yield Sandbox(url, _read(state / "sandbox.env"))
    finally:
        process.terminate()
        process.wait(10)


def _read(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return {name: value.strip("'\"") for name, value in (line.split("=", 1) for line in lines)}
