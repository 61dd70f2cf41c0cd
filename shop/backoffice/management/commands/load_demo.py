import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from catalog.models import Product
from catalog.services import tags
from shop.backoffice.demo import (
    basics,
    batches,
    bundles,
    channels,
    counts,
    demand,
    goods,
    history,
    ledger,
    listings,
    messages,
    moments,
    people,
    prices,
    promotions,
    shelf,
    shelves,
    suppliers,
    visits,
)
from shop.backoffice.demo.large import growing
from shop.core import clock, outbox


@dataclass(frozen=True)
class Size:
    """How much of everything; `goods` None means all there are."""

    goods: int | None
    members: int
    orders: int
    grows_to: tuple[int, int, int] | None = None  # SKUs, members, orders, by copying


SIZES = {
    "tiny": Size(24, 12, 12),
    "small": Size(None, 60, 360),
    "large": Size(None, 60, 360, (100_000, 200_000, 1_000_000)),
}
OPENED = timedelta(days=moments.DAYS + 110)
STOCKED = timedelta(days=moments.DAYS + 5)


class Command(BaseCommand):
    help = "Fill an empty shop with the demo grocery. A shop that has goods is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="small")
        parser.add_argument("--seed", type=int, default=2026, help="another seed makes another history")

    def handle(self, *args: Any, **options: Any) -> None:
        if Product.objects.exists():
            self.stdout.write("The shop has goods already; the demo was not loaded.")
            return
        started = time.monotonic()
        with without_pokes():
            self._load(Random(options["seed"]), SIZES[options["size"]])
            if to := SIZES[options["size"]].grows_to:
                growing.grow(skus=to[0], members=to[1], orders=to[2], done=self._done)
        self.stdout.write(f"Demo loaded in {time.monotonic() - started:.0f} s.")

    def _load(self, chance: Random, size: Size) -> None:
        call_command("sync_roles", verbosity=0)
        with clock.shifted(-OPENED):
            places = basics.lay()
            listed = goods.list_all(size.goods)
        self._done("goods", len(listed))
        goods.stage(listed, self._count("pictures", len(listed)))
        goods.show(listed, STOCKED)
        outbox.drain_all()
        self._done("stock levels", shelves.fill(listed, list(places.values()), STOCKED))
        with clock.shifted(-STOCKED):
            boxes = bundles.load()
        outbox.drain_all()
        self._done("bundles", len(boxes))
        promotions.announce()
        self._done("message templates", messages.name_templates())
        members = people.settle(chance, size.members)
        outbox.drain_all()
        self._done("members", len(members))
        scene = history.prepare(
            chance, members, [*((product, good.popularity) for good, product in listed), *boxes]
        )
        history.trade(scene, orders=size.orders, progress=self._count("orders", size.orders))
        self._done("visits", visits.remember(chance))
        shelves.run_short(listed, places["ST1"])
        tags.refresh()
        self._done("batches", batches.load(places))
        self._done("stocktakes and transfers", counts.load(places))
        self._done("listings to review", listings.load())
        self._done("warnings of goods nobody buys", shelf.load(chance))
        self._done("purchase orders", suppliers.load(places))
        stores = [places["ST1"], places["ST2"]]
        self._done("days at the counter", demand.walk_in(chance, stores, demand.popular()))
        demand.foretell()
        demand.treat()
        promotions.open_today(members)
        self._done("goods that follow the market", prices.load(places, members))
        outbox.drain_all()
        self._tell_sandbox()
        places_of = (places["WH1"].pk, places["ST1"].pk)
        self._done("numbers told to the platform", channels.open_all(*places_of))
        outbox.drain_all()

    def _tell_sandbox(self) -> None:
        try:
            told = ledger.seed()
        except requests.RequestException as problem:
            raise CommandError(f"The sandbox did not take the payments of the demo: {problem}") from problem
        self._done("payments in the sandbox", told)

    def _count(self, what: str, total: int) -> Callable[[int], None]:
        def show(done: int) -> None:
            if sys.stdout.isatty():
                self.stdout.write(f"\r  {what}: {done}/{total}", ending="\n" if done == total else "")
            elif done == total or done % 20 == 0:
                self.stdout.write(f"  {what}: {done}/{total}")
            self.stdout.flush()

        return show

    def _done(self, what: str, count: int) -> None:
        self.stdout.write(f"  {what}: {count}")
        self.stdout.flush()


@contextmanager
def without_pokes() -> Iterator[None]:
    """Events are delivered here, on the shifted clock, so no worker needs to be told of them."""
    before = settings.OUTBOX_POKES
    settings.OUTBOX_POKES = False
    try:
        yield
    finally:
        settings.OUTBOX_POKES = before
