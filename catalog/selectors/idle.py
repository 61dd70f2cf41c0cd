"""Goods on the shelf that sold nothing for a while, with the facts a cause is read from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from catalog.models import IdleWarning, Product, SkuDay
from catalog.policies.shelf import DEAR_SHARE, FEW_PICTURES, IDLE_DAYS, UNSEEN_VIEWS
from catalog.selectors import staff_lists
from catalog.terms import ProductStatus
from catalog.terms.shelf import IdleAnswer, IdleCause
from shop.core import clock

SMALL_SIDE = 800
_FACTS = """
WITH wanted AS (
    SELECT id, category_id, lowest_price FROM catalog_product WHERE id = ANY(%(ids)s)
), pictures AS (
    SELECT product_id AS id, count(*) AS many, max(least(width, height)) AS side
    FROM catalog_productimage WHERE product_id = ANY(%(ids)s) GROUP BY 1
), seen AS (
    SELECT product_id AS id, sum(view_count) AS views
    FROM catalog_productday WHERE product_id = ANY(%(ids)s) AND on_date >= %(since)s GROUP BY 1
), counted AS (
    SELECT min(on_date) <= %(since)s AS whole FROM catalog_productday
), middle AS (
    SELECT category_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY lowest_price) AS price, count(*) AS many
    FROM catalog_product
    WHERE status = 'on_shelf' AND category_id IN (SELECT category_id FROM wanted) GROUP BY 1
)
SELECT wanted.id, coalesce(pictures.many, 0), coalesce(pictures.side, 0),
       CASE WHEN counted.whole THEN coalesce(seen.views, 0) ELSE seen.views END,
       wanted.lowest_price, CASE WHEN middle.many >= 3 THEN middle.price END, category.is_visible,
       (SELECT max(day.on_date) FROM catalog_skuday day JOIN catalog_sku sku ON sku.id = day.sku_id
        WHERE sku.product_id = wanted.id AND day.sold_count > 0)
FROM wanted
LEFT JOIN pictures USING (id) LEFT JOIN seen USING (id)
LEFT JOIN middle ON middle.category_id = wanted.category_id
JOIN catalog_category category ON category.id = wanted.category_id
CROSS JOIN counted
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """`views` is None while nobody has counted for the whole time; prices are yuan; `side` is the shorter
    side in pixels of the largest picture."""

    free: int
    pictures: int
    side: int
    views: int | None
    price: Decimal | None
    middle_price: Decimal | None
    is_visible: bool
    last_sold_on: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(self).items()
        }


def due(now: datetime) -> list[int]:
    """Products to warn of: on the shelf long enough, nothing sold since, not warned of and not answered
    lately. One query."""
    today = clock.business_day(now)
    since = today - timedelta(days=IDLE_DAYS.get())
    warned = IdleWarning.objects.filter(product=OuterRef("pk"))
    answered_lately = warned.filter(answer=IdleAnswer.CLEAR, answered_at__gte=clock.day_bounds(since)[0])
    left_alone = warned.filter(answer=IdleAnswer.IGNORE, ignore_until__gte=today)
    rows = Product.objects.filter(
        ~Exists(sold_since(since)),
        ~Exists(warned.filter(answer="")),
        ~Exists(answered_lately),
        ~Exists(left_alone),
        status=ProductStatus.ON_SHELF,
        on_shelf_at__lt=clock.day_bounds(since)[0],
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def over(now: datetime) -> list[int]:
    """Open warnings that are none any more: something sold since, or the product left the shelf."""
    since = clock.business_day(now) - timedelta(days=IDLE_DAYS.get())
    rows = IdleWarning.objects.filter(answer="")
    sold = SkuDay.objects.filter(sku__product=OuterRef("product"), on_date__gte=since, sold_count__gt=0)
    again = rows.filter(Exists(sold)) | rows.exclude(product__status=ProductStatus.ON_SHELF)
    return list(again.order_by("pk").values_list("pk", flat=True))


def sold_since(day: object) -> QuerySet[SkuDay]:
    """Days on which the product of the outer query sold something."""
    return SkuDay.objects.filter(sku__product=OuterRef("pk"), on_date__gte=day, sold_count__gt=0)


def facts(product_ids: Sequence[int], now: datetime) -> dict[int, Facts]:
    """By product; two queries for all of them."""
    free = free_pieces(product_ids)
    since = clock.business_day(now) - timedelta(days=IDLE_DAYS.get())
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"ids": list(product_ids), "since": since})
        return {row[0]: _read(free[row[0]], row[1:]) for row in cursor.fetchall()}


def free_pieces(product_ids: Sequence[int]) -> dict[int, int]:
    """How many of each product can be bought now, bundles counted by their parts; one query."""
    rows = staff_lists.with_stock_and_picture(Product.objects.filter(pk__in=product_ids))
    return {row.pk: row.available for row in rows.order_by()}  # type: ignore[attr-defined]


def cause(found: Facts) -> IdleCause:
    """The first thing that would keep anybody from buying."""
    if found.free <= 0:
        return IdleCause.OUT_OF_STOCK
    if not found.is_visible:
        return IdleCause.HIDDEN
    if found.pictures < FEW_PICTURES.get() or found.side < SMALL_SIDE:
        return IdleCause.POOR_PICTURES
    if found.views is not None and found.views < UNSEEN_VIEWS.get():
        return IdleCause.UNSEEN
    if found.price and found.middle_price and found.price > found.middle_price * (1 + DEAR_SHARE.get()):
        return IdleCause.TOO_DEAR
    return IdleCause.NOT_WANTED if found.views is not None else IdleCause.UNKNOWN


def sold_after(warning: IdleWarning) -> int:
    """Pieces sold from the day of the answer on: what came of it."""
    if warning.answered_at is None:
        return 0
    first = clock.business_day(warning.answered_at)
    days = SkuDay.objects.filter(sku__product=warning.product_id, on_date__gte=first)
    return days.aggregate(sold=Sum("sold_count"))["sold"] or 0


def _read(free: int, row: Sequence[Any]) -> Facts:
    pictures, side, views, price, middle, is_visible, last = row
    return Facts(
        free=free,
        pictures=int(pictures),
        side=int(side),
        views=None if views is None else int(views),
        price=price,
        middle_price=None if middle is None else Decimal(str(middle)).quantize(Decimal("0.01")),
        is_visible=is_visible,
        last_sold_on=str(last or ""),
    )
