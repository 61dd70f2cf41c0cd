"""The pipeline: facts in, quote out. The same facts give the same quote, whatever the order of the lines."""

import hashlib
import json
from collections.abc import Callable

from marketing.pricing.facts import Facts
from marketing.pricing.lanes import bundle, coupon, freight, points, reduction, unit
from marketing.pricing.ledger import Ledger, total
from marketing.pricing.quote import FREIGHT_KEY, Lane, Quote, QuoteLine
from shop.core.money import yuan

ORDER: tuple[tuple[Lane, Callable[[Facts, Ledger], None]], ...] = (
    ("unit", unit.apply),
    ("bundle", bundle.apply),
    ("reduction", reduction.apply),
    ("coupon", coupon.apply),
    ("points", points.apply),
    ("freight", freight.apply),
)


def quote(facts: Facts) -> Quote:
    """Run the lanes in their fixed order. Malformed lines (quantity < 1, equal keys) are a ValueError."""
    ledger = Ledger(facts)
    for _lane, apply in ORDER:
        apply(facts, ledger)
    lines = tuple(
        QuoteLine(
            key=line.key,
            sku_id=line.sku_id,
            quantity=line.quantity,
            list_price=yuan(line.list_price),
            list_amount=yuan(line.list_price) * line.quantity,
            unit_price=ledger.unit_prices[line.key],
            due=ledger.dues[line.key],
        )
        for line in ledger.lines
    )
    goods_list = total(line.list_amount for line in lines)
    goods_due = total(line.due for line in lines)
    freight_list = total(fee.amount for fee in ledger.fees)
    due = goods_due + ledger.freight_due
    return Quote(
        lines=lines,
        adjustments=tuple(ledger.adjustments),
        why_nots=tuple(ledger.why_nots),
        goods_list=goods_list,
        goods_due=goods_due,
        freight_list=freight_list,
        freight_due=ledger.freight_due,
        saved=goods_list + freight_list - due,
        due=due,
        points_used=ledger.points_used,
        digest=_digest(ledger, lines),
        fees=tuple(ledger.fees),
        undeliverable=ledger.undeliverable,
        is_freight_known=ledger.is_freight_known,
    )


def _digest(ledger: Ledger, lines: tuple[QuoteLine, ...]) -> str:
    """SHA-256 over what the shopper agrees to: SKUs, what bundles hold, quantities, shares and dues. No
    hints, no clock."""
    agreed = {
        "lines": sorted(
            [line.sku_id, line.quantity, str(line.list_price), str(line.due), _shares(ledger, line.key)]
            for line in lines
        ),
        "freight": [str(ledger.freight_due), _shares(ledger, FREIGHT_KEY)],
        "points": ledger.points_used,
        "undeliverable": len(ledger.undeliverable),
    }
    contents = sorted([line.sku_id, line.contents_version] for line in ledger.lines if line.contents_version)
    if contents:
        agreed["contents"] = contents
    return hashlib.sha256(json.dumps(agreed, separators=(",", ":")).encode()).hexdigest()


def _shares(ledger: Ledger, key: str) -> list[list[str]]:
    return [
        [adjustment.lane, adjustment.rule, adjustment.code, str(adjustment.shares[key])]
        for adjustment in ledger.adjustments
        if key in adjustment.shares
    ]
