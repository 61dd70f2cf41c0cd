"""Goods under several full reductions: the best legal distribution, within bounds."""

from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from marketing.pricing.facts import Facts, FullReduction, Line
from marketing.pricing.lanes.reduction import reached
from marketing.pricing.pipeline import quote
from tests.factories.pricing import line, reduction, skus


def best_by_hand(lines: tuple[Line, ...], rules: tuple[FullReduction, ...]) -> Decimal:
    """Tries every assignment, with nothing clever."""
    best = Decimal(0)
    for choice in product(range(-1, len(rules)), repeat=len(lines)):
        subtotals: dict[int, Decimal] = {}
        for one, index in zip(lines, choice, strict=True):
            if index >= 0 and rules[index].scope.covers(one):
                amount = one.list_price * one.quantity
                subtotals[index] = subtotals.get(index, Decimal(0)) + amount
        steps = [reached(rules[index], subtotal) for index, subtotal in subtotals.items()]
        best = max(best, sum((step.off for step in steps if step), Decimal(0)))
    return best


def test_two_rules_share_the_goods_when_that_takes_more_off() -> None:
    lines = (line("1", "100.00"), line("2", "100.00"), line("3", "50.00"))
    wide = reduction(("100", "10"), rule="reduction:1")
    narrow = reduction(("150", "20"), rule="reduction:2", scope=skus(2, 3))
    made = quote(Facts(lines, reductions=(wide, narrow)))
    assert {a.rule: (set(a.shares), a.amount) for a in made.adjustments} == {
        "reduction:1": ({"1"}, Decimal("10.00")),
        "reduction:2": ({"2", "3"}, Decimal("20.00")),
    }


def test_one_rule_is_preferred_when_two_take_off_the_same() -> None:
    lines = (line("1", "100.00"), line("2", "100.00"))
    rules = (
        reduction(("200", "20"), rule="reduction:2"),
        reduction(("100", "10"), rule="reduction:1"),
        reduction(("100", "10"), rule="reduction:3", scope=skus(2)),
    )
    made = quote(Facts(lines, reductions=rules))
    assert [a.rule for a in made.adjustments] == ["reduction:2"]


def test_a_line_serves_one_rule() -> None:
    rules = (reduction(rule="reduction:1"), reduction(rule="reduction:2"))
    made = quote(Facts((line("1", "100.00"),), reductions=rules))
    assert [str(a.amount) for a in made.adjustments] == ["10.00"]
    assert ("reduction:2", "lines_serve_other") in {(w.rule, w.code) for w in made.why_nots}


prices = st.integers(1, 20_000).map(lambda fen: f"{Decimal(fen) / 100:.2f}")
scopes = st.one_of(st.just(reduction().scope), st.sets(st.integers(1, 5), min_size=1).map(lambda s: skus(*s)))
stairs = st.lists(
    st.tuples(st.integers(20, 300), st.integers(1, 20)),
    min_size=1,
    max_size=2,
    unique_by=lambda step: step[0],
).map(lambda steps: [(str(threshold), str(off)) for threshold, off in steps])
rule_sets = st.lists(st.tuples(stairs, scopes, st.booleans()), min_size=1, max_size=3).map(
    lambda rules: tuple(
        reduction(*steps, rule=f"reduction:{number}", scope=scope, is_cumulative=is_cumulative)
        for number, (steps, scope, is_cumulative) in enumerate(rules)
    )
)


@given(amounts=st.lists(prices, min_size=1, max_size=5), rules=rule_sets)
def test_few_goods_get_the_best_distribution_there_is(
    amounts: list[str], rules: tuple[FullReduction, ...]
) -> None:
    lines = tuple(line(str(number), price) for number, price in enumerate(amounts, 1))
    made = quote(Facts(lines, reductions=rules))
    assert made.goods_list - made.goods_due == best_by_hand(lines, rules)


def test_many_goods_get_at_least_what_any_rule_alone_would_give() -> None:
    lines = tuple(line(str(number), f"{10 + number}.00") for number in range(1, 41))
    rules = (
        reduction(("100", "10"), ("300", "50"), rule="reduction:1"),
        reduction(("200", "25"), rule="reduction:2", scope=skus(*range(1, 21))),
        reduction(("150", "30"), rule="reduction:3", scope=skus(*range(11, 31))),
        reduction(("500", "90"), rule="reduction:4", scope=skus(*range(15, 41))),
        reduction(("60", "6"), rule="reduction:5", scope=skus(40)),
    )
    together = quote(Facts(lines, reductions=rules)).saved
    alone = [quote(Facts(lines, reductions=(rule,))).saved for rule in rules]
    assert together >= max(alone)
    assert together == Decimal("195.00")
