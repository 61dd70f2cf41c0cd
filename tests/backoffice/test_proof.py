"""make prove: a promise that holds is said to hold, one whose mechanism is broken is said to be broken."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from catalog import locks as stock_locks
from local import for_tests
from marketing.services import coupons
from shop.backoffice.management.commands.prove import Command
from shop.backoffice.proof import books, goods
from shop.backoffice.proof.scene import Scene
from shop.backoffice.proof.town import Town
from tests.races import Meeting

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def town(settings: Any, tmp_path: Path) -> Town:
    settings.MEDIA_ROOT = str(tmp_path)
    return Town()


def told(*scenes: Scene) -> str:
    """What is printed; the broken ones are named in the refusal of the command."""
    out = StringIO()
    Command(stdout=out, no_color=True).tell([lambda scene=scene: scene for scene in scenes])
    return out.getvalue()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_last_piece_is_sold_once_and_prove_sees_when_it_is_not(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = goods.last_piece(town, buyers=6)
    assert "1/1" in told(kept)
    meeting, change_levels = Meeting(4), stock_locks.change_levels

    def write_what_was_read(changes: dict[int, Any]) -> bool:
        if not any(change.reserved for change in changes.values()):
            return change_levels(changes)
        meeting.wait()
        with connection.cursor() as cursor:
            for level_id in changes:
                cursor.execute("UPDATE catalog_stocklevel SET reserved = 1 WHERE id = %s", [level_id])
        return True

    monkeypatch.setattr(stock_locks, "change_levels", write_what_was_read)
    broken = goods.last_piece(town, buyers=4)
    with pytest.raises(CommandError):
        told(kept, broken)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_coupon_is_used_once_and_prove_sees_when_it_is_not(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert goods.one_coupon(town, carts=4).is_kept
    meeting = Meeting(3)
    monkeypatch.setattr(coupons, "hold", lambda **_given: meeting.wait())
    broken = goods.one_coupon(town, carts=3)
    assert not broken.is_kept, broken.came


@pytest.mark.django_db(transaction=True)
def test_books_that_differ_from_the_banks_are_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = {"out_trade_no": "261122000000000001", "state": "SUCCESS", "total": 4280}
    monkeypatch.setattr(books.bank, "ledger", lambda: {"payments": [stranger], "refunds": []})
    scene = books.balanced()
    assert not scene.is_kept
    assert "261122000000000001" in scene.more[0]
    assert books.explained(town).is_kept


def test_the_command_alone_touches_no_shop() -> None:
    with pytest.raises(CommandError, match="make prove"):
        call_command("prove")


@pytest.mark.deep
@pytest.mark.fault
@pytest.mark.django_db
def test_make_prove_plays_every_scene_with_real_programs() -> None:
    inherited = {
        name: value for name, value in os.environ.items() if name not in (for_tests.MARK, for_tests.SESSION)
    }
    done = subprocess.run(
        [sys.executable, "-m", "local", "prove", "--language", "en"],
        cwd=CHECKOUT,
        env=inherited,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓ kept") == 7
    assert "7/7" in done.stdout
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'proof_%'")
        assert cursor.fetchall() == [], "its database is dropped"
