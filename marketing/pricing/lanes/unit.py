"""Unit lane: what one piece costs.

A price starts from the list price, the member's own price of the SKU or a limited-time price; the member's
rate and a tier price may follow, multiplied where all rules on the way say they stack. Each such path and
every exclusive price of an activity is a candidate. The lowest wins; an exclusive winner closes the line to
later promotions. Only the final unit price is rounded: steps lose no fen between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from marketing.pricing.facts import Facts, LevelPrice, LimitedPrice, Line, TierPrice
from marketing.pricing.ledger import Ledger, cash, text
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


@dataclass(frozen=True, slots=True)
class Path:
    """A price before tiers, not rounded, and the steps to it; stackable when all of them are."""

    exact: Decimal
    steps: tuple[Step, ...]
    is_stackable: bool

    @property
    def price(self) -> Decimal:
        return self.steps[-1].price if self.steps else self.exact


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
        _tell_no_room(facts, ledger, line)
    for (_place, rule, code, parameters), shares in sorted(taken.items()):
        ledger.take("unit", rule, code, shares, dict(parameters))
    for tier in sorted(facts.tiers, key=lambda tier: tier.rule):
        _tell_next_step(ledger, tier, held_apart)


def _candidates(facts: Facts, ledger: Ledger, line: Line, held_apart: set[int]) -> Iterator[Candidate]:
    tiers = [
        (tier, reached)
        for tier in facts.tiers
        if tier.scope.covers(line) and (reached := _reached(tier, _count(tier, ledger, line, held_apart)))
    ]
    for path in _before_tiers(facts, ledger, line):
        yield Candidate(path.price, path.steps)
        for tier, reached in tiers:
            if not path.steps or (path.is_stackable and tier.is_stackable):
                step = _tier_step(tier, reached, path.exact)
                yield Candidate(step.price, (*path.steps, step))
    for exclusive in facts.exclusives:
        if exclusive.sku_id == line.sku_id and exclusive.unit_price < line.list_price:
            step = Step(exclusive.rule, exclusive.code, exclusive.code, (), yuan(exclusive.unit_price))
            yield Candidate(step.price, (step,), is_exclusive=True)


def _before_tiers(facts: Facts, ledger: Ledger, line: Line) -> Iterator[Path]:
    """The list price, what the level makes of it, each limited-time price, what the level makes of that."""
    level = facts.level
    yield Path(line.list_price, (), True)
    if level and (step := _level_step(level, line)):
        yield Path(step[1], (step[0],), level.is_stackable)
    for limited in _limiteds(facts, ledger, line):
        first = _limited_step(limited)
        yield Path(limited.unit_price, (first,), limited.is_stackable)
        if level and level.rate is not None and limited.is_stackable and level.is_stackable:
            exact = limited.unit_price * level.rate
            if yuan(exact) < first.price:
                yield Path(exact, (first, _rate_step(level, level.rate, exact)), True)


def _limiteds(facts: Facts, ledger: Ledger, line: Line) -> list[LimitedPrice]:
    """Limited-time prices of this line that have room for all pieces of its SKU in the basket."""
    pieces = sum(other.quantity for other in ledger.lines if other.sku_id == line.sku_id)
    return [limited for limited in _offered(facts, line) if limited.has_room_for(pieces)]


def _offered(facts: Facts, line: Line) -> list[LimitedPrice]:
    return [
        limited
        for limited in facts.limiteds
        if limited.sku_id == line.sku_id and limited.unit_price < line.list_price
    ]


def _limited_step(limited: LimitedPrice) -> Step:
    named: tuple[tuple[str, Parameter], ...] = (("name", limited.name),)
    return Step(limited.rule, "limited_price", limited.name, named, yuan(limited.unit_price))


def _level_step(level: LevelPrice, line: Line) -> tuple[Step, Decimal] | None:
    """The member step and the price before rounding; None when the level has nothing lower for this line."""
    by_sku = level.sku_prices.get(line.sku_id)
    by_rate = None if level.rate is None else line.list_price * level.rate
    if by_sku is not None and (by_rate is None or by_sku <= by_rate):
        named: tuple[tuple[str, Parameter], ...] = (("level", level.level_name),)
        exact, step = by_sku, Step(level.rule, "level_sku_price", level.level_name, named, yuan(by_sku))
    elif by_rate is not None and level.rate is not None:
        exact, step = by_rate, _rate_step(level, level.rate, by_rate)
    else:
        return None
    return None if step.price >= line.list_price else (step, exact)


def _rate_step(level: LevelPrice, rate: Decimal, exact: Decimal) -> Step:
    parameters: tuple[tuple[str, Parameter], ...] = (("level", level.level_name), ("rate", text(rate)))
    return Step(level.rule, "level_price", level.level_name, parameters, yuan(exact))


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


def _tell_no_room(facts: Facts, ledger: Ledger, line: Line) -> None:
    """Limited-time prices that would be lower, but the basket wants too many pieces: how many may be had."""
    with_room = {limited.rule for limited in _limiteds(facts, ledger, line)}
    for limited in sorted(_offered(facts, line), key=lambda limited: limited.rule):
        if limited.rule in with_room or limited.unit_price >= ledger.unit_prices[line.key]:
            continue
        own, left = (
            limited.own_left,
            max(0, min(n for n in (limited.left, limited.own_left) if n is not None)),
        )
        is_own = own is not None and own <= left
        code = ("limited_own" if left else "limited_used") if is_own else ""
        parameters: dict[str, Parameter] = {
            "line": line.key,
            "sku_id": line.sku_id,
            "name": limited.name,
            "price": cash(limited.unit_price),
            "left": left,
        }
        named = code or ("limited_short" if left else "limited_gone")
        ledger.why_not("unit", limited.rule, named, parameters)


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
