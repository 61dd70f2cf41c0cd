"""Goods that arrive for a purchase order: counted, looked at, taken into stock, and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catalog import locks
from catalog.errors.purchasing import (
    AlreadyExpired,
    ExpiryMissing,
    NotOrdered,
    NotReceivable,
    OverDelivered,
)
from catalog.models import GoodsReceipt, GoodsReceiptLine, PurchaseLine, PurchaseOrder
from catalog.policies.purchasing import OVER_DELIVERY
from catalog.services import costs, stock
from catalog.services.batches import BatchFacts
from catalog.states.purchasing import OPEN, PURCHASE
from catalog.terms import Pool
from catalog.terms.purchasing import PurchaseStatus
from shop.core import audit, clock, money
from shop.core.errors import Invalid, KeyReused, NotFound
from shop.core.transactions import unit

MOST = 1_000_000


@dataclass(frozen=True)
class Received:
    """Pieces (not packs) of one SKU and batch as they were counted, good and defective."""

    sku_id: int
    good: int
    defect: int = 0
    batch: str = ""
    made_on: date | None = None
    expires_on: date | None = None


@unit
def receive(
    *, order_id: int, lines: Sequence[Received], actor: str, key: str, note: str = ""
) -> GoodsReceipt:
    """Take a delivery in: good pieces into the spot pool, defective ones into the pool of defects.

    The same key again answers with the receipt that was made and changes nothing. More than was ordered is
    refused beyond the merchant's tolerance. Raises NotFound, NotReceivable, NotOrdered, OverDelivered,
    ExpiryMissing, AlreadyExpired, Invalid, KeyReused.
    """
    order = locks.purchase_order(order_id)
    if order is None:
        raise NotFound(order_id=order_id)
    known = GoodsReceipt.objects.filter(key=key).first()
    if known is not None:
        if known.order_id != order.pk:
            raise KeyReused()
        return known
    if order.status not in OPEN:
        raise NotReceivable(status=order.status)
    now = clock.now()
    by_sku = {line.sku_id: line for line in order.lines.select_related("sku__product")}
    counted = _checked(lines, by_sku, clock.business_day(now))
    amounts = _count(counted, by_sku)
    PurchaseLine.objects.bulk_update(by_sku.values(), ["received_good", "received_defect"])
    is_whole = all(not line.open_quantity for line in by_sku.values())
    freight = _freight(order, sum(amounts, money.ZERO), is_whole)
    receipt = GoodsReceipt.objects.create(
        order=order,
        key=key,
        amount=sum(amounts, money.ZERO),
        freight_amount=freight,
        due_on=clock.business_day(now) + timedelta(days=order.supplier.payment_days),
        note=note[:200],
        actor=actor,
        created_at=now,
    )
    rows = _write_rows(receipt, counted, by_sku, amounts)
    _move(order, is_whole, actor)
    audit.record(
        actor=actor,
        verb="receive_purchase",
        target=f"purchase:{order.pk}",
        after={"good": sum(one.good for one in counted), "defect": sum(one.defect for one in counted)},
        reason=note,
    )
    costs.average_in(rows=rows, actor=actor)
    _into_stock(order, rows, actor)
    return receipt


def _checked(lines: Sequence[Received], by_sku: dict[int, PurchaseLine], today: date) -> list[Received]:
    """What was counted, without empty lines, in the order in which stock is locked."""
    counted = sorted(
        (one for one in lines if one.good or one.defect), key=lambda one: (one.sku_id, one.batch)
    )
    if not counted:
        raise Invalid(field="lines")
    for one in counted:
        if one.sku_id not in by_sku:
            raise NotOrdered(sku_id=one.sku_id)
        if not (0 <= one.good <= MOST and 0 <= one.defect <= MOST):
            raise Invalid(field="lines", sku_id=one.sku_id)
        sku = by_sku[one.sku_id].sku
        if one.expires_on and not one.batch:
            raise ExpiryMissing(code=sku.code)
        if one.good and by_sku[one.sku_id].needs_expiry and not (one.batch and one.expires_on):
            raise ExpiryMissing(code=sku.code)
        if one.good and one.expires_on and one.expires_on < today:
            raise AlreadyExpired(code=sku.code)
        if one.made_on and one.expires_on and one.expires_on < one.made_on:
            raise Invalid(field="expires_on", sku_id=one.sku_id)
    return counted


def _count(counted: Sequence[Received], by_sku: dict[int, PurchaseLine]) -> list[Decimal]:
    """Adds the pieces to the lines; what is owed for each entry. Parts of a pack add up to its price."""
    tolerance = OVER_DELIVERY.get()
    amounts = []
    for one in counted:
        line = by_sku[one.sku_id]
        most = int(line.quantity * (1 + tolerance))
        before = line.received
        if before + one.good + one.defect > most:
            raise OverDelivered(code=line.sku.code, open=max(most - before, 0))
        line.received_good += one.good
        line.received_defect += one.defect
        amounts.append(worth(line, line.received) - worth(line, before))
    return amounts


def worth(line: PurchaseLine, pieces: int) -> Decimal:
    """Yuan for so many pieces of a line, counted from its first piece."""
    return money.yuan(line.price * pieces / line.pack_size)


def _freight(order: PurchaseOrder, amount: Decimal, is_whole: bool) -> Decimal:
    """This delivery's share of the order's freight; what is left comes with the last one."""
    if not order.freight_amount:
        return money.ZERO
    booked = sum((one.freight_amount for one in order.receipts.all()), money.ZERO)
    left = order.freight_amount - booked
    if is_whole or not order.amount:
        return left
    return min(left, money.yuan(order.freight_amount * amount / order.amount))


def _write_rows(
    receipt: GoodsReceipt,
    counted: Sequence[Received],
    by_sku: dict[int, PurchaseLine],
    amounts: Sequence[Decimal],
) -> list[GoodsReceiptLine]:
    shares = money.split(receipt.freight_amount, dict(enumerate(amounts)))
    rows = []
    for number, (one, amount) in enumerate(zip(counted, amounts, strict=True)):
        pieces = one.good + one.defect
        rows.append(
            GoodsReceiptLine(
                receipt=receipt,
                line=by_sku[one.sku_id],
                good=one.good,
                defect=one.defect,
                batch=one.batch[:40],
                made_on=one.made_on,
                expires_on=one.expires_on,
                amount=amount,
                landed_cost=(amount + shares[number]) / pieces,
            )
        )
    return GoodsReceiptLine.objects.bulk_create(rows)


def _move(order: PurchaseOrder, is_whole: bool, actor: str) -> None:
    if is_whole:
        PURCHASE.move(order, PurchaseStatus.RECEIVED, actor=actor, received_at=clock.now())
    elif order.status != PurchaseStatus.PARTIAL:
        PURCHASE.move(order, PurchaseStatus.PARTIAL, actor=actor)


def _into_stock(order: PurchaseOrder, rows: Sequence[GoodsReceiptLine], actor: str) -> None:
    for row in rows:
        for pool, pieces in ((Pool.SPOT, row.good), (Pool.DEFECT, row.defect)):
            if pieces:
                stock.receive(
                    place_id=order.place_id,
                    sku_id=row.line.sku_id,
                    quantity=pieces,
                    actor=actor,
                    key=f"purchase:{row.pk}:{pool}",
                    cost=money.yuan(row.landed_cost),
                    reference=f"purchase:{order.number}",
                    batch=row.batch,
                    pool=pool,
                    batch_facts=_facts(order, row),
                )


def _facts(order: PurchaseOrder, row: GoodsReceiptLine) -> BatchFacts | None:
    if not row.batch:
        return None
    return BatchFacts(
        code=row.batch,
        made_on=row.made_on,
        expires_on=row.expires_on,
        supplier_id=order.supplier_id,
    )
