import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from random import Random
from typing import Any

import requests
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from catalog.models import Product
from catalog.services import stock
from shop.backoffice.demo import basics, goods, history, ledger, people, promotions
from shop.core import clock, outbox

SIZES = {"tiny": (12, 12), "small": (60, 360)}


class Command(BaseCommand):
    help = "Fill an empty shop with the demo grocery. A shop that has goods is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="small")
        parser.add_argument("--seed", type=int, default=2026, help="another seed makes another history")

    def handle(self, *args: Any, **options: Any) -> None:
        if Product.objects.exists():
            self.stdout.write("The shop has goods already; the demo was not loaded.")
            return
        member_count, order_count = SIZES[options["size"]]
        chance = Random(options["seed"])  # noqa: S311 — believable data, no secret
        started = time.monotonic()
        call_command("sync_roles", verbosity=0)
        places = basics.lay()
        listed = goods.list_all()
        self._done("goods", len(listed))
        goods.stage(listed, self._count("pictures", len(listed)))
        self._stock(listed, list(places.values()))
        promotions.announce()
        members = people.settle(chance, member_count)
        self._done("members", len(members))
        scene = history.prepare(chance, members, [(product, good.popularity) for good, product in listed])
        history.trade(scene, orders=order_count, progress=self._count("orders", order_count))
        outbox.drain_all()
        self._tell_sandbox()
        self.stdout.write(f"Demo loaded in {time.monotonic() - started:.0f} s.")

    def _stock(self, listed: list[tuple[Any, Product]], places: list[Any]) -> None:
        with clock.shifted(-timedelta(days=history.DAYS + 5)):
            for position, (good, product) in enumerate(listed):
                for sku in product.skus.all():
                    for place in places:
                        level = stock.receive(
                            place_id=place.pk,
                            sku_id=sku.pk,
                            quantity=goods.stock_of(good, place, position),
                            actor="system",
                            key=f"demo:{place.code}:{sku.code}",
                            cost=sku.cost_price,
                        )
                        stock.set_alert(level_id=level.pk, alert_at=20, actor="system")
        self._done("stock levels", sum(product.skus.count() for _good, product in listed) * len(places))

    def _tell_sandbox(self) -> None:
        rows = history.ledger_rows()
        try:
            told = ledger.seed(rows)
        except requests.RequestException as problem:
            raise CommandError(f"The sandbox did not take the payments of the demo: {problem}") from problem
        self._done("payments in the sandbox", told)

    def _count(self, what: str, total: int) -> Any:
        def show(done: int) -> None:
            if sys.stdout.isatty():
                self.stdout.write(f"\r  {what}: {done}/{total}", ending="\n" if done == total else "")
            elif done == total or done % 60 == 0:
                self.stdout.write(f"  {what}: {done}/{total}")
            self.stdout.flush()

        return show

    def _done(self, what: str, count: int) -> None:
        self.stdout.write(f"  {what}: {count}")
        self.stdout.flush()
