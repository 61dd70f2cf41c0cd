"""`python -m local …`: see local/README.md."""

import argparse
import sys

from local import services
from local.paths import ENV_FILE, LocalError


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("services", help="start Postgres and Valkey, or attach to them")
    commands.add_parser("stop", help="end Postgres and Valkey")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "services":
            services.ensure()
            print(f"Postgres and Valkey answer; their addresses are in {ENV_FILE}")
        else:
            services.stop()
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
