"""make demo: start everything, show where it is, keep it running, end it all together."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from local import env, postgres, services, state, where
from local.paths import CHECKOUT, VAR, LocalError, home
from local.screen import Steps, box, run_quietly, say
from local.servers import page_answers, wait_for
from local.supervisor import Program, Supervisor
from local.where import LAN_WARNING, Where

SANDBOX_HASTE = "20"  # a notice is sent again after seconds, not minutes
LOGS = VAR / "log"
QUEUES = "critical,default,notify,report"
START_SECONDS = 60.0


def run() -> int:
    """Run the demo until Ctrl-C or SIGTERM; 0 when it ended on request or already runs elsewhere."""
    claim = state.claim()
    if claim is None:
        running = state.last()
        say("The demo already runs; `make stop` ends it." if running else "Another demo is just starting.")
        if running and running.addresses:
            show(running)
        return 0
    with claim:
        killed = state.last()
        state.end_left_overs()
        supervisor = Supervisor(environment={}, cwd=CHECKOUT, logs=LOGS, say=say)
        _interrupt_on_signals(supervisor)
        embedded = not env.names_servers(env.given())
        # who started the servers ends them; a killed demo leaves that to the next one
        demo = state.Demo(
            ends_servers=embedded
            and (not all(services.status().values()) or bool(killed and killed.ends_servers))
        )
        services.hold()
        try:
            start(supervisor, demo, embedded=embedded)
            supervisor.watch()
        except KeyboardInterrupt:
            say("")
        finally:
            supervisor.is_ending = True
            say("Stopping …")
            supervisor.end()
            state.forget()
            services.let_go()
            if demo.ends_servers:
                services.stop_if_unused()
        say("Stopped. The data is kept; `make demo` opens the shop again.")
        return 0


def start(supervisor: Supervisor, demo: state.Demo, *, embedded: bool) -> None:
    """Bring everything up and show where it is; LocalError says which step failed and why."""
    began = time.monotonic()
    demo.save()
    supervisor.on_start = lambda: demo.note(supervisor.pids())
    steps = Steps(6)
    place = where.choose()
    local = services.secret_keys()
    with steps.step("Postgres and Valkey"):
        if embedded:
            local |= services.ensure()
    with steps.step("Sandbox: WeChat, SMS"):
        local |= _start_sandbox(supervisor, place)
    local |= {
        "SHOP_URL": place.shop_url,
        "SANDBOX_URL": place.sandbox_url,
        "INSECURE_COOKIES": "1",
        "DEMO": "1",
    }
    services.remember(local)
    supervisor.environment = {**local, **env.given(), "PYTHONUNBUFFERED": "1"}
    _forget_half_a_shop(embedded=embedded)
    with steps.step("Tables and roles"):
        _manage(supervisor, "migrate", "-v0", "--no-input", "--", "sync_roles")
    with steps.step("Goods, members, orders"):
        _load_demo(supervisor, steps.note)
    with steps.step("Static files"):
        _collect_static(supervisor)
    with steps.step("Web, worker, beat"):
        web = _start_shop(supervisor, place)
        demo.logins, demo.tour = _logins_and_tour(supervisor)
        _wait_for_answer(supervisor, web, f"http://127.0.0.1:{place.web}/healthz")
        _let_robots_shop(supervisor)
    demo.addresses = _addresses(supervisor.environment["SHOP_URL"], supervisor.environment["SANDBOX_URL"])
    demo.save()
    for sentence in place.moved():
        say(sentence)
    say(f"\nReady after {time.monotonic() - began:.0f} s.")
    show(demo)
    if place.is_open:
        say(f"{LAN_WARNING}\n{place.shop_url}/\n{where.code(place.shop_url + '/')}")
    say("Ctrl-C stops everything. Logs: var/log/")


def stop() -> None:
    """End the demo of this checkout and the servers, unless a test run uses them. The data stays."""
    claim = state.claim()
    if claim is None:
        state.end_supervisor()
    else:
        claim.close()
    state.end_left_overs()
    state.forget()
    ended = services.stop_if_unused()
    say("Stopped." if ended else "Stopped; a test run still uses Postgres and Valkey, so they stay.")


def show(demo: state.Demo) -> None:
    label = max(len(name) for name in demo.addresses)
    blocks = [[f"{name:<{label}}  {address}" for name, address in demo.addresses.items()]]
    if demo.logins:
        blocks.append(demo.logins)
    say(box("微商城 Weimall", blocks))
    say("\n".join(demo.tour))


def _addresses(shop: str, sandbox: str) -> dict[str, str]:
    return {
        "Shop": f"{shop}/",
        "Back office": f"{shop}/admin/",
        "Staff API": f"{shop}/api/v1/docs/",
        "WeChat phone": f"{sandbox}/phone/  (the shop inside WeChat)",
        "Clerk's phone": f"{sandbox}/clerk/  (the staff API in one hand)",
        "Sandbox": f"{sandbox}/  (cashier, text messages, faults)",
    }


def _start_sandbox(supervisor: Supervisor, place: Where) -> dict[str, str]:
    """Start the sandbox, tell it where the shop will be, return the variables it wrote for the shop."""
    directory = home() / "sandbox"
    directory.mkdir(mode=0o700, exist_ok=True)
    supervisor.environment = dict(os.environ)
    shop = env.given().get("SHOP_URL") or place.shop_url
    options = ["--port", str(place.sandbox), "--state", str(directory), "--time-factor", SANDBOX_HASTE]
    options += ["--phone-port", str(place.phone), "--shop", shop]
    if place.is_open:
        options += ["--host", place.bind, "--url", place.sandbox_url, "--phone-url", place.phone_url]
    command = [sys.executable, "-m", "local.sandbox", *options]
    program = supervisor.add(Program("sandbox", command))
    _wait_for_answer(supervisor, program, f"http://127.0.0.1:{place.sandbox}/")
    return env.read(directory / "sandbox.env")


def _start_shop(supervisor: Supervisor, place: Where) -> Program:
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "shop.celery:app"]
    options = (
        f"-b {place.bind}:{place.web} -w 3 --timeout 60 --graceful-timeout 5 --preload --no-control-socket"
    )
    web = Program("web", [python, "-m", "gunicorn", "shop.wsgi:application", *options.split()])
    worker = [*celery, "worker", "-Q", QUEUES, "-c", "2", "-l", "INFO", "--without-mingle", "-n", "demo@%h"]
    supervisor.add(web)
    supervisor.add(Program("worker", worker, patience=35.0))
    supervisor.add(Program("beat", [*celery, "beat", "-l", "INFO", "-s", str(home() / "beat"), "--pidfile="]))
    return web


def _manage(supervisor: Supervisor, *arguments: str, note: Callable[[str], None] | None = None) -> str:
    command = [sys.executable, "-m", "local.prepare", *arguments]
    log = LOGS / f"{arguments[0]}.log"
    return run_quietly(command, environment=supervisor.environment, cwd=CHECKOUT, log=log, note=note)


def _load_demo(supervisor: Supervisor, note: Callable[[str], None]) -> None:
    """Fill an empty shop once. The marks lie beside the data and go with it."""
    loaded, loading = home() / "demo-loaded", home() / "demo-loading"
    database = supervisor.environment["DATABASE_URL"]
    if loaded.exists() and loaded.read_text() == database:
        return
    loading.touch()
    _manage(supervisor, "load_demo", "--size", os.environ.get("DEMO_SIZE", "small"), note=note)
    loaded.write_text(database)
    loading.unlink()


def _forget_half_a_shop(*, embedded: bool) -> None:
    """Start over when the demo goods were only half loaded the last time."""
    loading = home() / "demo-loading"
    if loading.exists():
        if embedded:
            postgres.empty_database()
        loading.unlink()


def _collect_static(supervisor: Supervisor) -> None:
    """Collect when a static file or a library is newer than the last collection."""
    manifest = CHECKOUT / "staticfiles" / "staticfiles.json"
    roots = [*CHECKOUT.glob("*/static"), *CHECKOUT.glob("shop/*/static")]
    files = [Path(sys.prefix) / ".installed", *(path for root in roots for path in root.rglob("*"))]
    newest = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        _manage(supervisor, "collectstatic", "--no-input", "-v0", "--clear")


def _let_robots_shop(supervisor: Supervisor) -> None:
    """Orders arrive while one watches, unless ROBOTS=0."""
    if env.given().get("ROBOTS") == "0":
        return
    shop, sandbox = supervisor.environment["SHOP_URL"], supervisor.environment["SANDBOX_URL"]
    options = ["--shop", shop, "--sandbox", sandbox, "--state", str(home() / "robots.json")]
    supervisor.add(Program("robots", [sys.executable, "-m", "local.robots", *options], patience=2.0))


def _logins_and_tour(supervisor: Supervisor) -> tuple[list[str], list[str]]:
    said = _manage(supervisor, "demo_logins", "--", "demo_tour")
    logins, _blank, tour = said.partition("\n\n")
    return [line for line in logins.splitlines() if line.strip()], ["", *tour.splitlines()]


def _wait_for_answer(supervisor: Supervisor, program: Program, url: str) -> None:
    wait_for(lambda: program.has_ended or page_answers(url), seconds=START_SECONDS, every=0.2)
    if not page_answers(url):
        log = supervisor.log_of(program)
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise LocalError(f"{program.name} does not answer at {url}\n{tail}\n\nThe whole log: {log}")


def _interrupt_on_signals(supervisor: Supervisor) -> None:
    """The first signal interrupts whatever goes on, a second one ends the programs by force."""

    def end(_number: int, _frame: FrameType | None) -> None:
        if supervisor.is_ending:
            supervisor.kill()
            return
        supervisor.is_ending = True
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
