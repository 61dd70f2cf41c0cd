"""Words for what a quote holds: one translated sentence a code; stored codes and numbers stay as they are."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from marketing.pricing.quote import Adjustment, Fee, Parameter, WhyNot

Words = Callable[[Mapping[str, Parameter]], str]

ACTIVITIES: dict[str, str | Promise] = {
    "flash": gettext_lazy("Flash price"),
    "group": gettext_lazy("Group price"),
    "bargain": gettext_lazy("Bargain price"),
    "presale": gettext_lazy("Presale price"),
}


def explain(adjustment: Adjustment) -> str:
    """Why that amount is taken off, without the amount."""
    if adjustment.code in ACTIVITIES:
        return str(ACTIVITIES[adjustment.code])
    words = _ADJUSTMENTS.get(adjustment.code)
    return words(adjustment.parameters) if words else _("Discount")


def explain_why_not(why_not: WhyNot) -> str:
    """Why a rule did not count, or what it takes to get more from it."""
    words = _WHY_NOTS.get(why_not.code)
    return words(why_not.parameters) if words else _("An offer does not apply here.")


def explain_fee(fee: Fee) -> str:
    """How a freight fee comes about."""
    p = fee.parameters
    units = {
        "freight_weight": lambda count: _weight(int(count)),
        "freight_volume": lambda count: _("{count} cm³").format(count=count),
    }.get(fee.code, lambda count: _("{count} pcs").format(count=count))
    return _("{units}: {first_fee} for the first {first}, {next_fee} for each further {following}").format(
        units=units(p["units"]),
        first=units(p["first_units"]),
        first_fee=yuan(p["first_fee"]),
        following=units(p["next_units"]),
        next_fee=yuan(p["next_fee"]),
    )


def discount(rate: Parameter | Decimal) -> str:
    """0.9 in words: "10% off", 9折 in Chinese."""
    share = Decimal(str(rate))
    by_tenths = (
        pgettext("how a discount is counted: 'percent' off, or 'tenths' that are paid", "percent") == "tenths"
    )
    number = share * 10 if by_tenths else (1 - share) * 100
    return _("{number}% off").format(number=f"{number.normalize():f}")


def yuan(amount: Parameter | Decimal) -> str:
    """¥15.60, but ¥50 where there are no fen."""
    value = Decimal(str(amount))
    return f"¥{value:.0f}" if value == value.to_integral_value() else f"¥{value:.2f}"


def tier_step(pieces: Parameter, rate: Parameter | Decimal) -> str:
    return _("{count} or more: {discount}").format(count=pieces, discount=discount(rate))


def reduction_step(
    threshold: Parameter | Decimal, off: Parameter | Decimal, *, is_cumulative: bool = False
) -> str:
    if is_cumulative:
        return _("{off} off every {threshold}").format(threshold=yuan(threshold), off=yuan(off))
    return _("{off} off from {threshold}").format(threshold=yuan(threshold), off=yuan(off))


def coupon_worth(kind: str, off: Decimal | None, rate: Decimal | None) -> str:
    """What stands large on a coupon: ¥8, 10% off, or free delivery."""
    if kind == "fixed":
        return yuan(off or 0)
    if kind == "percent":
        return discount(rate if rate is not None else 1)
    return _("Free delivery")


def coupon_condition(threshold: Decimal, cap: Decimal | None = None) -> str:
    """From what amount on, and how much at most: "from ¥49", "from ¥49, at most ¥20 off"."""
    words = _("from {threshold}").format(threshold=yuan(threshold)) if threshold else _("no minimum")
    return _("{words}, at most {cap} off").format(words=words, cap=yuan(cap)) if cap else words


def coupon_short(kind: str, threshold: Decimal, off: Decimal | None, rate: Decimal | None) -> str:
    """One line for a chip: "¥8 off from ¥49"."""
    if kind == "fixed" and threshold:
        return reduction_step(threshold, off or 0)
    worth = (
        _("{amount} off").format(amount=yuan(off or 0)) if kind == "fixed" else coupon_worth(kind, off, rate)
    )
    return (
        _("{value} with {threshold} or more").format(value=worth, threshold=yuan(threshold))
        if threshold
        else worth
    )


def purchase_limit(per_member: int, period_days: int | None, unit: str) -> str:
    """What one member may buy, e.g. "At most 5 盒 each per day"."""
    if period_days is None:
        return _("At most {count} {unit} each").format(count=per_member, unit=unit)
    if period_days == 1:
        return _("At most {count} {unit} each per day").format(count=per_member, unit=unit)
    return _("At most {count} {unit} each in {days} days").format(
        count=per_member, unit=unit, days=period_days
    )


def _weight(grams: int) -> str:
    if grams >= 1000:
        return _("{count} kg").format(count=f"{(Decimal(grams) / 1000).normalize():f}")
    return _("{count} g").format(count=grams)


def _name(p: Mapping[str, Parameter]) -> str:
    """The rule's own name, or the words for an activity."""
    return str(ACTIVITIES.get(str(p["winner"]), p["winner"]))


