"""Several management commands in one process, so that Django starts once.

python -m local.prepare migrate -- sync_roles -- load_demo --size small
"""

import os
import sys
from itertools import groupby

import django
from django.core.management import call_command


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    django.setup()
    for is_mark, words in groupby(arguments, key=lambda word: word == "--"):
        if not is_mark:
            call_command(*words)


if __name__ == "__main__":
    main(sys.argv[1:])
