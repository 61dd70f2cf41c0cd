"""The shop's own programs, started and killed for the proof: web and worker on the database of the proof."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings
from django.db import connection

QUEUES = "critical,default,notify,report"


class Programs:
    """Each runs in a session of its own, so that a kill takes its children along; logs lie in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start_web(self) -> None:
        port = urlsplit(settings.SHOP_URL).port
        self._start("web", f"gunicorn shop.wsgi -b 127.0.0.1:{port} -w 2 --timeout 60 --no-control-socket")
        wait_until(lambda: _answers(f"{settings.SHOP_URL}/healthz"), seconds=60)

    def start_worker(self, failpoints: str = "") -> None:
        self._start("worker", f"celery -A shop.celery worker -Q {QUEUES} -c 2", failpoints)

    def start_beat(self) -> None:
        self._start("beat", f"celery -A shop.celery beat -s {self.directory / 'beat'} --pidfile=")

    def kill(self, name: str) -> None:
        """kill -9: the program and its children get no chance to tidy up."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def end(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for name, process in list(self.running.items()):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.running.clear()

    def _start(self, name: str, command: str, failpoints: str = "") -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "SHOP_FAILPOINTS": failpoints,
            "OUTBOX_LEASE_SECONDS": "3",
            "LOG_LEVEL": "WARNING",
        }
        with (self.directory / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own words, no shell
                [sys.executable, "-m", *command.split()],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def wait_until(check: Callable[[], Any], *, seconds: float = 30.0) -> bool:
    """Asks ten times a second; False when it never came true."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def database_url() -> str:
    """The address of the database this process works on now."""
    chosen = connection.settings_dict
    login = quote(chosen["USER"], safe="")
    if chosen["PASSWORD"]:
        login += ":" + quote(chosen["PASSWORD"], safe="")
    host = quote(chosen["HOST"], safe="")
    return f"postgresql://{login}@{host}:{chosen['PORT'] or 5432}/{chosen['NAME']}"


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
