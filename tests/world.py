"""The whole shop as processes: gunicorn, Celery worker, beat and the sandbox, on the database of the
running test.

The test must be `transactional_db`; it sees the same rows the processes see.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.db import connection
from django.test import Client

from members.models import Member
from tests import books
from tests.sandboxes import ROOT, Sandbox, running


class World:
    """Starts, kills and asks the processes of one shop."""

    def __init__(self, directory: Path, sandbox: Sandbox, static: Path) -> None:
        self.directory, self.sandbox, self.static = directory, sandbox, static
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self, failpoints: str) -> dict[str, str]:
        return {
            **os.environ,
            **self.sandbox.settings,
            "DATABASE_URL": _database_url(),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "SETTINGS_FILES": "none",
            "STATIC_ROOT": str(self.static),
            "SHOP_URL": self.url,
            "INSECURE_COOKIES": "1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SHOP_FAILPOINTS": failpoints,
            "OUTBOX_LEASE_SECONDS": "3",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }

    def start_web(self, failpoints: str = "") -> None:
        command = [
            "gunicorn",
            "shop.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "2",
            "--timeout",
            "60",
        ]
        self._start("web", [sys.executable, "-m", *command], failpoints)
        wait_until(lambda: _answers(f"{self.url}/healthz"), "the web server answers")

    def start_worker(self, failpoints: str = "") -> None:
        command = "celery -A shop.celery worker -Q critical,default,notify,report -c 2"
        self._start("worker", [sys.executable, "-m", *command.split()], failpoints)

    def start_beat(self) -> None:
        schedule = self.directory / "beat"
        command = f"celery -A shop.celery beat -s {schedule}"
        self._start("beat", [sys.executable, "-m", *command.split()], "")

    def kill(self, name: str) -> None:
        """kill -9 of the whole process group."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for name, process in list(self.processes.items()):
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.processes.clear()

    def browser_of(self, member: Member) -> requests.Session:
        """An HTTP client signed in as this member."""
        client = Client()
        client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        session = requests.Session()
        session.cookies.set(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
        token = "a" * 32
        session.cookies.set(settings.CSRF_COOKIE_NAME, token)
        session.headers.update(
            {"X-CSRFToken": token, "Referer": self.url, "User-Agent": "Mozilla/5.0 (X11; Linux)"}
        )
        return session

    def broken(self) -> list[str]:
        """Every row of the database that breaks an invariant."""
        return books.broken()

    def books_differ(self) -> list[str]:
        """Where our paid payments and done refunds differ from the sandbox's ledger."""
        return books.differ(self.sandbox)

    def _start(self, name: str, command: list[str], failpoints: str) -> None:
        with (self.directory / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(failpoints),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@contextmanager
def open_world(directory: Path, static: Path) -> Iterator[World]:
    with running(directory, time_factor=20) as sandbox:
        world = World(directory, sandbox, static)
        try:
            yield world
        finally:
            world.stop()


def collect_static(directory: Path) -> None:
    """The hashed static files the web process serves."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "STATIC_ROOT": str(directory),
            "SECRET_KEY": "only-to-collect-static-files" * 2,
        },
        check=True,
    )


def wait_until(check: Callable[[], Any], what: str, seconds: float = 40) -> None:
    """Raises AssertionError when `check` is not true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database_url() -> str:
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"
