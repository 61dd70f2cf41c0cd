"""The price a SKU should have beside its competitors, and why. Pure: facts in, a proposal out."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from catalog.pricing import tails
from catalog.pricing.tails import FEN


@dataclass(frozen=True, slots=True)
class Rules:
    """Rates are shares of one: `below` 0.04 is four percent under the market."""

    below: Decimal
    minimum_margin: Decimal
    ask_over: Decimal


@dataclass(frozen=True, slots=True)
class Goods:
    """One SKU. `ceiling` is the most it may cost, `market` the competitors' fresh prices, in yuan."""

    price: Decimal
    ceiling: Decimal
    tail: str
    market: Collection[Decimal] = ()
    cost: Decimal | None = None
    floor: Decimal | None = None
    is_locked: bool = False
    must_ask: bool = False
    is_set_today: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """`verdict` change, ask or keep; `price` is there unless kept; `code` and `parameters` explain it."""

    verdict: str
    code: str
    price: Decimal | None = None
    market: Decimal | None = None
    parameters: dict[str, str] = field(default_factory=dict)


def average(prices: Collection[Decimal]) -> Decimal:
    """The mean, rounded half up to the fen; the order doesn't matter."""
    return (sum(prices, Decimal(0)) / len(prices)).quantize(FEN, rounding=ROUND_HALF_UP)


def lowest(goods: Goods, rules: Rules) -> Decimal | None:
    """Cost with the minimum margin, never below the floor; None while the cost isn't known."""
    if goods.cost is None or goods.cost <= 0:
        return None
    margin = (goods.cost * (1 + rules.minimum_margin)).quantize(FEN, rounding=ROUND_CEILING)
    return max(margin, goods.floor or FEN)


def propose(goods: Goods, rules: Rules) -> Proposal:
    """The average less `below`, held between the lowest price and the ceiling, on a tail that fits there."""
    if goods.is_locked:
        return Proposal("keep", "locked")
    if not goods.market:
        return Proposal("keep", "no_market")
    market = average(goods.market)
    low = lowest(goods, rules)
    if low is None:
        return Proposal("keep", "no_cost", market=market)
    said = {
        "market": str(market),
        "count": str(len(goods.market)),
        "below": _percent(rules.below),
        "lowest": str(low),
        "ceiling": str(goods.ceiling),
        "margin": _percent(rules.minimum_margin),
    }
    if low > goods.ceiling:
        return Proposal("keep", "no_room", market=market, parameters=said)
    target = (market * (1 - rules.below)).quantize(FEN, rounding=ROUND_HALF_UP)
    said["target"] = str(target)
    held = min(max(target, low), goods.ceiling)
    price = tails.nearest(held, goods.tail, lowest=low, highest=goods.ceiling)
    if price is None:
        return Proposal("keep", "no_tail", market=market, parameters=said)
    if price == goods.price:
        return Proposal("keep", "right_already", market=market, parameters=said)
    if goods.is_set_today:
        return Proposal("keep", "set_today", market=market, parameters=said)
    code = "at_lowest" if target < low else "at_ceiling" if target > goods.ceiling else "below_market"
    is_large = abs(price - goods.price) > goods.price * rules.ask_over
    must_ask = goods.must_ask or is_large
    if must_ask:
        said["why_ask"] = "protected" if goods.must_ask else "large"
    return Proposal("ask" if must_ask else "change", code, price, market, said)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}"
