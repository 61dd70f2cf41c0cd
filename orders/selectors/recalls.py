"""Who got goods of a batch: from the batch to the orders to the members, in one query."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from catalog.models import Recall
from orders.models import RecallCase
from orders.terms import RefundStatus

_TRACE = """
SELECT o.id, o.number, o.member_id, o.place_id, sku.id, batch.code, -sum(moved.delta_on_hand),
       max(moved.created_at)
FROM catalog_batch AS batch
JOIN catalog_sku AS sku ON sku.id = batch.sku_id
JOIN catalog_stockmovement AS moved ON moved.batch = batch.code AND moved.batch <> ''
JOIN catalog_stocklevel AS level ON level.id = moved.level_id AND level.sku_id = batch.sku_id
JOIN orders_order AS o ON moved.reference = 'order:' || o.number
JOIN members_member AS member ON member.id = o.member_id
WHERE batch.id = ANY(%s) AND (%s::bigint IS NULL OR o.id = %s) AND moved.reason IN ('consumed', 'put_back')
GROUP BY o.id, sku.id, batch.id
HAVING sum(moved.delta_on_hand) < 0
ORDER BY o.id, sku.id, batch.id
"""


@dataclass(frozen=True)
class Traced:
    """Pieces of a batch that a member has from an order."""

    order_id: int
    number: str
    member_id: int
    place_id: int | None
    sku_id: int
    batch: str
    pieces: int
    handed_out_at: datetime


@dataclass(frozen=True)
class Report:
    """How far a recall has come. Amounts are yuan, of refunds that didn't fail."""

    orders: int
    members: int
    pieces: int
    refunded_orders: int
    open_orders: int
    in_trouble: int
    amount: Decimal


def traced(batch_ids: Collection[int], order_id: int | None = None) -> list[Traced]:
    """What of these batches went to whom (or to this order) and has not come back; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACE, [list(batch_ids), order_id, order_id])
        return [Traced(*row) for row in cursor.fetchall()]


def cases(recall: Recall) -> QuerySet[RecallCase]:
    """The orders of a recall with member and refund."""
    return recall.cases.select_related("order__member", "refund").order_by("pk")


def open_cases(recall_id: int) -> QuerySet[RecallCase]:
    """Orders whose money isn't on its way: not asked yet, or the refund failed."""
    waiting = Q(refund=None) | Q(refund__status=RefundStatus.CLOSED)
    return RecallCase.objects.filter(waiting, recall=recall_id).order_by("pk")


def report(recall: Recall) -> Report:
    """One query."""
    going = Q(refund__isnull=False) & ~Q(refund__status=RefundStatus.CLOSED)
    row = recall.cases.aggregate(
        orders=Count("pk"),
        members=Count("order__member", distinct=True),
        pieces=Sum("pieces", default=0),
        refunded_orders=Count("pk", filter=going),
        in_trouble=Count("pk", filter=~going & ~Q(trouble="")),
        amount=Sum("refund__amount", filter=going, default=0),
    )
    return Report(**row, open_orders=row["orders"] - row["refunded_orders"])


def of_order(order_id: int) -> list[RecallCase]:
    """The recalls an order is part of, the newest first; one query."""
    return list(RecallCase.objects.filter(order=order_id).select_related("recall", "refund").order_by("-pk"))
