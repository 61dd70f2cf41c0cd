"""Reduction lane 满减: from so many yuan on, so much off. A line serves one rule, its highest step counts.

Where goods fall under several rules, the lane looks for the distribution that takes the most off: among
all of them when they are few, else among a bounded number of sensible ones. Ties: fewest rules, then names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations, product
from math import prod

from marketing.pricing.facts import Facts, FullReduction
from marketing.pricing.ledger import Ledger, cash, total
from marketing.pricing.quote import Parameter
from marketing.pricing.split import spread
from shop.core.money import ZERO

EXHAUSTIVE_UP_TO = 1000
RULES_IN_TURN = 4

Assignment = dict[str, int]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a rule takes off a subtotal, and by which step, how often."""

    off: Decimal
    threshold: Decimal
    times: int


def apply(facts: Facts, ledger: Ledger) -> None:
    """Take off the best legal combination of full reductions."""
    rules = sorted((rule for rule in facts.reductions if rule.steps), key=lambda rule: rule.rule)
    covered = {
        index: {key: due for key, due in ledger.open_dues(rule.scope).items() if due}
        for index, rule in enumerate(rules)
    }
    live = {
        index: dues
        for index, dues in covered.items()
        if reached(rules[index], total(dues.values())) is not None
    }
    best = _best(rules, live)
    served: dict[int, dict[str, Decimal]] = {}
    for key, index in best.items():
        served.setdefault(index, {})[key] = ledger.dues[key]
    for index, dues in sorted(served.items()):
        rule, step = rules[index], reached(rules[index], total(dues.values()))
        if step is None:
            continue
        ledger.take(
            "reduction",
            rule.rule,
            "full_reduction",
            spread(step.off, dues),
            {
                "name": rule.name,
                "threshold": cash(step.threshold),
                "off": cash(step.off),
                "times": step.times,
            },
        )
    for index, rule in enumerate(rules):
        _tell(ledger, rule, covered[index], best, index)


def reached(rule: FullReduction, subtotal: Decimal) -> Reached | None:
    """The step that takes the most off; None when none is reached."""
    best: Reached | None = None
    for threshold, off in rule.steps:
        if threshold <= 0 or subtotal < threshold:
            continue
        times = int(subtotal // threshold) if rule.is_cumulative else 1
        step = Reached(min(off * times, subtotal), threshold, times)
        if best is None or (step.off, step.threshold) > (best.off, best.threshold):
            best = step
    return best if best and best.off > 0 else None


def _best(rules: list[FullReduction], live: dict[int, dict[str, Decimal]]) -> Assignment:
    """Which line serves which rule; lines that serve none are left out."""
    dues: dict[str, Decimal] = {}
    options: dict[str, list[int]] = {}
    for index, amounts in sorted(live.items()):
        for key, due in amounts.items():
            dues[key] = due
            options.setdefault(key, []).append(index)
    fixed = {key: indexes[0] for key, indexes in options.items() if len(indexes) == 1}
    shared = {key: options[key] for key in sorted(options) if len(options[key]) > 1}
    if prod(len(indexes) for indexes in shared.values()) <= EXHAUSTIVE_UP_TO:
        candidates = _all(fixed, shared)
    else:
        candidates = _sensible(rules, live, dues, options)
    best: Assignment = {}
    best_worth: tuple[Decimal, int] = (ZERO, 0)
    for candidate in candidates:
        worth, kept = _worth(rules, candidate, dues)
        if worth > best_worth:
            best, best_worth = kept, worth
    return best


def _worth(
    rules: list[FullReduction], assignment: Assignment, dues: dict[str, Decimal]
) -> tuple[tuple[Decimal, int], Assignment]:
    """Yuan off and (negative) number of rules used, with the lines of rules that are reached."""
    subtotals: dict[int, Decimal] = {}
    for key, index in assignment.items():
        subtotals[index] = subtotals.get(index, ZERO) + dues[key]
    steps = {index: reached(rules[index], subtotal) for index, subtotal in subtotals.items()}
    off = total(step.off for step in steps.values() if step)
    used = sum(step is not None for step in steps.values())
    return (off, -used), {key: index for key, index in assignment.items() if steps[index]}


def _all(fixed: Assignment, shared: dict[str, list[int]]) -> Iterator[Assignment]:
    for choice in product(*shared.values()):
        yield fixed | dict(zip(shared, choice, strict=True))


def _sensible(
    rules: list[FullReduction],
    live: dict[int, dict[str, Decimal]],
    dues: dict[str, Decimal],
    options: dict[str, list[int]],
) -> Iterator[Assignment]:
    """Rules take turns, in every order of the strongest few; each takes all it can, or just enough."""

    def strength(index: int) -> tuple[Decimal, str]:
        step = reached(rules[index], total(live[index].values()))
        return (-step.off if step else ZERO, rules[index].rule)

    by_strength = sorted(live, key=strength)
    strong, weak = by_strength[:RULES_IN_TURN], by_strength[RULES_IN_TURN:]
    for turn in permutations(strong):
        for is_frugal in (False, True):
            taken: Assignment = {}
            for index in (*turn, *weak):
                free = {key: due for key, due in live[index].items() if key not in taken}
                keys = _just_enough(rules[index], free, options) if is_frugal else free
                if reached(rules[index], total(free[key] for key in keys)):
                    taken |= dict.fromkeys(keys, index)
            for index in (*turn, *weak):
                if index in taken.values():
                    taken |= {key: index for key in live[index] if key not in taken}
            yield taken


def _just_enough(
    rule: FullReduction, free: dict[str, Decimal], options: dict[str, list[int]]
) -> dict[str, Decimal]:
    """Lines that reach the best step in reach: first those no other rule wants, then the dearest."""
    goal = reached(rule, total(free.values()))
    chosen: dict[str, Decimal] = {}
    for key in sorted(free, key=lambda key: (len(options[key]), -free[key], key)):
        so_far = reached(rule, total(chosen.values()))
        if goal is None or (so_far and so_far.off >= goal.off):
            break
        chosen[key] = free[key]
    return chosen


def _tell(
    ledger: Ledger, rule: FullReduction, covered: dict[str, Decimal], best: Assignment, index: int
) -> None:
    """The distance to the next step, counted over the lines that serve this rule or none."""
    own = {key for key in covered if best.get(key, index) == index}
    if not covered:
        return
    before = {
        key: due + total(a.shares.get(key, ZERO) for a in ledger.adjustments if a.rule == rule.rule)
        for key, due in ledger.dues.items()
        if key in own
    }
    base = total(before.values())
    now = reached(rule, base)
    parameters: dict[str, Parameter] = {"name": rule.name}
    if not own:
        ledger.why_not("reduction", rule.rule, "lines_serve_other", parameters)
        return
    ahead = [
        (next_threshold, off)
        for next_threshold, off in _steps_ahead(rule, base)
        if off > (now.off if now else ZERO)
    ]
    if ahead:
        threshold, off = min(ahead)
        parameters |= {"threshold": cash(threshold), "off": cash(off), "missing": cash(threshold - base)}
        ledger.why_not("reduction", rule.rule, "reduction_next", parameters)


def _steps_ahead(rule: FullReduction, base: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """Subtotals above `base` at which more is taken off, and how much it is there."""
    for threshold, off in rule.steps:
        if threshold <= 0:
            continue
        times = int(base // threshold) + 1 if rule.is_cumulative else 1
        if threshold * times > base:
            yield threshold * times, off * times
