import os
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shop.backoffice.proof import books, goods, killed, payments
from shop.backoffice.proof.programs import Programs
from shop.backoffice.proof.scene import Scene
from shop.backoffice.proof.town import Town

LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Command(BaseCommand):
    help = (
        "Tries the shop's promises with real programs on a database of its own, and says in plain words what "
        "came. Fails when a promise breaks. Started by `make prove`, which brings everything it needs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=LANGUAGES, help="else the one LANG names, else Chinese")

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("PROOF") != "1":
            raise CommandError("Run `make prove`: it starts a sandbox and a broker of their own first.")
        with translation.override(LANGUAGES[options["language"] or _spoken()]):
            began = time.monotonic()
            self._say(_("The shop proves what it promises, on a database of its own."))
            with own_database(), tempfile.TemporaryDirectory(prefix="proof-") as directory:
                programs = Programs(Path(directory))
                try:
                    self.tell(_scenes(programs))
                except KeyboardInterrupt as interrupt:
                    raise CommandError(_("Stopped before the end; its database is gone.")) from interrupt
                finally:
                    programs.end()
            self._say(
                "\n"
                + _("Every promise was kept ({seconds} s).").format(seconds=f"{time.monotonic() - began:.0f}")
            )

    def tell(self, scenes: list[Callable[[], Scene]]) -> None:
        """Plays each scene and prints it; CommandError names the promises that broke."""
        broken = []
        for number, play in enumerate(scenes, 1):
            began = time.monotonic()
            scene = play()
            self._print(scene, f"{number}/{len(scenes)}", time.monotonic() - began)
            if not scene.is_kept:
                broken.append(str(scene.title))
        if broken:
            raise CommandError(_("Broken: {titles}").format(titles="; ".join(broken)))

    def _print(self, scene: Scene, number: str, seconds: float) -> None:
        verdict = self.style.SUCCESS(_("✓ kept")) if scene.is_kept else self.style.ERROR(_("✗ BROKEN"))
        self._say(f"\n{number}  {self.style.MIGRATE_HEADING(str(scene.title))}")
        for name, words in (
            (pgettext("proof", "done"), scene.done),
            (pgettext("proof", "expected"), scene.expected),
            (pgettext("proof", "came"), scene.came),
        ):
            self._say(f"     {name}{'：' if translation.get_language() != 'en' else ': '}{words}")
        for line in scene.more:
            self._say(f"       │ {line}")
        self._say(f"     {verdict}  ({seconds:.1f} s)")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _scenes(programs: Programs) -> list[Callable[[], Scene]]:
    town = Town()
    programs.start_worker()
    programs.start_beat()
    programs.start_web()
    return [
        lambda: goods.last_piece(town),
        lambda: goods.one_coupon(town),
        lambda: payments.told_often(town),
        lambda: payments.too_late(town),
        lambda: killed.killed_worker(town, programs),
        books.balanced,
        lambda: books.explained(town),
    ]


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database with every table and role, dropped afterwards; nothing else is ever touched."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"proof_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("sync_roles", verbosity=0, stdout=StringIO())
        yield
    finally:
        connection.close()
        connection.creation.destroy_test_db(before, verbosity=0)


def _spoken() -> str:
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if chosen.startswith("en") else "zh"
