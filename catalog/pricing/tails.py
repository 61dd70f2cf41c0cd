"""Prices that end as shoppers like to read them: 19.9, 19.99, 19, 199. Yuan as Decimal with two places."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

FEN = Decimal("0.01")
# tail → (every so many yuan, beginning at)
STEPS: dict[str, tuple[Decimal, Decimal]] = {
    "none": (FEN, FEN),
    "9_tenths": (Decimal(1), Decimal("0.90")),
    "99_cents": (Decimal(1), Decimal("0.99")),
    "9_yuan": (Decimal(10), Decimal(9)),
    "99_yuan": (Decimal(100), Decimal(99)),
}


def fits(price: Decimal, tail: str) -> bool:
    """Whether a price ends as the rule says."""
    step, first = STEPS[tail]
    return price >= first and (price - first) % step == 0


def nearest(
    price: Decimal, tail: str, *, lowest: Decimal = FEN, highest: Decimal | None = None
) -> Decimal | None:
    """The price nearest to this one that ends as the rule says within the bounds, the lower of two as near;
    None when the bounds hold no such price."""
    step, first = STEPS[tail]
    low = max(_steps(lowest - first, step, ROUND_CEILING), 0)
    wanted = (price - first) / step
    under = wanted.to_integral_value(rounding=ROUND_FLOOR)
    best = int(under) if wanted - under <= Decimal("0.5") else int(under) + 1
    if highest is not None:
        high = _steps(highest - first, step, ROUND_FLOOR)
        if high < low:
            return None
        best = min(best, high)
    return (first + step * max(best, low)).quantize(FEN)


def _steps(distance: Decimal, step: Decimal, rounding: str) -> int:
    return int((distance / step).to_integral_value(rounding=rounding))
