"""`python -m local.robots --shop URL --sandbox URL --state FILE`: an order about every half minute."""

import argparse
import json
import random
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import requests

from local.robots.shopper import Lost, Shopper

BEIJING = timezone(timedelta(hours=8))
FIRST_AFTER = 5.0


class Diary:
    """How many orders were made today; kept beside the demo's data, so that a restart doesn't start over."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def count(self) -> int:
        try:
            kept = json.loads(self.path.read_text())
            return int(kept["orders"]) if kept["day"] == _today() else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def add(self) -> None:
        self.path.write_text(json.dumps({"day": _today(), "orders": self.count() + 1}))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.robots")
    parser.add_argument("--shop", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--state", type=Path, required=True, help="file of the count of today's orders")
    parser.add_argument("--every", type=float, default=30.0, help="seconds between orders, about")
    parser.add_argument("--most", type=int, default=120, help="orders a day")
    chosen = parser.parse_args(arguments)
    chance, diary, known = random.Random(), Diary(chosen.state), {}  # noqa: S311 - taste, not secrets
    time.sleep(FIRST_AFTER)
    while True:
        phone = _wanted(chosen.shop, diary.count(), chosen.most, chance)
        if phone:
            if phone not in known:
                known[phone] = Shopper(phone, shop=chosen.shop, sandbox=chosen.sandbox, chance=chance)
            try:
                number = known[phone].buy()
                diary.add()
                print(f"{_now():%H:%M:%S} order {number}", flush=True)
            except (Lost, requests.RequestException) as trouble:
                print(f"{_now():%H:%M:%S} {trouble}", flush=True)
        time.sleep(chosen.every * chance.uniform(0.66, 1.33))


def _wanted(shop: str, made: int, most: int, chance: random.Random) -> str:
    """The phone of the one who shops next; "" while nobody is wanted."""
    try:
        answer = requests.get(f"{shop}/demo/robots/", params={"made": made}, timeout=20)
        told = answer.json() if answer.ok else {}
    except (requests.RequestException, ValueError):
        return ""
    phones = told.get("phones", [])
    return str(chance.choice(phones)) if told.get("wanted") and phones and made < most else ""


def _today() -> str:
    return f"{_now():%Y-%m-%d}"


def _now() -> datetime:
    return datetime.now(BEIJING)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
