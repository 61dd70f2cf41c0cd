"""The running ledger lanes write into. It only ever takes off, never below zero."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from marketing.pricing.facts import Facts, Line, Scope
from marketing.pricing.quote import FREIGHT_KEY, LANES, Adjustment, Fee, Lane, Parameter, WhyNot
from shop.core.money import ZERO, yuan


def text(value: Decimal) -> str:
    """A rate as a parameter: 0.900 is written 0.9."""
    return f"{value.normalize():f}"


def _is_price(value: Decimal) -> bool:
    return value >= 0 and value == yuan(value)


def cash(value: Decimal) -> str:
    """An amount as a parameter: 8 is written 8.00."""
    return str(yuan(value))


class Ledger:
    """What each line still costs while the lanes run, and everything they wrote down."""

    def __init__(self, facts: Facts) -> None:
        self.lines: tuple[Line, ...] = tuple(sorted(facts.lines, key=lambda line: line.key))
        keys = [line.key for line in self.lines]
        if len(set(keys)) != len(keys) or FREIGHT_KEY in keys:
            raise ValueError("line keys must be unique, and none may be called freight")
        if any(line.quantity < 1 or not _is_price(line.list_price) for line in self.lines):
            raise ValueError("a line has at least one piece and a price of whole fen")
        self.dues: dict[str, Decimal] = {
            line.key: yuan(line.list_price) * line.quantity for line in self.lines
        }
        self.unit_prices: dict[str, Decimal] = {line.key: yuan(line.list_price) for line in self.lines}
        self.closed: set[str] = set()
        self.fees: list[Fee] = []
        self.freight_due = ZERO
        self.undeliverable: tuple[str, ...] = ()
        self.is_freight_known = True
        self.points_used = 0
        self.adjustments: list[Adjustment] = []
        self.why_nots: list[WhyNot] = []

    def open_dues(self, scope: Scope) -> dict[str, Decimal]:
        """What the lines a promotion may still touch cost now; lines with an exclusive price are closed."""
        return {
            line.key: self.dues[line.key]
            for line in self.lines
            if line.key not in self.closed and scope.covers(line)
        }

    def take(
        self,
        lane: Lane,
        rule: str,
        code: str,
        shares: Mapping[str, Decimal],
        parameters: Mapping[str, Parameter],
    ) -> None:
        """Write an adjustment down; shares that would make a price negative are a ValueError."""
        shares = {key: share for key, share in sorted(shares.items()) if share}
        if not shares:
            return
        for key, share in shares.items():
            due = self.freight_due if key == FREIGHT_KEY else self.dues[key]
            if not ZERO < share <= due:
                raise ValueError(f"{rule} takes {share} off {due}")
            if key == FREIGHT_KEY:
                self.freight_due = due - share
            else:
                self.dues[key] = due - share
        amount = sum(shares.values(), ZERO)
        self.adjustments.append(Adjustment(lane, rule, code, dict(parameters), shares, amount))

    def charge(self, fee: Fee) -> None:
        """Freight is the one thing that is added before something is taken off it."""
        self.fees.append(fee)
        self.freight_due += fee.amount

    def dues_before(self, lane: Lane) -> dict[str, Decimal]:
        """What each line cost before that lane ran; freight left out."""
        dues = dict(self.dues)
        for adjustment in self.adjustments:
            if LANES.index(adjustment.lane) >= LANES.index(lane):
                for key, share in adjustment.shares.items():
                    if key != FREIGHT_KEY:
                        dues[key] += share
        return dues

    def why_not(self, lane: Lane, rule: str, code: str, parameters: Mapping[str, Parameter]) -> None:
        self.why_nots.append(WhyNot(lane, rule, code, dict(parameters)))


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
