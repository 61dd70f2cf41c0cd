"""Orders no person writes: within agreed caps they go out at once, else they wait for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from catalog import locks
from catalog.events.purchasing import SupplierToBeTold
from catalog.models import PurchaseLine, PurchaseOrder, SupplyAgreement
from catalog.services import purchase_orders
from catalog.states.purchasing import PURCHASE
from catalog.terms.purchasing import PurchaseOrigin, PurchaseStatus
from shop.core import clock, decisions, idempotency, money, refs
from shop.core.events import publish
from shop.core.transactions import unit


@dataclass(frozen=True)
class Finding:
    """Why a line may not go out by itself; `limit` and `amount` are yuan."""

    rule: str
    sku_id: int
    limit: Decimal = money.ZERO
    amount: Decimal = money.ZERO


@unit
def place(
    *,
    supplier_id: int,
    place_id: int,
    lines: Sequence[tuple[int, int]],
    reference: str,
    actor: str = refs.SYSTEM,
) -> PurchaseOrder:
    """Order (SKU, pieces) at list price: approved and sent when every line lies within its agreement's caps,
    else handed in and waiting for a person. Below the supplier's minimums it stays a draft.

    The same reference again answers with the order that was made. Why it went or waits is a Decision. Raises
    what `purchase_orders.draft` raises.
    """
    order, _is_fresh = idempotency.run(
        scope="automatic_order",
        key=reference,
        fingerprint=idempotency.fingerprint([supplier_id, place_id]),
        action=lambda: _place(supplier_id, place_id, lines, reference, actor),
        dump=lambda made: made.pk,
        load=lambda key: PurchaseOrder.objects.get(pk=key),
    )
    return order


def _place(
    supplier_id: int, place_id: int, lines: Sequence[tuple[int, int]], reference: str, actor: str
) -> PurchaseOrder:
    agreements = {
        one.source.sku_id: one for one in locks.agreements(supplier_id, [sku_id for sku_id, _pieces in lines])
    }
    order = purchase_orders.draft(
        supplier_id=supplier_id,
        place_id=place_id,
        lines=[(sku_id, pieces, None) for sku_id, pieces in lines],
        actor=actor,
        reference=reference,
        origin=PurchaseOrigin.AUTOMATIC,
    )
    findings = _findings(order, agreements, clock.now())
    problem = purchase_orders.minimum_problem(order)
    if problem is not None:
        findings.append(Finding("below_minimum", 0))
    elif findings:
        PURCHASE.move(order, PurchaseStatus.WAITING, actor=actor)
    else:
        PURCHASE.move(order, PurchaseStatus.APPROVED, actor=actor, approved_by=actor)
        purchase_orders.send(order_id=order.pk, actor=actor)
        order.refresh_from_db()
        publish(SupplierToBeTold(order_id=order.pk))
    _decide(order, findings)
    return order


def _findings(order: PurchaseOrder, agreements: dict[int, SupplyAgreement], now: datetime) -> list[Finding]:
    lines = list(order.lines.all())
    spent = _spent_this_month(order, [line.sku_id for line in lines], now)
    today = clock.business_day(now)
    found = []
    for line in lines:
        agreed = agreements.get(line.sku_id)
        if agreed is None or not agreed.is_active or (agreed.ends_on and agreed.ends_on < today):
            found.append(Finding("no_agreement", line.sku_id))
        elif line.amount > agreed.order_cap:
            found.append(Finding("order_cap", line.sku_id, agreed.order_cap, line.amount))
        elif line.amount + spent.get(line.sku_id, money.ZERO) > agreed.month_cap:
            amount = line.amount + spent.get(line.sku_id, money.ZERO)
            found.append(Finding("month_cap", line.sku_id, agreed.month_cap, amount))
    return found


def _spent_this_month(order: PurchaseOrder, sku_ids: list[int], now: datetime) -> dict[int, Decimal]:
    """Yuan by SKU of this month's automatic orders to the supplier, this one apart."""
    first = clock.day_bounds(clock.business_day(now).replace(day=1))[0]
    rows = PurchaseLine.objects.filter(
        sku__in=sku_ids,
        order__supplier=order.supplier_id,
        order__origin=PurchaseOrigin.AUTOMATIC,
        order__created_at__gte=first,
    ).exclude(order__status__in=[PurchaseStatus.CANCELLED, PurchaseStatus.DECLINED])
    counted = rows.exclude(order=order.pk).order_by().values_list("sku").annotate(total=Sum("amount"))
    return dict(counted)


def _decide(order: PurchaseOrder, findings: list[Finding]) -> None:
    decisions.record(
        noun="automatic_purchase",
        reference=f"purchase:{order.number}",
        inputs={"supplier": order.supplier_id, "amount": str(order.amount), "reference": order.reference},
        rules=[
            {
                "rule": one.rule,
                "sku": one.sku_id,
                "limit": str(one.limit),
                "amount": str(one.amount),
            }
            for one in findings
        ],
        outcome={"status": order.status},
    )
