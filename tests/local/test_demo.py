"""make demo for real: its own home, its own ports, real web, worker, beat and sandbox."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from local import for_tests, servers

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = {
    *("DATABASE_URL", "REDIS_URL", "CACHE_URL", "SETTINGS_FILES", "SECRET_KEY", "FIELD_KEY", "HASH_KEY"),
    *(for_tests.MARK, for_tests.SESSION),
}

pytestmark = [pytest.mark.deep, pytest.mark.fault, pytest.mark.xdist_group("local-services")]


class Shop:
    def __init__(self, home: Path) -> None:
        self.home = home
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = inherited | {
            "LOCAL_HOME": str(home),
            "LOCAL_ENV_FILE": str(home / "local.env"),
            "MEDIA_ROOT": str(home / "media"),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "DEMO_SIZE": "tiny",
        }

    def open(self) -> subprocess.Popen[str]:
        log = (self.home / "out").open("w")
        command = [sys.executable, "-m", "local", "demo"]
        demo = subprocess.Popen(
            command, cwd=CHECKOUT, env=self.environment, stdout=log, stderr=log, text=True
        )
        is_decided = servers.wait_for(lambda: demo.poll() is not None or "Ctrl-C" in self.said(), seconds=600)
        assert is_decided, self.said()
        assert demo.poll() is None, self.said()
        return demo

    def run(self, command: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "local", command],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout

    def said(self) -> str:
        return (self.home / "out").read_text()

    def state(self) -> dict:
        return json.loads((self.home / "demo.json").read_text())

    def answer(self, path: str) -> int:
        address = self.state()["addresses"]["Shop"].rstrip("/") + path
        try:
            with urllib.request.urlopen(address, timeout=20) as got:
                return got.status
        except urllib.error.HTTPError as refused:
            return refused.code


@pytest.fixture
def shop() -> Iterator[Shop]:
    home = Path(tempfile.mkdtemp(prefix="shop-", dir="/var/tmp"))
    home.chmod(0o711)
    made = Shop(home)
    yield made
    made.run("stop")
    shutil.rmtree(home, ignore_errors=True)


def test_demo_opens_moves_from_taken_ports_survives_kills_and_ends(shop: Shop) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else's is just as good
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        demo = shop.open()
    assert re.search(r"Port 8000 is taken, the web moved to \d+", shop.said())
    assert [shop.answer(path) for path in ("/", "/healthz", "/admin/login/")] == [200] * 3
    assert servers.wait_for(lambda: shop.answer("/readyz") == 200, seconds=90, every=1), "worker has no pulse"
    assert "already runs" in shop.run("demo")

    worker = shop.state()["pids"]["worker"]
    os.kill(worker, signal.SIGKILL)
    assert servers.wait_for(lambda: shop.state()["pids"].get("worker", worker) != worker, seconds=20)

    left_over = shop.state()["pids"]
    demo.kill()
    demo.wait()
    again = shop.open()
    assert not any("local" in servers.command_line(pid) for pid in left_over.values())
    assert shop.answer("/") == 200

    again.send_signal(signal.SIGINT)
    assert again.wait(timeout=60) == 0
    assert "Stopped." in shop.said()
    running = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(shop.home) not in running
