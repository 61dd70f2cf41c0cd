"""Purchase orders: written, approved, sent, closed. What arrives is in `goods_receipts`."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from catalog import locks
from catalog.errors.purchasing import (
    BelowOrderMinimum,
    BelowSupplierMinimum,
    NotSupplied,
    OwnApproval,
    SupplierAsleep,
)
from catalog.models import Place, PurchaseLine, PurchaseOrder, Sku, Supplier
from catalog.policies.purchasing import APPROVAL_FROM, CLOSE_AFTER_DAYS
from catalog.selectors import supply
from catalog.services.goods_receipts import Received, receive
from catalog.states.purchasing import PURCHASE
from catalog.terms.purchasing import PurchaseOrigin, PurchaseStatus
from shop.core import audit, clock, money, numbers, refs
from shop.core.errors import IllegalMove, Invalid, NotFound
from shop.core.transactions import unit

__all__ = [
    "Received",
    "approve",
    "cancel",
    "close",
    "close_old",
    "draft",
    "minimum_problem",
    "receive",
    "rewrite",
    "send",
    "send_back",
    "submit",
]

Wanted = tuple[int, int, Decimal | None]
MOST = 1_000_000
MOST_LINES = 200


@unit
def draft(
    *,
    supplier_id: int,
    place_id: int,
    lines: Sequence[Wanted],
    actor: str,
    reference: str = "",
    origin: str = PurchaseOrigin.HAND,
    wanted_on: date | None = None,
    note: str = "",
    freight_amount: Decimal = money.ZERO,
    replaces_id: int | None = None,
) -> PurchaseOrder:
    """A purchase order nobody has seen yet.

    `lines` are (SKU, pieces we sell, price). Pieces are rounded up to whole purchase units, the same SKU
    twice adds up. The price is yuan for a *purchase unit*; None takes it from the price list in force today.
    Raises NotSupplied for a SKU without a price, SupplierAsleep, Invalid, NotFound.
    """
    supplier = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None or not Place.objects.filter(pk=place_id).exists():
        raise NotFound()
    if not supplier.is_active:
        raise SupplierAsleep()
    order = PurchaseOrder.objects.create(
        number=numbers.new(),
        supplier=supplier,
        place_id=place_id,
        origin=origin,
        reference=reference[:80],
        replaces_id=replaces_id,
        wanted_on=wanted_on,
        note=note[:500],
        freight_amount=_freight(freight_amount),
        created_by=actor,
    )
    _write_lines(order, lines)
    audit.record(
        actor=actor,
        verb="draft_purchase",
        target=f"purchase:{order.pk}",
        after={"lines": len(lines), "amount": order.amount},
    )
    return order


@unit
def rewrite(
    *,
    order_id: int,
    lines: Sequence[Wanted],
    actor: str,
    wanted_on: date | None = None,
    note: str = "",
    freight_amount: Decimal = money.ZERO,
) -> PurchaseOrder:
    """Put other lines, day, note and freight on a draft. Raises IllegalMove when it isn't a draft any more,
    and what `draft` raises."""
    order = _locked(order_id)
    if order.status != PurchaseStatus.DRAFT:
        raise IllegalMove(noun=PURCHASE.name, status=order.status, to=PurchaseStatus.DRAFT)
    before = {"amount": order.amount, "freight": order.freight_amount}
    order.wanted_on, order.note, order.freight_amount = wanted_on, note[:500], _freight(freight_amount)
    order.created_by = actor  # who wrote it last may not approve it
    order.save(update_fields=["wanted_on", "note", "freight_amount", "created_by"])
    order.lines.all().delete()
    _write_lines(order, lines)
    audit.record(
        actor=actor,
        verb="rewrite_purchase",
        target=f"purchase:{order.pk}",
        before=before,
        after={"amount": order.amount, "freight": order.freight_amount},
    )
    return order


@unit
def submit(*, order_id: int, actor: str) -> PurchaseOrder:
    """Hand in a draft: approved at once below the merchant's limit, else it waits for somebody else.

    Raises BelowSupplierMinimum or BelowOrderMinimum when the supplier wouldn't deliver it, IllegalMove.
    """
    order = _locked(order_id)
    problem = minimum_problem(order)
    if problem is not None:
        raise problem
    limit = APPROVAL_FROM.get()
    if order.amount + order.freight_amount < limit:
        PURCHASE.move(order, PurchaseStatus.APPROVED, actor=actor, approved_by=actor)
    else:
        PURCHASE.move(order, PurchaseStatus.WAITING, actor=actor)
    return order


@unit
def approve(*, order_id: int, actor: str, reason: str = "") -> PurchaseOrder:
    """Approve an order that waits. Raises OwnApproval for who wrote it or handed it in, IllegalMove."""
    order = _locked(order_id)
    handed_in = order.transitions.filter(to_status=PurchaseStatus.WAITING).values_list("actor", flat=True)
    if actor != refs.SYSTEM and actor in {order.created_by, *handed_in}:
        raise OwnApproval()
    PURCHASE.move(order, PurchaseStatus.APPROVED, actor=actor, reason=reason, approved_by=actor)
    _record(order, "approve_purchase", actor, reason)
    return order


@unit
def send_back(*, order_id: int, actor: str, reason: str) -> PurchaseOrder:
    """Give an order that waits back to be rewritten. Raises IllegalMove."""
    order = _locked(order_id)
    PURCHASE.move(order, PurchaseStatus.DRAFT, actor=actor, reason=reason)
    _record(order, "send_back_purchase", actor, reason)
    return order


@unit
def send(*, order_id: int, actor: str) -> PurchaseOrder:
    """Say that the order has gone to the supplier. Raises IllegalMove."""
    order = _locked(order_id)
    PURCHASE.move(order, PurchaseStatus.SENT, actor=actor, sent_at=clock.now())
    _record(order, "send_purchase", actor)
    return order


@unit
def cancel(*, order_id: int, actor: str, reason: str) -> PurchaseOrder:
    """Give up an order of which nothing has arrived; its link dies. Raises IllegalMove."""
    order = _locked(order_id)
    now = clock.now()
    PURCHASE.move(order, PurchaseStatus.CANCELLED, actor=actor, reason=reason, closed_at=now)
    order.links.filter(revoked_at=None).update(revoked_at=now)
    _record(order, "cancel_purchase", actor, reason)
    return order


@unit
def close(*, order_id: int, actor: str, reason: str = "") -> PurchaseOrder:
    """End an order: everything is here, or the rest won't come any more. Raises IllegalMove."""
    order = _locked(order_id)
    now = clock.now()
    PURCHASE.move(order, PurchaseStatus.CLOSED, actor=actor, reason=reason, closed_at=now)
    order.links.filter(revoked_at=None).update(revoked_at=now)
    _record(order, "close_purchase", actor, reason)
    return order


