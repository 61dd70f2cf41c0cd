"""Yuan as Decimal with two places. Pure: no Django, no tables; fen exist only at the edges that ask for
them."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TypeVar

FEN = Decimal("0.01")
ZERO = Decimal("0.00")

K = TypeVar("K")


def yuan(value: Decimal | int | str) -> Decimal:
    """The amount rounded half up to the fen. Floats are refused: they have lost fen before they arrive."""
    if isinstance(value, float):
        raise TypeError("money is never a float")
    return Decimal(value).quantize(FEN, rounding=ROUND_HALF_UP)


def to_fen(amount: Decimal) -> int:
    """Whole fen; an amount finer than a fen is a ValueError."""
    fen = yuan(amount) * 100
    if fen != Decimal(amount) * 100:
        raise ValueError(f"{amount} has a part smaller than a fen")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    return (Decimal(fen) / 100).quantize(FEN)


def split(total: Decimal, weights: Mapping[K, Decimal | int]) -> dict[K, Decimal]:
    """Spreads `total` over the keys in proportion to their weights, to the fen, by largest remainder.

    Shares add up to `total` exactly; ties go to the smaller key; weights that are all zero count as equal; a
    negative total is spread like its positive mirror. Keys must be sortable. No keys and a total is a
    ValueError.
    """
    fen = to_fen(total)
    if not weights:
        if fen:
            raise ValueError("nobody to share with")
        return {}
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is never negative")
    if fen < 0:
        return {key: -share for key, share in split(-total, weights).items()}
    shared = {key: Decimal(weight) for key, weight in weights.items()}
    if not any(shared.values()):
        shared = dict.fromkeys(shared, Decimal(1))
    whole = sum(shared.values())
    exact = {key: fen * weight / whole for key, weight in shared.items()}
    floors = {key: int(share.to_integral_value(rounding=ROUND_DOWN)) for key, share in exact.items()}
    left = fen - sum(floors.values())
    by_remainder = sorted(exact, key=lambda key: (floors[key] - exact[key], key))
    for key in by_remainder[:left]:
        floors[key] += 1
    return {key: from_fen(floors[key]) for key in weights}


def show(amount: Decimal) -> str:
    """¥12.30, −¥3.00, ¥1,234.50 is written ¥1234.50: prices are compared, not admired."""
    sign = "-" if amount < 0 else ""
    return f"{sign}¥{abs(yuan(amount))}"
