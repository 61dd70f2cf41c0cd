"""The embedded servers, started for real in a home of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
import redis

from local import for_tests, servers, valkey

CHECKOUT = Path(__file__).resolve().parents[2]

# one xdist worker runs them all: they share a pair of servers
pytestmark = pytest.mark.xdist_group("local-services")


@dataclass
class Home:
    path: Path

    @property
    def environment(self) -> dict[str, str]:
        names = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", for_tests.MARK, for_tests.SESSION)
        inherited = {name: value for name, value in os.environ.items() if name not in names}
        return inherited | {"LOCAL_HOME": str(self.path), "LOCAL_ENV_FILE": str(self.path / "local.env")}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "local", *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def variables(self) -> dict[str, str]:
        lines = (self.path / "local.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if not line.startswith("#"))

    def query(self, sql: str) -> list[tuple]:
        url = urlsplit(self.variables()["DATABASE_URL"])
        connection = psycopg2.connect(
            host=unquote(url.hostname or ""), port=url.port, user=url.username, dbname=url.path[1:]
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(self.variables()["REDIS_URL"], socket_timeout=5)

    def pids(self) -> tuple[int, int]:
        postgres = servers.read_pid(self.path / "postgres" / "postmaster.pid")
        broker = servers.read_pid(self.path / "valkey" / "valkey.pid")
        assert postgres
        assert broker
        return postgres, broker


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    # not tmp_path: the servers run as another user when we are root, and socket paths are short
    path = Path(tempfile.mkdtemp(prefix="shop-", dir="/var/tmp"))
    made = Home(path)
    yield made
    made.run("stop")
    shutil.rmtree(path, ignore_errors=True)


def test_four_starts_at_once_make_one_pair_of_servers(home: Home) -> None:
    starts = [
        subprocess.Popen(home.command("services"), cwd=CHECKOUT, env=home.environment) for _ in range(4)
    ]
    assert [start.wait(timeout=120) for start in starts] == [0, 0, 0, 0]
    assert home.query("select 1") == [(1,)]
    assert home.valkey().ping()
    running = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    assert sum(f"-D {home.path}" in line for line in running.splitlines()) == 1


def test_a_second_start_attaches_and_keeps_processes_and_secrets(home: Home) -> None:
    assert home.run("services").returncode == 0
    before, variables = home.pids(), home.variables()
    assert home.run("services").returncode == 0
    assert home.pids() == before
    assert home.variables() == variables


def test_secrets_and_sockets_are_private(home: Home) -> None:
    assert home.run("services").returncode == 0
    for name, mode in (("local.env", 0o600), ("secrets.json", 0o600), ("socket", 0o700), ("postgres", 0o700)):
        assert (home.path / name).stat().st_mode & 0o777 == mode, name
    assert (home.path / "valkey" / "valkey.conf").stat().st_mode & 0o777 == 0o600
    port = int(urlsplit(home.variables()["REDIS_URL"]).port or 0)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port, retry=None).ping()


def test_chinese_is_searchable_and_times_are_utc(home: Home) -> None:
    assert home.run("services").returncode == 0
    home.query("create extension if not exists pg_trgm")
    assert home.query("select show_trgm('红富士') <> '{}'") == [(True,)]
    assert home.query("show timezone") == [("UTC",)]
    assert int(home.query("show max_connections")[0][0]) >= 200


def test_data_survives_kill_9_of_both_servers(home: Home) -> None:
    assert home.run("services").returncode == 0
    home.query("create table if not exists kept (word text)")
    home.query("insert into kept values ('梨')")
    home.valkey().set("kept", "1")
    time.sleep(1.2)  # appendfsync everysec
    for pid in home.pids():
        os.kill(pid, signal.SIGKILL)
    started = home.run("services")
    assert started.returncode == 0, started.stderr
    assert home.query("select word from kept") == [("梨",)]
    assert home.valkey().get("kept") == b"1"


def test_valkey_moves_when_its_port_is_taken(home: Home) -> None:
    assert home.run("services").returncode == 0
    assert home.run("stop").returncode == 0
    port = int(urlsplit(home.variables()["REDIS_URL"]).port or 0)
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", port))
        thief.listen()
        assert home.run("services").returncode == 0
        assert urlsplit(home.variables()["REDIS_URL"]).port != port
        assert home.valkey().ping()


def test_stop_ends_both_servers_and_keeps_the_data(home: Home) -> None:
    assert home.run("services").returncode == 0
    pids = home.pids()
    assert home.run("stop").returncode == 0
    assert [servers.command_line(pid) for pid in pids] == ["", ""]
    assert home.run("stop").returncode == 0
    assert (home.path / "postgres" / "PG_VERSION").exists()


def test_a_taken_port_is_moved_to_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not servers.port_is_free(port)
        moved = servers.free_port(port)
        assert moved != port
        assert servers.port_is_free(moved)


def test_a_pid_that_names_another_program_is_left_alone() -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        servers.end(stranger.pid, belongs=lambda line: "postgres" in line, signals=((signal.SIGKILL, 1.0),))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_sessions_never_use_the_databases_of_the_demo() -> None:
    numbers = {for_tests.redis_number(f"{name}/gw{n}") for name in ("", "a", "b", "local") for n in range(9)}
    assert all(2 <= number < valkey.DATABASES - 1 and number % 2 == 0 for number in numbers)


def test_two_test_runs_at_once_get_databases_of_their_own(home: Home) -> None:
    code = "import sys; from local import for_tests; print(for_tests.prepare(), flush=True); sys.stdin.read()"
    environment = home.environment | {"TEST_DB_SUFFIX": "twin"}
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        assert {run.stdout.readline().strip() for run in runs if run.stdout} == {"_twin", "_twin_2"}
    finally:
        for run in runs:
            run.communicate("")