@unit
def close_old() -> int:
    """Close what was received whole some days ago; returns how many."""
    before = clock.now() - timedelta(days=CLOSE_AFTER_DAYS.get())
    old = PurchaseOrder.objects.filter(status=PurchaseStatus.RECEIVED, received_at__lt=before)
    return len(PURCHASE.move_many(old, PurchaseStatus.CLOSED, actor=refs.SYSTEM, closed_at=clock.now()))


def _write_lines(order: PurchaseOrder, lines: Iterable[Wanted]) -> None:
    wanted: dict[int, tuple[int, Decimal | None]] = {}
    for sku_id, quantity, price in lines:
        before, given = wanted.get(sku_id, (0, None))
        wanted[sku_id] = (before + quantity, given if price is None else price)
    if not 0 < len(wanted) <= MOST_LINES:
        raise Invalid(field="lines")
    skus = Sku.objects.select_related("product").in_bulk(wanted)
    terms = supply.terms_for(wanted, supplier_id=order.supplier_id)
    rows = []
    for sku_id, (quantity, price) in wanted.items():
        if sku_id not in skus or not 0 < quantity <= MOST or (price is not None and price < 0):
            raise Invalid(field="lines", sku_id=sku_id)
        rows.append(_line(order, skus[sku_id], terms.get(sku_id, []), quantity, price))
    PurchaseLine.objects.bulk_create(rows)
    total = order.lines.aggregate(total=Sum("amount"))["total"]
    order.amount = total or money.ZERO
    order.save(update_fields=["amount"])


def _line(
    order: PurchaseOrder,
    sku: Sku,
    offers: list[supply.SupplyTerms],
    quantity: int,
    price: Decimal | None,
) -> PurchaseLine:
    if not offers and price is None:
        raise NotSupplied(sku_id=sku.pk, code=sku.code)
    offer = offers[0] if offers else None
    return PurchaseLine(
        order=order,
        sku=sku,
        article=offer.article if offer else "",
        unit=offer.unit if offer else sku.product.sale_unit,
        pack_size=offer.pack_size if offer else 1,
        pack_count=offer.packs(quantity) if offer else quantity,
        price=money.yuan(offer.price if offer and price is None else price or 0),
        needs_expiry=bool(offer and offer.needs_expiry),
    )


def minimum_problem(order: PurchaseOrder) -> BelowSupplierMinimum | BelowOrderMinimum | None:
    """Why the supplier wouldn't deliver so little; None when it would."""
    lines = list(order.lines.select_related("sku"))
    terms = supply.terms_for([line.sku_id for line in lines], supplier_id=order.supplier_id)
    for line in lines:
        offers = terms.get(line.sku_id)
        if offers and line.quantity < offers[0].minimum:
            least = -(-offers[0].minimum // line.pack_size)
            return BelowSupplierMinimum(code=line.sku.code, minimum=least, unit=line.unit)
    if order.amount < order.supplier.minimum_amount:
        return BelowOrderMinimum(minimum=str(order.supplier.minimum_amount), amount=str(order.amount))
    return None


def _freight(amount: Decimal) -> Decimal:
    if amount < 0:
        raise Invalid(field="freight_amount")
    return money.yuan(amount)


def _locked(order_id: int) -> PurchaseOrder:
    order = locks.purchase_order(order_id)
    if order is None:
        raise NotFound(order_id=order_id)
    return order


def _record(order: PurchaseOrder, verb: str, actor: str, reason: str = "") -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=f"purchase:{order.pk}",
        after={"status": order.status, "amount": order.amount},
        reason=reason,
    )
