"""Freight lane: what carrying costs, by template, and what makes it free.

The base for free shipping is taken after the coupon, before points: paying with points never costs freight.
"""

from decimal import Decimal

from marketing.pricing.facts import NO_FREIGHT_MODES, Coupon, Facts, Freight, Line
from marketing.pricing.ledger import Ledger, cash, total
from marketing.pricing.quote import FREIGHT_KEY, Fee, Parameter
from shop.core.money import ZERO, yuan


def apply(facts: Facts, ledger: Ledger) -> None:
    """Charge freight for every template in the basket, then take off what is free."""
    if facts.delivery_mode in NO_FREIGHT_MODES:
        _tell_coupon_not_needed(facts.coupon, ledger)
        return
    carried: dict[int, list[Line]] = {}
    for line in ledger.lines:
        if line.freight_template_id is not None:
            carried.setdefault(line.freight_template_id, []).append(line)
    if facts.freights is None:
        ledger.is_freight_known = not carried
        return
    dues = ledger.dues_before("points")
    nobody: list[str] = []
    charged: list[tuple[Freight, Fee, Decimal]] = []
    for template_id, lines in sorted(carried.items()):
        freight = facts.freights.get(template_id)
        if freight is None or not freight.delivers:
            nobody += [line.key for line in lines]
            continue
        fee = _fee(freight, lines)
        ledger.charge(fee)
        charged.append((freight, fee, total(dues[line.key] for line in lines)))
    ledger.undeliverable = tuple(sorted(nobody))
    for freight, fee, base in charged:
        _free(freight, fee, base, ledger)
    _free_by_coupon(facts.coupon, ledger, dues)


def _units(freight: Freight, lines: list[Line]) -> int:
    if freight.basis == "weight":
        return sum(line.weight_grams * line.quantity for line in lines)
    if freight.basis == "volume":
        return sum(line.volume_cm3 * line.quantity for line in lines)
    return sum(line.quantity for line in lines)


def _fee(freight: Freight, lines: list[Line]) -> Fee:
    units = _units(freight, lines)
    beyond = max(0, units - freight.first_units)
    steps = -(-beyond // freight.next_units) if freight.next_units else 0
    return Fee(
        rule=f"freight:{freight.template_id}",
        code=f"freight_{freight.basis}",
        parameters={
            "units": units,
            "first_units": freight.first_units,
            "first_fee": cash(freight.first_fee),
            "next_units": freight.next_units,
            "next_fee": cash(freight.next_fee),
        },
        amount=yuan(freight.first_fee + freight.next_fee * steps),
    )


def _free(freight: Freight, fee: Fee, base: Decimal, ledger: Ledger) -> None:
    if freight.free_from is None or not fee.amount:
        return
    parameters: dict[str, Parameter] = {"threshold": cash(freight.free_from), "off": cash(fee.amount)}
    if base >= freight.free_from:
        ledger.take("freight", fee.rule, "free_from", {FREIGHT_KEY: fee.amount}, parameters)
    else:
        parameters["missing"] = cash(freight.free_from - base)
        ledger.why_not("freight", fee.rule, "free_from_next", parameters)


def _free_by_coupon(coupon: Coupon | None, ledger: Ledger, dues: dict[str, Decimal]) -> None:
    if coupon is None or coupon.kind != "free_shipping":
        return
    parameters: dict[str, Parameter] = {
        "name": coupon.name,
        "kind": coupon.kind,
        "threshold": cash(coupon.threshold),
    }
    keys = ledger.open_dues(coupon.scope)
    base = total(dues[key] for key in keys)
    if not keys:
        ledger.why_not("freight", coupon.rule, "coupon_scope", parameters)
    elif base < coupon.threshold:
        parameters["missing"] = cash(coupon.threshold - base)
        ledger.why_not("freight", coupon.rule, "coupon_threshold", parameters)
    elif ledger.freight_due > ZERO:
        shares = {FREIGHT_KEY: ledger.freight_due}
        ledger.take("freight", coupon.rule, "coupon_free_shipping", shares, parameters)
    else:
        ledger.why_not("freight", coupon.rule, "coupon_not_needed", parameters)


def _tell_coupon_not_needed(coupon: Coupon | None, ledger: Ledger) -> None:
    if coupon is not None and coupon.kind == "free_shipping":
        parameters: dict[str, Parameter] = {"name": coupon.name, "kind": coupon.kind}
        ledger.why_not("freight", coupon.rule, "coupon_not_needed", parameters)
