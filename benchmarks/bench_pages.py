"""Pages against a bare Django view, in one run, on the database the environment names (make bench).

Ratios are what counts: the machine is the same for both sides. An empty shop is refused.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ["LOG_LEVEL"] = "ERROR"
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from catalog.models import Category, Product  # noqa: E402
from members.models import Member  # noqa: E402

ROUNDS = 40
BARE = "/healthz"


def milliseconds(act: Callable[[], object]) -> float:
    """Median of ROUNDS after two unmeasured ones."""
    act(), act()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    product = Product.objects.filter(status="on_shelf").order_by("pk").first()
    member = Member.objects.order_by("pk").first()
    if product is None or member is None:
        sys.exit("The shop is empty: run make demo once, then make bench.")
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    category = Category.objects.filter(parent=None).order_by("position").first()
    pages = {
        "home": "/",
        "category": f"/categories/{category.slug}/" if category else "/categories/",
        "search": "/search/?q=苹果",
        "product": f"/products/{product.pk}/",
        "basket": "/basket/",
        "orders": "/orders/",
        "me": "/me/",
    }
    bare = milliseconds(lambda: client.get(BARE))
    print(f"{'bare view':<10} {bare:7.2f} ms    1.0 ×")
    for name, address in pages.items():
        answer = client.get(address)
        if answer.status_code != 200:
            sys.exit(f"{address} answered {answer.status_code}")
        spent = milliseconds(lambda address=address: client.get(address))
        print(f"{name:<10} {spent:7.2f} ms  {spent / bare:5.1f} ×   {len(answer.content) / 1024:5.0f} KiB")


if __name__ == "__main__":
    main()
