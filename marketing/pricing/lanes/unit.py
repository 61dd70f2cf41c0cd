"""Unit lane: what one piece costs.

Candidates of a line are the list price, the member price, each tier price reached, member times tier where
both rules say they stack, and every exclusive price of an activity. The lowest wins; an exclusive winner
closes the line to later promotions. Only the final unit price is rounded: two steps lose no fen between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from marketing.pricing.facts import Facts, LevelPrice, Line, TierPrice
from marketing.pricing.ledger import Ledger, text
from marketing.pricing.quote import Parameter
from shop.core.money import yuan


@dataclass(frozen=True, slots=True)
class Step:
    """One rule on the way to a unit price; `price` is what a piece costs after it."""

    rule: str
    code: str
    name: str
    parameters: tuple[tuple[str, Parameter], ...]
    price: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A legal unit price and the steps that lead to it."""

    price: Decimal
    steps: tuple[Step, ...] = ()
    is_exclusive: bool = False

    @property
    def order(self) -> tuple[Decimal, bool, int, tuple[str, ...]]:
        return (self.price, self.is_exclusive, len(self.steps), tuple(step.rule for step in self.steps))


Group = tuple[int, str, str, tuple[tuple[str, Parameter], ...]]


def apply(facts: Facts, ledger: Ledger) -> None:
    """Give every line the lowest unit price it may have."""
    taken: dict[Group, dict[str, Decimal]] = {}
    held_apart = {exclusive.sku_id for exclusive in facts.exclusives}
    for line in ledger.lines:
        candidates = list(_candidates(facts, ledger, line, held_apart))
        best = min(candidates, key=lambda candidate: candidate.order)
        before = line.list_price
        for place, step in enumerate(best.steps):
            group = (place, step.rule, step.code, step.parameters)
            taken.setdefault(group, {})[line.key] = (before - step.price) * line.quantity
            before = step.price
        ledger.unit_prices[line.key] = best.price
        if best.is_exclusive:
            ledger.closed.add(line.key)
        _tell_losers(ledger, line, candidates, best)
    for (_place, rule, code, parameters), shares in sorted(taken.items()):
        ledger.take("unit", rule, code, shares, dict(parameters))
    for tier in sorted(facts.tiers, key=lambda tier: tier.rule):
        _tell_next_step(ledger, tier, held_apart)


def _candidates(facts: Facts, ledger: Ledger, line: Line, held_apart: set[int]) -> Iterator[Candidate]:
    yield Candidate(line.list_price)
    level = _level_price(facts.level, line) if facts.level else None
    if facts.level and level:
        yield Candidate(level[0].price, (level[0],))
    for tier in facts.tiers:
        if not tier.scope.covers(line):
            continue
        reached = _reached(tier, _count(tier, ledger, line, held_apart))
        if reached is None:
            continue
        alone = _tier_step(tier, reached, line.list_price)
        yield Candidate(alone.price, (alone,))
        if facts.level and level and facts.level.is_stackable and tier.is_stackable:
            both = _tier_step(tier, reached, level[1])
            yield Candidate(both.price, (level[0], both))
    for exclusive in facts.exclusives:
        if exclusive.sku_id == line.sku_id and exclusive.unit_price < line.list_price:
            step = Step(exclusive.rule, exclusive.code, exclusive.code, (), yuan(exclusive.unit_price))
            yield Candidate(step.price, (step,), is_exclusive=True)


def _level_price(level: LevelPrice, line: Line) -> tuple[Step, Decimal] | None:
    """The member step and the price before rounding; None when the level has nothing lower for this line."""
    named: tuple[tuple[str, Parameter], ...] = (("level", level.level_name),)
    by_sku = level.sku_prices.get(line.sku_id)
    by_rate = None if level.rate is None else line.list_price * level.rate
    if by_sku is not None and (by_rate is None or by_sku <= by_rate):
        exact, code, parameters = by_sku, "level_sku_price", named
    elif by_rate is not None and level.rate is not None:
        exact, code, parameters = by_rate, "level_price", (*named, ("rate", text(level.rate)))
    else:
        return None
    if yuan(exact) >= line.list_price:
        return None
    return Step(level.rule, code, level.level_name, parameters, yuan(exact)), exact


def _tier_step(tier: TierPrice, reached: tuple[int, Decimal], base: Decimal) -> Step:
    parameters: tuple[tuple[str, Parameter], ...] = (
        ("name", tier.name),
        ("min_quantity", reached[0]),
        ("rate", text(reached[1])),
    )
    return Step(tier.rule, "tier_price", tier.name, parameters, yuan(base * reached[1]))


def _count(tier: TierPrice, ledger: Ledger, line: Line, held_apart: set[int]) -> int:
    """Pieces that count for this line. Goods with an activity price of their own don't help others."""
    if not tier.is_mixed:
        return line.quantity
    others = (
        other.quantity
        for other in ledger.lines
        if other.key != line.key and other.sku_id not in held_apart and tier.scope.covers(other)
    )
    return line.quantity + sum(others)


def _reached(tier: TierPrice, count: int) -> tuple[int, Decimal] | None:
    steps = [step for step in tier.steps if step[0] <= count and step[1] < 1]
    return min(steps, key=lambda step: (step[1], step[0])) if steps else None


def _tell_losers(ledger: Ledger, line: Line, candidates: list[Candidate], best: Candidate) -> None:
    """Rules that had a lower price than the list but lost to a better one, each named once."""
    winners = {step.rule for step in best.steps}
    losers = {
        step.rule: step
        for candidate in candidates
        for step in candidate.steps
        if candidate.price < line.list_price and step.rule not in winners
    }
    for rule, step in sorted(losers.items()):
        ledger.why_not(
            "unit",
            rule,
            "better_price_won",
            {
                "line": line.key,
                "sku_id": line.sku_id,
                "name": step.name,
                "winner": best.steps[-1].name,
                "price": str(best.price),
            },
        )


def _tell_next_step(ledger: Ledger, tier: TierPrice, held_apart: set[int]) -> None:
    """How many pieces more make each cheaper: once for a mixed rule, else for each line."""
    lines = [line for line in ledger.lines if line.key not in ledger.closed and tier.scope.covers(line)]
    if tier.is_mixed:
        lines = [line for line in lines if line.sku_id not in held_apart][:1]
    for line in lines:
        count = _count(tier, ledger, line, held_apart)
        now = _reached(tier, count)
        better = [step for step in tier.steps if step[0] > count and step[1] < (now[1] if now else 1)]
        if not better:
            continue
        pieces, rate = min(better)
        parameters: dict[str, Parameter] = {
            "name": tier.name,
            "min_quantity": pieces,
            "rate": text(rate),
            "missing_count": pieces - count,
        }
        if not tier.is_mixed:
            parameters |= {"line": line.key, "sku_id": line.sku_id}
        ledger.why_not("unit", tier.rule, "tier_next", parameters)
