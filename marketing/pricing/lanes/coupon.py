"""Coupon lane: the one coupon the shopper chose. Free shipping is seen to by the freight lane."""

from marketing.pricing.facts import Coupon, Facts
from marketing.pricing.ledger import Ledger, cash, text, total
from marketing.pricing.quote import Parameter
from marketing.pricing.split import spread
from shop.core.money import ZERO, yuan


def apply(facts: Facts, ledger: Ledger) -> None:
    """Take the coupon off the goods in its scope, or say what is missing."""
    coupon = facts.coupon
    if coupon is None or coupon.kind == "free_shipping":
        return
    dues = ledger.open_dues(coupon.scope)
    base = total(dues.values())
    parameters = _parameters(coupon)
    if not dues:
        ledger.why_not("coupon", coupon.rule, "coupon_scope", parameters)
        return
    if base < coupon.threshold:
        parameters["missing"] = cash(coupon.threshold - base)
        ledger.why_not("coupon", coupon.rule, "coupon_threshold", parameters)
        return
    if coupon.kind == "fixed":
        off = coupon.off or ZERO
    else:
        off = base - yuan(base * (coupon.rate if coupon.rate is not None else 1))
        off = min(off, coupon.cap) if coupon.cap is not None else off
    off = min(off, base)
    if not off:
        ledger.why_not("coupon", coupon.rule, "coupon_not_needed", parameters)
        return
    ledger.take("coupon", coupon.rule, f"coupon_{coupon.kind}", spread(off, dues), parameters)


def _parameters(coupon: Coupon) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {
        "name": coupon.name,
        "kind": coupon.kind,
        "threshold": cash(coupon.threshold),
    }
    if coupon.off is not None:
        parameters["off"] = cash(coupon.off)
    if coupon.rate is not None:
        parameters["rate"] = text(coupon.rate)
    if coupon.cap is not None:
        parameters["cap"] = cash(coupon.cap)
    return parameters
