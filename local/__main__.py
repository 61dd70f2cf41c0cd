"""`python -m local …`: see local/README.md."""

import argparse
import contextlib
import signal
import subprocess
import sys

from local import demo, env, postgres, prove, services
from local.paths import CHECKOUT, ENV_FILE, LocalError


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("services", help="start Postgres and Valkey, or attach to them")
    commands.add_parser("demo", help="open the demo shop")
    commands.add_parser("stop", help="end the demo, Postgres and Valkey; the data stays")
    commands.add_parser("reset", help="end everything and delete the data")
    proof = commands.add_parser("prove", help="try the shop's promises before your eyes")
    proof.add_argument("--language", choices=("zh", "en"))
    for name, words in (
        ("run", "run a command with the shop's environment"),
        ("once", "the same, and end the servers afterwards if they were started for it"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("--database", default="", help="another database of the embedded server")
        command.add_argument("--if-made", action="store_true", help="nothing is run when it isn't there")
        command.add_argument("words", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    try:
        match chosen.command:
            case "services":
                _services()
            case "demo":
                return demo.run()
            case "stop":
                demo.stop()
            case "reset":
                _reset()
            case "prove":
                return prove.run(["--language", chosen.language] if chosen.language else [])
            case "run":
                return _run(chosen.words, chosen.database, chosen.if_made)
            case "once":
                return _once(chosen.words, chosen.database, chosen.if_made)
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _services() -> None:
    if env.names_servers(env.given()):
        print("DATABASE_URL and REDIS_URL are set: nothing is started here.")
        return
    services.ensure()
    print(f"Postgres and Valkey answer; their addresses are in {ENV_FILE}")


def _reset() -> None:
    demo.stop()
    print(f"Deleted {services.reset()}: the next `make demo` starts with an empty shop.")


def _run(words: list[str], database: str = "", if_made: bool = False) -> int:
    embedded = not env.names_servers(env.given())
    variables = services.ensure() if embedded else services.secret_keys()
    services.hold()
    if database and embedded:
        if if_made and not postgres.has_database(database):
            return 0
        postgres.make_database(database)
        # a cache of its own, and no sandbox: its ledger belongs to the shop of the demo
        variables |= {"DATABASE_URL": postgres.url(database), "CACHE_PREFIX": database, "SANDBOX_URL": ""}
    environment = {**env.read(ENV_FILE), **variables, **env.given()}
    if embedded:
        environment[services.OURS] = "1"
    process = subprocess.Popen(words, cwd=CHECKOUT, env=environment)  # noqa: S603
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code: int | None = None
    while code is None:
        with contextlib.suppress(KeyboardInterrupt):  # the terminal sent it to the command too
            code = process.wait()
    return code if code >= 0 else 128 - code


def _once(words: list[str], database: str = "", if_made: bool = False) -> int:
    if env.names_servers(env.given()):
        return _run(words, database, if_made)
    ran_before = any(services.status().values())
    try:
        return _run(words, database, if_made)
    finally:
        services.let_go()
        if not ran_before:
            services.stop_if_unused()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
