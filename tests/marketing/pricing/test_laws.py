"""What holds for every price, whatever the facts."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.pricing import facts as f
from marketing.pricing.pipeline import quote
from marketing.pricing.quote import FREIGHT_KEY, LANES, Quote

T = TypeVar("T")
NO_ONE = Decimal(0)


def money(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda fen: Decimal(fen).scaleb(-2))


rates = st.integers(100, 999).map(lambda mille: Decimal(mille).scaleb(-3))
scopes = st.one_of(
    st.just(f.ALL_GOODS),
    st.builds(
        f.Scope,
        st.sampled_from(["products", "categories", "skus"]),
        st.frozensets(st.integers(1, 6), max_size=4),
    ),
)


def numbered(
    kind: str, strategy: Callable[[str], st.SearchStrategy[T]], most: int
) -> st.SearchStrategy[tuple[T, ...]]:
    return st.integers(0, most).flatmap(lambda n: st.tuples(*(strategy(f"{kind}:{i}") for i in range(n))))


@st.composite
def baskets(draw: st.DrawFn) -> tuple[f.Line, ...]:
    count = draw(st.integers(1, 6))
    return tuple(
        f.Line(
            key=str(number),
            sku_id=draw(st.integers(1, 6)),
            product_id=draw(st.integers(1, 6)),
            category_ids=tuple(draw(st.lists(st.integers(1, 6), max_size=3))),
            list_price=draw(money(0, 50_000)),
            quantity=draw(st.integers(1, 30)),
            weight_grams=draw(st.integers(0, 5000)),
            volume_cm3=draw(st.integers(0, 5000)),
            freight_template_id=draw(st.sampled_from([None, 1, 2])),
        )
        for number in range(count)
    )


levels = st.builds(
    f.LevelPrice,
    rule=st.just("level:1"),
    level_name=st.just("银卡"),
    rate=st.none() | rates,
    sku_prices=st.dictionaries(st.integers(1, 6), money(1, 60_000), max_size=3),
    is_stackable=st.booleans(),
)


def tiers(rule: str) -> st.SearchStrategy[f.TierPrice]:
    return st.builds(
        f.TierPrice,
        rule=st.just(rule),
        name=st.just("阶梯"),
        steps=st.lists(st.tuples(st.integers(1, 40), rates), max_size=3).map(tuple),
        scope=scopes,
        is_mixed=st.booleans(),
        is_stackable=st.booleans(),
    )


def limiteds(rule: str) -> st.SearchStrategy[f.LimitedPrice]:
    return st.builds(
        f.LimitedPrice,
        rule=st.just(rule),
        name=st.just("限时"),
        sku_id=st.integers(1, 6),
        unit_price=money(1, 50_000),
        left=st.none() | st.integers(0, 60),
        own_left=st.none() | st.integers(-1, 60),
        is_stackable=st.booleans(),
    )


def exclusives(rule: str) -> st.SearchStrategy[f.ExclusivePrice]:
    return st.builds(f.ExclusivePrice, st.just(rule), st.just("flash"), st.integers(1, 6), money(1, 50_000))


def bundles(rule: str) -> st.SearchStrategy[f.BundlePrice]:
    parts = st.dictionaries(st.integers(1, 6), st.integers(1, 3), min_size=1, max_size=3)
    return st.builds(f.BundlePrice, st.just(rule), st.just("套餐"), parts, money(1, 60_000))


def reductions(rule: str) -> st.SearchStrategy[f.FullReduction]:
    return st.builds(
        f.FullReduction,
        rule=st.just(rule),
        name=st.just("满减"),
        steps=st.lists(st.tuples(money(1, 90_000), money(1, 90_000)), max_size=3).map(tuple),
        scope=scopes,
        is_cumulative=st.booleans(),
    )


coupons = st.one_of(
    *(
        st.builds(
            f.Coupon,
            rule=st.just("coupon:1"),
            name=st.just("券"),
            kind=st.just(kind),
            threshold=money(0, 60_000),
            scope=scopes,
            off=off,
            rate=rate,
            cap=cap,
        )
        for kind, off, rate, cap in (
            ("fixed", money(1, 60_000), st.none(), st.none()),
            ("percent", st.none(), rates, st.none() | money(1, 9000)),
            ("free_shipping", st.none(), st.none(), st.none()),
        )
    )
)
points = st.builds(
    f.Points,
    available=st.integers(0, 100_000),
    wanted=st.integers(0, 100_000),
    per_yuan=st.sampled_from([1, 30, 100, 1000]),
    cap_rate=st.sampled_from([Decimal("0"), Decimal("0.3"), Decimal("1")]),
)


def freight(template_id: int) -> st.SearchStrategy[f.Freight]:
    return st.builds(
        f.Freight,
        template_id=st.just(template_id),
        basis=st.sampled_from(["piece", "weight", "volume"]),
        first_units=st.integers(1, 3000),
        first_fee=money(0, 3000),
        next_units=st.integers(1, 3000),
        next_fee=money(0, 500),
        free_from=st.none() | money(0, 90_000),
        delivers=st.booleans(),
    )


everything = st.builds(
    f.Facts,
    lines=baskets(),
    level=st.none() | levels,
    limiteds=numbered("limited", limiteds, 3),
    tiers=numbered("tier", tiers, 3),
    exclusives=numbered("flash", exclusives, 2),
    bundles=numbered("bundle", bundles, 2),
    reductions=numbered("reduction", reductions, 3),
    coupon=st.none() | coupons,
    points=points,
    freights=st.none() | st.fixed_dictionaries({}, optional={1: freight(1), 2: freight(2)}),
    delivery_mode=st.sampled_from(["express", "pickup"]),
)


def check(facts: f.Facts) -> Quote:
    """Every law of one quote."""
    made = quote(facts)
    for one in made.adjustments:
        assert one.lane in LANES
        assert sum(one.shares.values(), NO_ONE) == one.amount > 0
        assert all(share > 0 for share in one.shares.values())
        for value in [one.amount, *one.shares.values()]:
            assert value == value.quantize(Decimal("0.01"))
    off = sum((one.amount for one in made.adjustments), NO_ONE)
    assert made.goods_list + made.freight_list - off == made.due == made.goods_due + made.freight_due
    assert made.saved == off
    assert made.due >= 0
    assert made.freight_due >= 0
    for line in made.lines:
        shares = made.shares_of(line.key)
        assert line.list_amount - sum((share for _, share in shares), NO_ONE) == line.due
        assert 0 <= line.due <= line.list_amount
        assert 0 <= line.unit_price <= line.list_price
        unit = sum((share for one, share in shares if one.lane == "unit"), NO_ONE)
        assert line.list_amount - unit == line.unit_price * line.quantity
    assert sum((line.due for line in made.lines), NO_ONE) == made.goods_due
    assert (
        sum((share for _, share in made.shares_of(FREIGHT_KEY)), NO_ONE)
        == made.freight_list - made.freight_due
    )
    assert sum((fee.amount for fee in made.fees), NO_ONE) == made.freight_list
    assert [LANES.index(one.lane) for one in made.adjustments] == sorted(
        LANES.index(one.lane) for one in made.adjustments
    )
    assert 0 <= made.points_used <= min(facts.points.available, facts.points.wanted)
    return made


@given(facts=everything)
def test_every_fen_is_accounted_for(facts: f.Facts) -> None:
    check(facts)


@pytest.mark.deep
@settings(max_examples=3_000)
@given(facts=everything)
def test_every_fen_is_accounted_for_at_length(facts: f.Facts) -> None:
    made = check(facts)
    assert Quote.from_json(json.loads(json.dumps(made.as_json()))) == made


@given(facts=everything, random=st.randoms(use_true_random=False))
def test_order_of_lines_and_rules_is_irrelevant(facts: f.Facts, random: "st.random.Random") -> None:
    def mixed(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(items, len(items)))

    again = dataclasses.replace(facts, lines=mixed(facts.lines), reductions=mixed(facts.reductions))
    again = dataclasses.replace(again, tiers=mixed(facts.tiers), bundles=mixed(facts.bundles))
    again = dataclasses.replace(again, limiteds=mixed(facts.limiteds))
    assert quote(again) == quote(facts)


@given(facts=everything)
def test_a_quote_survives_json(facts: f.Facts) -> None:
    made = quote(facts)
    assert Quote.from_json(json.loads(json.dumps(made.as_json()))) == made


@given(facts=everything)
def test_no_discount_raises_the_price_of_goods(facts: f.Facts) -> None:
    """Against the same basket without any rules, and without the last ones."""
    bare = f.Facts(facts.lines, freights=facts.freights, delivery_mode=facts.delivery_mode)
    made = quote(facts)
    assert made.goods_due <= quote(bare).goods_due
    assert made.goods_due <= quote(dataclasses.replace(facts, points=f.Points())).goods_due
    no_points = dataclasses.replace(facts, points=f.Points())
    assert quote(no_points).goods_due <= quote(dataclasses.replace(no_points, coupon=None)).goods_due
    unit_only = dataclasses.replace(bare, level=facts.level, tiers=facts.tiers)
    without = dataclasses.replace(unit_only, tiers=())
    assert quote(unit_only).goods_due <= quote(without).goods_due <= quote(bare).goods_due
    limited = dataclasses.replace(unit_only, limiteds=facts.limiteds)
    assert quote(limited).goods_due <= quote(unit_only).goods_due


@given(facts=everything)
def test_a_limited_price_is_never_given_to_more_pieces_than_are_left(facts: f.Facts) -> None:
    made = quote(facts)
    by_rule = {(one.rule, one.sku_id): one for one in facts.limiteds}
    for (rule, sku_id), limited in by_rule.items():
        given_to = [
            line
            for line in made.lines
            if line.sku_id == sku_id and any(one.rule == rule for one, _ in made.shares_of(line.key))
        ]
        pieces = sum(line.quantity for line in given_to)
        assert not pieces or all(n is None or pieces <= n for n in (limited.left, limited.own_left))
        assert all(line.unit_price <= limited.unit_price for line in given_to)


@given(facts=everything)
def test_points_never_cost_freight(facts: f.Facts) -> None:
    without = quote(dataclasses.replace(facts, points=f.Points()))
    assert quote(facts).freight_due == without.freight_due


@given(facts=everything)
def test_digest_is_of_what_is_agreed_and_not_of_hints(facts: f.Facts) -> None:
    made = quote(facts)
    wish = f.TierPrice("tier:99", "下一步", ((1_000_000, Decimal("0.5")),))
    hinted = quote(dataclasses.replace(facts, tiers=(*facts.tiers, wish)))
    assert hinted.digest == made.digest
    assert (
        (hinted.why_nots != made.why_nots)
        or not hinted.lines
        or all(any(e.sku_id == line.sku_id for e in facts.exclusives) for line in facts.lines)
    )
    more = dataclasses.replace(
        facts, lines=tuple(dataclasses.replace(line, quantity=line.quantity + 1) for line in facts.lines)
    )
    assert quote(more).digest != made.digest


def test_the_same_facts_give_the_same_digest_in_another_process() -> None:
    program = (
        "from tests.factories.pricing import *; from marketing.pricing.facts import *; "
        "from marketing.pricing.pipeline import quote; "
        "print(quote(Facts((line('2'), line('1', quantity=3)), tiers=(tier(), tier(rule='tier:2')), "
        "reductions=(reduction(), reduction(rule='reduction:2', scope=skus(1, 2))))).digest)"
    )
    root = Path(__file__).parents[3]
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
