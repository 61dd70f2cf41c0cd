"""Hints: the next steps within reach, nearest first, for "再买 ¥15.60 减 ¥50"."""

from decimal import Decimal

from marketing.pricing.quote import Quote, WhyNot


def next_steps(quote: Quote) -> list[WhyNot]:
    """Why-nots that say what is missing, at most one a rule: first by yuan, then by pieces."""
    nearest: dict[str, WhyNot] = {}
    for why_not in sorted((w for w in quote.why_nots if _is_step(w)), key=_distance):
        nearest.setdefault(why_not.rule, why_not)
    return list(nearest.values())


def _is_step(why_not: WhyNot) -> bool:
    return "missing" in why_not.parameters or "missing_count" in why_not.parameters


def _distance(why_not: WhyNot) -> tuple[bool, Decimal, str, str]:
    parameters = why_not.parameters
    by_pieces = "missing" not in parameters
    far = Decimal(str(parameters["missing_count" if by_pieces else "missing"]))
    return (by_pieces, far, why_not.rule, str(parameters.get("line", "")))
