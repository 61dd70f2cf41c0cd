"""`python -m local …`: see local/README.md."""

import argparse
import contextlib
import signal
import subprocess
import sys

from local import demo, env, prove, services
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
        commands.add_parser(name, help=words).add_argument("words", nargs=argparse.REMAINDER)
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
                return _run(chosen.words)
            case "once":
                return _once(chosen.words)
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


def _run(words: list[str]) -> int:
    embedded = not env.names_servers(env.given())
    variables = services.ensure() if embedded else services.secret_keys()
    services.hold()
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


def _once(words: list[str]) -> int:
    if env.names_servers(env.given()):
        return _run(words)
    ran_before = any(services.status().values())
    try:
        return _run(words)
    finally:
        services.let_go()
        if not ran_before:
            services.stop_if_unused()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
