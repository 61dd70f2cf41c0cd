"""make prove: the shop's promises, tried with a sandbox, a broker and a database of their own."""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import redis

from local import env, services, valkey
from local.for_tests import redis_number
from local.paths import CHECKOUT, LocalError
from local.servers import free_port, page_answers, wait_for
from local.supervisor import Program, Supervisor

HASTE = "20"
WEB_PORT, SANDBOX_PORT = 8100, 8150
# what would lead the proof to somebody else's shop
OWN = {"DATABASE_URL", "REDIS_URL", "CACHE_URL", "DEMO", "SHOP_FAILPOINTS", "CLOCK_OFFSET_SECONDS"}


def run(words: list[str]) -> int:
    """Plays every scene; 1 when a promise broke. The demo and its data are neither needed nor touched."""
    variables = services.ensure()
    services.hold()
    number = redis_number(f"proof/{secrets.token_hex(4)}")
    shop = {
        **{name: value for name, value in os.environ.items() if name not in OWN},
        **variables,
        "REDIS_URL": valkey.url(number),
        "CACHE_URL": valkey.url(number + 1),
        "SHOP_URL": f"http://127.0.0.1:{free_port(WEB_PORT)}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "INSECURE_COOKIES": "1",
        "SETTINGS_FILES": "none",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "PYTHONPATH": str(CHECKOUT),
        "PROOF": "1",
    }
    with tempfile.TemporaryDirectory(prefix="proof-") as directory:
        supervisor = Supervisor(environment=dict(os.environ), cwd=CHECKOUT, logs=Path(directory), say=print)
        try:
            shop |= _start_sandbox(supervisor, Path(directory) / "sandbox")
            shop["MEDIA_ROOT"] = str(Path(directory) / "media")
            return _play(words, shop)
        finally:
            supervisor.end()
            _forget(shop)


def _play(words: list[str], shop: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", "prove", *words]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=shop)  # noqa: S603 - our own words, no shell
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait(30)  # the terminal told it too; it drops its database
        return 130


def _start_sandbox(supervisor: Supervisor, directory: Path) -> dict[str, str]:
    directory.mkdir()
    port = free_port(SANDBOX_PORT)
    options = ["--port", str(port), "--state", str(directory), "--time-factor", HASTE]
    program = supervisor.add(Program("sandbox", [sys.executable, "-m", "local.sandbox", *options]))
    url = f"http://127.0.0.1:{port}/"
    wait_for(lambda: program.has_ended or page_answers(url), seconds=30, every=0.2)
    if not page_answers(url):
        raise LocalError(f"The sandbox does not start:\n{supervisor.log_of(program).read_text()[-2000:]}")
    return env.read(directory / "sandbox.env")


def _forget(shop: dict[str, str]) -> None:
    for name in ("REDIS_URL", "CACHE_URL"):
        with redis.Redis.from_url(shop[name]) as client:
            client.flushdb()
