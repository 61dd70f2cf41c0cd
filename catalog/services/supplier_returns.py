"""Goods that go back to a supplier: written down, sent off out of stock, credited."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog import locks
from catalog.errors.purchasing import NothingToSendBack
from catalog.models import (
    GoodsReceiptLine,
    Place,
    Sku,
    StockLevel,
    Supplier,
    SupplierReturn,
    SupplierReturnLine,
)
from catalog.selectors import supply
from catalog.services import ledger
from catalog.states.purchasing import SUPPLIER_RETURN
from catalog.terms import HANDLED_POOLS, MovementReason, Pool
from catalog.terms.purchasing import ReturnReason, ReturnStatus
from shop.core import audit, clock, money, numbers
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

MOST_LINES = 200


@dataclass(frozen=True)
class GoingBack:
    """Pieces of a SKU out of a pool. `amount` is yuan for all of them; None values them as they were
    bought."""

    sku_id: int
    quantity: int
    pool: str = Pool.DEFECT
    batch: str = ""
    amount: Decimal | None = None


@unit
def draft(
    *,
    supplier_id: int,
    place_id: int,
    lines: Sequence[GoingBack],
    reason: str,
    actor: str,
    reference: str = "",
    note: str = "",
) -> SupplierReturn:
    """A return nobody has sent yet; stock is untouched. `reference` names why, e.g. `slow_mover:12`.

    Raises NotFound, Invalid, NothingToSendBack when fewer lie there.
    """
    if reason not in ReturnReason.values or not 0 < len(lines) <= MOST_LINES:
        raise Invalid(field="reason" if reason not in ReturnReason.values else "lines")
    known = Supplier.objects.filter(pk=supplier_id).exists() and Place.objects.filter(pk=place_id).exists()
    if not known:
        raise NotFound()
    skus = Sku.objects.in_bulk({one.sku_id for one in lines})
    rows = []
    for one in lines:
        if one.sku_id not in skus or one.quantity < 1 or one.pool not in HANDLED_POOLS:
            raise Invalid(field="lines", sku_id=one.sku_id)
        _demand_there(place_id, one, skus[one.sku_id])
        amount = _value(supplier_id, one) if one.amount is None else money.yuan(one.amount)
        rows.append((one, amount))
    made = SupplierReturn.objects.create(
        number=numbers.new(),
        supplier_id=supplier_id,
        place_id=place_id,
        reason=reason,
        reference=reference[:80],
        note=note[:200],
        amount=sum((amount for _one, amount in rows), money.ZERO),
        created_by=actor,
    )
    SupplierReturnLine.objects.bulk_create(
        SupplierReturnLine(
            supplier_return=made,
            sku_id=one.sku_id,
            pool=one.pool,
            batch=one.batch[:40],
            quantity=one.quantity,
            amount=amount,
        )
        for one, amount in rows
    )
    _record(made, "draft_supplier_return", actor)
    return made


@unit
def send(*, return_id: int, actor: str) -> SupplierReturn:
    """Hand the goods over: they leave stock now. Raises NothingToSendBack, IllegalMove, NotFound."""
    made = _locked(return_id)
    SUPPLIER_RETURN.move(made, ReturnStatus.SENT, actor=actor, sent_at=clock.now())
    _record(made, "send_supplier_return", actor)
    ledger.post([_leaving(made, line, actor) for line in made.lines.select_related("sku")])
    return made


@unit
def credit(*, return_id: int, amount: Decimal, actor: str) -> SupplierReturn:
    """Write down what the supplier gave back for it, in yuan. Raises Invalid, IllegalMove, NotFound."""
    if amount < 0:
        raise Invalid(field="amount")
    made = _locked(return_id)
    SUPPLIER_RETURN.move(
        made,
        ReturnStatus.CREDITED,
        actor=actor,
        credited_amount=money.yuan(amount),
        credited_at=clock.now(),
    )
    _record(made, "credit_supplier_return", actor)
    return made


@unit
def cancel(*, return_id: int, actor: str, reason: str = "") -> SupplierReturn:
    """Give up a return that wasn't sent. Raises IllegalMove, NotFound."""
    made = _locked(return_id)
    SUPPLIER_RETURN.move(made, ReturnStatus.CANCELLED, actor=actor, reason=reason)
    _record(made, "cancel_supplier_return", actor, reason)
    return made


def _leaving(made: SupplierReturn, line: SupplierReturnLine, actor: str) -> ledger.Entry:
    level = StockLevel.objects.filter(place=made.place_id, sku=line.sku_id, pool=line.pool).first()
    if level is None or level.available < line.quantity:
        raise NothingToSendBack(code=line.sku.code, available=level.available if level else 0)
    return ledger.Entry(
        level_id=level.pk,
        key=f"supplier_return:{line.pk}",
        reason=MovementReason.TO_SUPPLIER,
        actor=actor,
        on_hand=-line.quantity,
        batch=line.batch,
        reference=f"supplier_return:{made.number}",
    )


def _value(supplier_id: int, one: GoingBack) -> Decimal:
    """As it was bought last from this supplier, else as the price list says, else nothing."""
    last = (
        GoodsReceiptLine.objects.filter(line__sku=one.sku_id, receipt__order__supplier=supplier_id)
        .select_related("line")
        .order_by("-id")
        .first()
    )
    if last is not None:
        return money.yuan(last.line.price * one.quantity / last.line.pack_size)
    offers = supply.terms_for([one.sku_id], supplier_id=supplier_id).get(one.sku_id)
    return money.yuan(offers[0].price * one.quantity / offers[0].pack_size) if offers else money.ZERO


def _demand_there(place_id: int, one: GoingBack, sku: Sku) -> None:
    level = StockLevel.objects.filter(place=place_id, sku=one.sku_id, pool=one.pool).first()
    available = level.available if level else 0
    if available < one.quantity:
        raise NothingToSendBack(code=sku.code, available=available)


def _locked(return_id: int) -> SupplierReturn:
    made = locks.supplier_return(return_id)
    if made is None:
        raise NotFound(return_id=return_id)
    return made


def _record(made: SupplierReturn, verb: str, actor: str, reason: str = "") -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=f"supplier_return:{made.pk}",
        after={"status": made.status, "amount": made.amount},
        reason=reason,
    )
