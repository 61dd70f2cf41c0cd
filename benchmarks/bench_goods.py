"""The nightly and hourly jobs over many SKUs: `python -m benchmarks.bench_goods --skus 100000 --places 5`.

Makes a scratch database of its own beside the shop's (`…_bench`), fills it by SQL, runs every job twice and
prints seconds and statements. The database is dropped afterwards.
"""
# ruff: noqa: E402

import argparse
import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ["DATABASE_STATEMENT_TIMEOUT"] = "0"
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.services import forecasts, health, reorders
from catalog.models import Category, Place, Product, Sku, Supplier
from catalog.services import stock_alerts
from shop.core import clock

DAYS = 126
FILL = """
INSERT INTO catalog_sku
    SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', one.id + n, 'code', 'BENCH' || n, 'barcode', NULL, 'spec_key', n::text,
        'volume_cm3', 1000, 'list_price', 5 + n %% 90, 'cost_price', 3 + n %% 60))).*
    FROM catalog_sku AS one, generate_series(1, %(skus)s - 1) AS n;
INSERT INTO catalog_stocklevel (place_id, sku_id, pool, on_hand, reserved, alert_at, shelf)
    SELECT place.id, sku.id, 'spot', 5 + (random() * 60)::int, 0,
           CASE WHEN sku.id %% 10 = 0 THEN 5 ELSE 0 END, ''
    FROM catalog_sku AS sku, catalog_place AS place;
CREATE TEMP TABLE pace AS
    SELECT place_id, sku_id, 4 * exp(-7 * random()) AS a_day FROM catalog_stocklevel;
INSERT INTO catalog_skudemand (place_id, sku_id, daily_mean, daily_sigma, method, is_best_seller, computed_at)
    SELECT place_id, sku_id, a_day, sqrt(a_day), 'combined', a_day > 1, now() FROM pace;
INSERT INTO catalog_suppliersku
    (supplier_id, sku_id, article, rank, unit, pack_size, minimum_packs, is_active, needs_expiry)
    SELECT %(supplier)s, id, '', 'preferred', '箱', 6, 1, true, false FROM catalog_sku;
INSERT INTO catalog_supplierprice (source_id, price, valid_from, actor, created_at)
    SELECT id, 20, '2020-01-01', 'system', now() FROM catalog_suppliersku;
ANALYZE;
"""
HISTORY = """
INSERT INTO analytics_stockday
    (place_id, sku_id, on_date, sold_count, received_count, on_hand, free, is_promoted)
    SELECT place_id, sku_id, %(today)s::date - %(days)s, 0, 500, 500, 500, false FROM pace;
INSERT INTO analytics_stockday
    (place_id, sku_id, on_date, sold_count, received_count, on_hand, free, is_promoted)
    SELECT place_id, sku_id, %(today)s::date - day, 1 + floor(random() * a_day)::int, 0, 300, 300,
           random() < 0.05
    FROM pace, generate_series(1, %(days)s - 1) AS day WHERE random() < 1 - exp(-a_day);
ANALYZE;
"""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--skus", type=int, default=100_000)
    asked.add_argument("--places", type=int, default=5)
    asked.add_argument("--template", default="", help="a database that is migrated and empty already")
    asked.add_argument("--jobs", default="foretell,alerts,reorder,judge", help="without foretell: no history")
    given = asked.parse_args()
    jobs = given.jobs.split(",")
    name = f"{settings.DATABASES['default']['NAME']}_bench"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(
            f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{given.template}"' if given.template else "")
        )
    home = connection.settings_dict["NAME"]
    try:
        _move_to(name)
        if not given.template:
            call_command("migrate", verbosity=0)
        measure("fill", lambda: fill(given.skus, given.places, with_history="foretell" in jobs))
        for job in jobs:
            for turn in ("first", "again"):
                measure(f"{job}, {turn}", JOBS[job])
    finally:
        _move_to(home)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def fill(skus: int, places: int, *, with_history: bool) -> int:
    category = Category.objects.create(name="基准", slug="bench")
    product = Product.objects.create(title="基准", category=category)
    Sku.objects.create(product=product, code="BENCH0", list_price=9, spec_key="0")
    supplier = Supplier.objects.create(name="基准", code="BENCH")
    Place.objects.bulk_create(
        Place(kind="store", name=f"店{n}", code=f"bench{n}", position=n) for n in range(places)
    )
    values = {"skus": skus, "days": DAYS, "today": clock.today(), "supplier": supplier.pk}
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        if with_history:
            cursor.execute(HISTORY, values)
        cursor.execute("SELECT count(*) FROM analytics_stockday")
        return int(cursor.fetchone()[0])


def measure(name: str, work: Callable[[], int]) -> None:
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as seen:
        result = work()
    seconds = time.perf_counter() - started
    print(f"{name:18} {seconds:8.1f} s  {len(seen):6} statements  {result:>10,} rows", flush=True)


def _move_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


JOBS: dict[str, Callable[[], int]] = {
    "foretell": forecasts.run,
    "alerts": stock_alerts.scan,
    "reorder": reorders.run,
    "judge": health.run,
}

if __name__ == "__main__":
    main()
