"""Which coupon of a member serves a basket best, and why the others don't."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from marketing.pricing import facts, pipeline
from marketing.pricing.quote import Quote, WhyNot
from marketing.selectors.coupons import Held
from shop.core.money import ZERO


@dataclass(frozen=True, slots=True)
class CouponOption:
    """A coupon for this basket: `off` yuan less, or `why_not`."""

    grant_id: int
    name: str
    coupon: facts.Coupon
    valid_until: datetime
    off: Decimal
    why_not: WhyNot | None

    @property
    def is_usable(self) -> bool:
        return self.why_not is None


def options(basket: facts.Facts, held: Sequence[Held]) -> list[CouponOption]:
    """What each coupon would do to this basket, the one that takes most off first; among equals the one that
    ends first. Points are left out of the comparison: they come after the coupon."""
    bare = replace(basket, coupon=None, points=facts.Points())
    found = [_option(one, pipeline.quote(replace(bare, coupon=one.fact))) for one in held]
    return sorted(found, key=lambda one: (-one.off, _missing(one), one.valid_until, one.grant_id))


def best(found: Sequence[CouponOption]) -> CouponOption | None:
    """The one to preselect; None when none can be used."""
    return next((one for one in found if one.is_usable), None)


def _option(held: Held, quote: Quote) -> CouponOption:
    rule = held.fact.rule
    off = sum((one.amount for one in quote.adjustments if one.rule == rule), ZERO)
    why_not = next((one for one in quote.why_nots if one.rule == rule), None)
    if why_not is None and not off:
        why_not = WhyNot("coupon", rule, "coupon_waits", {"name": held.fact.name})
    return CouponOption(
        grant_id=held.grant_id,
        name=held.fact.name,
        coupon=held.fact,
        valid_until=held.valid_until,
        off=off,
        why_not=None if off else why_not,
    )


def _missing(option: CouponOption) -> Decimal:
    """How far it is from being usable: the nearest is said first."""
    if option.why_not is None:
        return ZERO
    return Decimal(str(option.why_not.parameters.get("missing", 10**9)))
