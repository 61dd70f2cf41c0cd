"""Points lane: points pay a part of the goods, after the coupon. They pay for activity goods too."""

from decimal import ROUND_DOWN

from marketing.pricing.facts import Facts
from marketing.pricing.ledger import Ledger, text, total
from marketing.pricing.quote import Parameter
from marketing.pricing.split import spread
from shop.core.money import FEN, from_fen, to_fen

RULE = "points"


def apply(facts: Facts, ledger: Ledger) -> None:
    """Use as many of the wanted points as the account and the cap allow, and say what is possible."""
    points = facts.points
    if points.available <= 0 and points.wanted <= 0:
        return
    base = total(ledger.dues.values())
    cap = to_fen((base * points.cap_rate).quantize(FEN, rounding=ROUND_DOWN))
    most = min(cap, points.available * 100 // points.per_yuan)
    fen = min(most, max(points.wanted, 0) * 100 // points.per_yuan)
    if fen > 0:
        amount = from_fen(fen)
        ledger.points_used = _price(fen, points.per_yuan)
        ledger.take(
            "points",
            RULE,
            "points",
            spread(amount, ledger.dues),
            {"points": ledger.points_used, "per_yuan": points.per_yuan},
        )
    possible: dict[str, Parameter] = {
        "points": _price(most, points.per_yuan),
        "amount": str(from_fen(most)),
        "available": points.available,
        "wanted": points.wanted,
        "rate": text(points.cap_rate),
    }
    if points.wanted > points.available:
        ledger.why_not("points", RULE, "points_short", possible)
    elif points.wanted * 100 // points.per_yuan > most:
        ledger.why_not("points", RULE, "points_capped", possible)
    elif not fen and most:
        ledger.why_not("points", RULE, "points_unused", possible)


def _price(fen: int, per_yuan: int) -> int:
    """The fewest points that pay so many fen."""
    return -(-fen * per_yuan // 100)
