"""Pages against a bare Django view under the same settings and middleware, in one run (make bench).

What counts is the ratio: processor time of our process for a request, divided by that of the bare view. SQL
is the number of statements of one warm request; the time includes waiting for the database. The database is
the one the environment names; an empty shop is refused. Orders placed for measuring are cancelled again.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ["LOG_LEVEL"] = "ERROR"
sys.path.insert(0, str(Path(__file__).parent.parent))
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management.base import OutputWrapper  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from knox.models import AuthToken  # noqa: E402

from catalog.models import Category, Product, Sku, StockLevel  # noqa: E402
from catalog.terms import Pool  # noqa: E402
from members.models import Address, Member, User  # noqa: E402
from orders.models import Order  # noqa: E402
from orders.services import baskets, checkout, closing  # noqa: E402
from orders.services.destinations import Delivery  # noqa: E402
from orders.services.placing import LineRequest  # noqa: E402
from orders.terms import DeliveryMode  # noqa: E402
from shop.core import numbers  # noqa: E402

ROUNDS = 30
PIECES = 3


@dataclass(frozen=True)
class Measured:
    """Medians of ROUNDS: milliseconds of our processor, milliseconds in all, statements, bytes answered."""

    cpu: float
    wall: float
    statements: int
    size: int


def measure(act: Callable[[], bytes], rounds: int = ROUNDS) -> Measured:
    """Twice unmeasured (caches, plans), once counted, then timed."""
    act(), act()
    with CaptureQueriesContext(connection) as captured:
        size = len(act())
    statements = len(captured)  # before the next request forgets them
    processor, wall = [], []
    for _ in range(rounds):
        began, began_cpu = time.perf_counter(), time.process_time()
        act()
        processor.append((time.process_time() - began_cpu) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return Measured(statistics.median(processor), statistics.median(wall), statements, size)


class Bench:
    """One shopper, one member of staff, three products that can be bought."""

    def __init__(self) -> None:
        self.skus = buyable()
        self.member = (
            Member.objects.filter(addresses__isnull=False, addresses__deleted_at=None).order_by("-pk").first()
        )
        staff = User.objects.filter(is_superuser=True).first()
        if len(self.skus) < PIECES or self.member is None or staff is None:
            sys.exit("The shop is empty: run make demo once, then make bench.")
        host = {"headers": {"host": settings.ALLOWED_HOSTS[0]}}
        backend = settings.AUTHENTICATION_BACKENDS[-1]
        self.shopper, self.staff, self.guest = Client(**host), Client(**host), Client(**host)
        self.shopper.force_login(self.member.user, backend=backend)
        self.staff.force_login(staff, backend=backend)
        self.session, self.token = AuthToken.objects.create(staff)
        self.wants = [LineRequest(sku.pk, 1) for sku in self.skus]
        address = Address.objects.filter(member=self.member, deleted_at=None).first()
        self.delivery = Delivery(mode=DeliveryMode.EXPRESS, address_id=address.pk)
        self.orders: list[Order] = []

    def get(self, address: str, client: Client | None = None, **headers: str) -> Callable[[], bytes]:
        client = client or self.shopper

        def act() -> bytes:
            answer = client.get(address, headers={"host": settings.ALLOWED_HOSTS[0], **headers})
            if answer.status_code != 200:
                sys.exit(f"{address} answered {answer.status_code}")
            return answer.content

        return act

    def place(self) -> bytes:
        """The service behind the button: prices, coupon, points, stock, order, one transaction."""
        page = checkout.preview(member=self.member, wants=self.wants, delivery=self.delivery)
        order = checkout.place(
            member=self.member,
            wants=self.wants,
            delivery=self.delivery,
            digest=page.digest,
            key=numbers.token(),
        )
        self.orders.append(order)
        return b""

    def journey(self) -> bytes:
        """From the door to the order: home, search, three products, basket, checkout, order."""
        product = self.skus[0].product
        pages = ["/", f"/search/?q={product.title[:2]}"]
        pages += [f"/products/{sku.product_id}/" for sku in self.skus]
        size = sum(len(self.get(page)()) for page in pages)
        self.shopper.post("/basket/lines/", {"sku": self.skus[0].pk, "quantity": 1})
        size += len(self.get("/basket/")()) + len(self.get("/checkout/")())
        return self.place() + b" " * size

    def tidy(self) -> None:
        """The orders of the measurement are cancelled, its token revoked, its basket emptied."""
        for order in self.orders:
            closing.cancel(order_id=order.pk, actor="system", reason="benchmark")
        self.session.delete()
        baskets.of(member=self.member, guest_key=None).lines.all().delete()


def buyable() -> list[Sku]:
    """SKUs of three products with plenty in one place."""
    levels = StockLevel.objects.filter(
        pool=Pool.SPOT, on_hand__gte=100, place__kind="warehouse", sku__product__status="on_shelf"
    )
    chosen: dict[int, Sku] = {}
    for level in levels.select_related("sku__product").order_by("-on_hand")[:200]:
        chosen.setdefault(level.sku.product_id, level.sku)
    return list(chosen.values())[:PIECES]


def main() -> None:
    bench = Bench()
    for sku in bench.skus:
        baskets.add(basket=baskets.of(member=bench.member, guest_key=None), sku_id=sku.pk, quantity=1)
    category = Category.objects.filter(parent=None).order_by("position").first()
    token = {"authorization": f"Bearer {bench.token}"}
    pages: dict[str, Callable[[], bytes]] = {
        "home": bench.get("/"),
        "category": bench.get(f"/categories/{category.slug}/" if category else "/categories/"),
        "search": bench.get("/search/?q=苹果"),
        "product": bench.get(f"/products/{bench.skus[0].product_id}/"),
        "basket": bench.get("/basket/"),
        "checkout page": bench.get("/checkout/"),
        "orders": bench.get("/orders/"),
        "staff order list": bench.get("/api/v1/orders/", bench.guest, **token),
        "admin order list": bench.get("/admin/orders/order/", bench.staff),
        "admin dashboard": bench.get("/admin/", bench.staff),
        "placing": bench.place,
        "whole journey": bench.journey,
    }
    out = OutputWrapper(sys.stdout)
    counts = f"{Product.objects.count():,} products, {Member.objects.count():,} members"
    out.write(f"{connection.settings_dict['NAME']}: {counts}, {Order.objects.count():,} orders")
    with override_settings(ROOT_URLCONF="benchmarks.bare"):
        bare = measure(bench.get("/bare/", bench.guest), rounds=ROUNDS * 10)
    out.write(f"{'':<18} {'CPU':>9} {'ratio':>8} {'in all':>10} {'SQL':>5} {'size':>9}")
    out.write(f"{'bare view':<18} {bare.cpu:6.2f} ms {1:6.1f} × {bare.wall:7.2f} ms {bare.statements:5}")
    try:
        for name, act in pages.items():
            took = measure(act, rounds=ROUNDS if name not in ("placing", "whole journey") else ROUNDS // 3)
            out.write(
                f"{name:<18} {took.cpu:6.2f} ms {took.cpu / bare.cpu:6.1f} × {took.wall:7.2f} ms"
                f" {took.statements:5} {took.size / 1024:5.0f} KiB"
            )
    finally:
        bench.tidy()


if __name__ == "__main__":
    main()
