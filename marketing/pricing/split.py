"""How an amount falls on lines: in proportion to what each still costs, to the fen."""

from collections.abc import Mapping
from decimal import Decimal

from shop.core import money


def spread(amount: Decimal, dues: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Shares of `amount`, none larger than the due of its line; lines that get nothing are left out.

    `amount` may not be larger than the dues together.
    """
    if amount > sum(dues.values(), money.ZERO):
        raise ValueError("more is taken off than is due")
    return {key: share for key, share in money.split(amount, dues).items() if share}
