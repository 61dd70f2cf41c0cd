"""`python -m local.looks pictures | measure`."""

import sys

from local.looks import measure, pictures
from local.paths import LocalError


def main(words: list[str]) -> int:
    try:
        return measure.run() if words[:1] == ["measure"] else pictures.take()
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
