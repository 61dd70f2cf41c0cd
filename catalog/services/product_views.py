"""How often goods are looked at: counted in the cache, written down by the hour."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection

from catalog.models import Product
from catalog.terms import ProductStatus
from shop.core import clock
from shop.core.transactions import unit

KEPT_SECONDS = 3 * 86400
BATCH = 1000
_WRITE = """
INSERT INTO catalog_productday AS day (product_id, on_date, view_count)
SELECT id, %s, seen FROM unnest(%s::bigint[], %s::int[]) AS found(id, seen) ORDER BY id
ON CONFLICT (product_id, on_date) DO UPDATE SET view_count = greatest(day.view_count, excluded.view_count)
"""


def note(product_id: int) -> None:
    """Somebody opened the page of this product. Touches no table; without a cache nothing is counted."""
    key = _key(str(clock.business_day(clock.page_now())), product_id)
    if not cache.add(key, 1, KEPT_SECONDS):
        try:
            cache.incr(key)
        except ValueError:
            cache.set(key, 1, KEPT_SECONDS)


def collect() -> int:
    """Write down what was counted today and yesterday; the same again changes nothing. Returns for how many
    products and days."""
    today = clock.business_day(clock.now())
    ids = Product.objects.filter(status=ProductStatus.ON_SHELF).order_by("pk").values_list("pk", flat=True)
    written = 0
    for some in _batches(list(ids)):
        for day in (today, today - timedelta(days=1)):
            keys = {_key(str(day), pk): pk for pk in some}
            found = {keys[key]: count for key, count in cache.get_many(keys).items()}
            written += write(day, found)
    return written


@unit
def write(day: date, found: dict[int, int]) -> int:
    """Page views of products on a business day, by product; the larger number stays. Returns how many."""
    if not found:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [day, list(found), list(found.values())])
    return len(found)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _key(day: str, product_id: int) -> str:
    return f"catalog.views.{day}.{product_id}"
