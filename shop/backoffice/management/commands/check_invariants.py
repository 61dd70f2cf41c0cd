import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.backoffice.invariants import every_invariant


class Command(BaseCommand):
    help = "Look for rows that break an invariant, in the whole database; fails when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
        parser.add_argument("--fast", action="store_true", help="leave out the slow ones")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = [one for one in every_invariant() if not (options["fast"] and one.is_slow)]
        found = [(one, one.broken()) for one in checked]
        rows = sum(len(broken) for _, broken in found)
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "checked": len(checked),
                        "broken": rows,
                        "invariants": [
                            {"id": one.id, "statement": one.statement, "rows": broken}
                            for one, broken in found
                        ],
                    },
                    default=str,
                    ensure_ascii=False,
                )
            )
        else:
            for one, broken in found:
                for row in broken:
                    self.stdout.write(f"{one.id}: {one.statement}: {row}")
            self.stdout.write(f"{len(checked)} invariants checked, {rows} rows break one.")
        if rows:
            raise CommandError(f"{rows} rows break an invariant")
