"""Slow sellers, turnover and what became of remedies."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from analytics.models import Remedy, SkuHealth
from catalog.models import StockLevel
from catalog.terms import Pool
from orders.models import OrderLine

NIL = Decimal("0.00")

_CATEGORIES = """
WITH RECURSIVE tree AS (
    SELECT id, id AS root, name FROM catalog_category WHERE parent_id IS NULL
    UNION ALL
    SELECT child.id, tree.root, tree.name
    FROM catalog_category AS child JOIN tree ON tree.id = child.parent_id
)
SELECT tree.root, tree.name, count(*), sum(health.stock_value), sum(health.cogs), sum(health.average_value),
       max(health.days), count(*) FILTER (WHERE health.score >= %s)
FROM analytics_skuhealth AS health
JOIN catalog_sku AS sku ON sku.id = health.sku_id
JOIN catalog_product AS product ON product.id = sku.product_id
JOIN tree ON tree.id = product.category_id
GROUP BY tree.root, tree.name ORDER BY sum(health.stock_value) DESC
"""
_SALES = """
SELECT remedy.id, sum(line.quantity - line.refunded_count), sum(line.due - line.refunded_amount)
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS remedy(id, sku_id, since)
JOIN orders_orderline AS line ON line.sku_id = remedy.sku_id
JOIN orders_order AS sale ON sale.id = line.order_id AND sale.paid_at >= remedy.since
GROUP BY remedy.id
"""


@dataclass(frozen=True)
class Turnover:
    """A group of goods: yuan at cost over `days`. `turns` a year and `days_of_stock` are None without sales
    or without stock."""

    category_id: int
    name: str
    skus: int
    stock_value: Decimal
    cogs: Decimal
    average_value: Decimal
    days: int
    slow: int

    @property
    def turns(self) -> float | None:
        return float(self.cogs / self.average_value) * 365 / self.days if self.average_value else None

    @property
    def days_of_stock(self) -> float | None:
        return float(self.average_value / self.cogs) * self.days if self.cogs else None


@dataclass(frozen=True)
class Result:
    """What a remedy has brought so far: pieces left now, sold since and the money they took."""

    stock_now: int
    sold: int
    recovered: Decimal


def by_category(slow_from: float) -> list[Turnover]:
    """Top categories, the most money in stock first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES, [slow_from])
        return [Turnover(*row) for row in cursor.fetchall()]


def slow(score: float) -> QuerySet[SkuHealth]:
    """Goods that hardly sell while some lie there, the worst first."""
    rows = SkuHealth.objects.filter(score__gte=score, on_hand__gt=0)
    return rows.select_related("sku__product").order_by("-score", "-stock_value", "id")


def results(remedies: Sequence[Remedy]) -> dict[int, Result]:
    """By the id of the remedy; ended ones as they ended, open ones as they stand. Two queries."""
    going = [one for one in remedies if one.ended_at is None]
    left = stock_of([one.sku_id for one in going])
    sold = sales_since(going)
    found = {
        one.pk: Result(one.stock_end or 0, one.sold_end or 0, one.recovered or NIL)
        for one in remedies
        if one.ended_at is not None
    }
    for one in going:
        pieces, money = sold.get(one.pk, (0, NIL))
        found[one.pk] = Result(left.get(one.sku_id, 0), pieces, money)
    return found


def sales_since(remedies: Sequence[Remedy]) -> dict[int, tuple[int, Decimal]]:
    """(pieces, yuan taken) of each remedy's SKU in orders paid since it began, without what was refunded; one
    query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SALES,
            [
                [one.pk for one in remedies],
                [one.sku_id for one in remedies],
                [one.started_at for one in remedies],
            ],
        )
        return {pk: (pieces, money) for pk, pieces, money in cursor.fetchall()}


def stock_of(sku_ids: Sequence[int]) -> dict[int, int]:
    """Pieces on hand everywhere but on the way; one query."""
    rows = StockLevel.objects.filter(sku__in=sku_ids).exclude(pool=Pool.TRANSIT)
    return dict(rows.order_by().values_list("sku").annotate(pieces=Sum("on_hand")))


def together(groups: Sequence[Turnover]) -> Turnover:
    """All groups as one."""
    return Turnover(
        category_id=0,
        name="",
        skus=sum(one.skus for one in groups),
        stock_value=sum((one.stock_value for one in groups), NIL),
        cogs=sum((one.cogs for one in groups), NIL),
        average_value=sum((one.average_value for one in groups), NIL),
        days=max((one.days for one in groups), default=1),
        slow=sum(one.slow for one in groups),
    )


def with_results(rows: QuerySet[Remedy]) -> QuerySet[Remedy]:
    """Adds `stock_now`, `sold_now` and `money_now` (yuan) as they stand, for lists."""
    stock = (
        StockLevel.objects.filter(sku=OuterRef("sku"))
        .exclude(pool=Pool.TRANSIT)
        .order_by()
        .values("sku")
        .annotate(pieces=Sum("on_hand"))
        .values("pieces")
    )
    sales = (
        OrderLine.objects.filter(sku=OuterRef("sku"), order__paid_at__gte=OuterRef("started_at"))
        .order_by()
        .values("sku")
    )
    sold = sales.annotate(pieces=Sum(F("quantity") - F("refunded_count"))).values("pieces")
    taken = sales.annotate(money=Sum(F("due") - F("refunded_amount"))).values("money")
    return rows.annotate(
        stock_now=Coalesce(Subquery(stock), 0),
        sold_now=Coalesce(Subquery(sold), 0),
        money_now=Coalesce(Subquery(taken), NIL),
    )