_ADJUSTMENTS: dict[str, Words] = {
    "level_price": lambda p: _("{level} price, {discount}").format(
        level=p["level"], discount=discount(p["rate"])
    ),
    "level_sku_price": lambda p: _("{level} price").format(level=p["level"]),
    "limited_price": lambda p: str(p["name"]),
    "tier_price": lambda p: _("{name} ({step})").format(
        name=p["name"], step=tier_step(p["min_quantity"], p["rate"])
    ),
    "bundle_price": lambda p: _("{name}, {sets} × {price}").format(
        name=p["name"], sets=p["sets"], price=yuan(p["price"])
    ),
    "full_reduction": lambda p: _("{name} ({step})").format(
        name=p["name"],
        step=reduction_step(
            p["threshold"], Decimal(str(p["off"])) / int(p["times"]), is_cumulative=int(p["times"]) > 1
        ),
    ),
    "coupon_fixed": lambda p: _("Coupon “{name}”").format(name=p["name"]),
    "coupon_percent": lambda p: _("Coupon “{name}”, {discount}").format(
        name=p["name"], discount=discount(p["rate"])
    ),
    "coupon_free_shipping": lambda p: _("Free shipping with coupon “{name}”").format(name=p["name"]),
    "points": lambda p: _("{points} points").format(points=p["points"]),
    "free_from": lambda p: _("Free shipping from {threshold}").format(threshold=yuan(p["threshold"])),
}

_WHY_NOTS: dict[str, Words] = {
    "limited_short": lambda p: _(
        "{name}: only {left} left at {price}. Take no more than that to get the price"
    ).format(name=p["name"], left=p["left"], price=yuan(p["price"])),
    "limited_own": lambda p: _(
        "{name}: you can have {left} at {price}. Take no more than that to get the price"
    ).format(name=p["name"], left=p["left"], price=yuan(p["price"])),
    "limited_used": lambda p: _("{name}: you have had all you can at {price}").format(
        name=p["name"], price=yuan(p["price"])
    ),
    "limited_gone": lambda p: _("{name}: all pieces at {price} are gone").format(
        name=p["name"], price=yuan(p["price"])
    ),
    "tier_next": lambda p: _("Add {count} more for {discount}").format(
        count=p["missing_count"], discount=discount(p["rate"])
    ),
    "better_price_won": lambda p: _("{name} is not used, {winner} is lower: {price}").format(
        name=ACTIVITIES.get(str(p["name"]), p["name"]), winner=_name(p), price=yuan(p["price"])
    ),
    "bundle_incomplete": lambda p: _("Add {count} more for {name} at {price}").format(
        count=p["missing_count"], name=p["name"], price=yuan(p["price"])
    ),
    "bundle_not_lower": lambda p: _("{name} is not used, {price} would not be less").format(
        name=p["name"], price=yuan(p["price"])
    ),
    "reduction_next": lambda p: _("Buy {missing} more to get {off} off").format(
        missing=yuan(p["missing"]), off=yuan(p["off"])
    ),
    "lines_serve_other": lambda p: _("{name} is not used: its goods count for a better reduction").format(
        name=p["name"]
    ),
    "coupon_threshold": lambda p: _("Coupon “{name}” needs {threshold}, {missing} to go").format(
        name=p["name"], threshold=yuan(p["threshold"]), missing=yuan(p["missing"])
    ),
    "coupon_scope": lambda p: _("Coupon “{name}” is not for these goods").format(name=p["name"]),
    "coupon_not_needed": lambda p: _("Coupon “{name}” would change nothing here").format(name=p["name"]),
    "coupon_waits": lambda p: _("Coupon “{name}” counts once we know where to deliver").format(
        name=p["name"]
    ),
    "points_unused": lambda p: _("{points} points can take {amount} off").format(
        points=p["points"], amount=yuan(p["amount"])
    ),
    "points_capped": lambda p: _("At most {points} points can be used here, for {amount}").format(
        points=p["points"], amount=yuan(p["amount"])
    ),
    "points_short": lambda p: _("You have {available} points").format(available=p["available"]),
    "free_from_next": lambda p: _("Buy {missing} more for free shipping").format(missing=yuan(p["missing"])),
}
