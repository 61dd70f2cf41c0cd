"""What did not count says why, and how far the next step is."""

from decimal import Decimal

import pytest

from marketing.pricing import hints
from marketing.pricing.facts import BundlePrice, ExclusivePrice, Facts, Points
from marketing.pricing.pipeline import quote
from tests.factories.pricing import coupon, freight, level, limited, line, reduction, skus, tier

ONE = (line("1", "100.00", template=1),)
FLASH = (ExclusivePrice("flash:1", "flash", 1, Decimal("79.00")),)
SET = BundlePrice("bundle:1", "早餐套餐", {1: 1, 2: 2}, Decimal("90.00"))
OFF_5 = {"name": "新人券", "kind": "fixed", "threshold": "80.00", "off": "5.00"}

CASES = [
    (
        Facts((line("1", quantity=3),), limiteds=(limited(left=2),)),
        ("limited:1", "limited_short"),
        {"left": 2, "price": "80.00", "line": "1"},
    ),
    (
        Facts((line("1", quantity=3),), limiteds=(limited(left=9, own_left=2),)),
        ("limited:1", "limited_own"),
        {"left": 2},
    ),
    (Facts((line("1"),), limiteds=(limited(left=0, own_left=2),)), ("limited:1", "limited_gone"), {}),
    (Facts((line("1"),), limiteds=(limited(left=5, own_left=0),)), ("limited:1", "limited_used"), {}),
    (
        Facts(ONE, tiers=(tier((2, "0.9"), (5, "0.8")),)),
        ("tier:1", "tier_next"),
        {"min_quantity": 2, "rate": "0.9", "missing_count": 1, "line": "1"},
    ),
    (
        Facts((line("1", quantity=3),), tiers=(tier((2, "0.9"), (5, "0.8")),)),
        ("tier:1", "tier_next"),
        {"min_quantity": 5, "rate": "0.8", "missing_count": 2},
    ),
    (
        Facts((line("1"), line("2")), tiers=(tier((3, "0.9"), is_mixed=True),)),
        ("tier:1", "tier_next"),
        {"missing_count": 1},
    ),
    (
        Facts((line("1", quantity=2),), level=level("0.8"), tiers=(tier(is_stackable=False),)),
        ("tier:1", "better_price_won"),
        {"winner": "银卡", "price": "80.00"},
    ),
    (
        Facts(ONE, level=level(), exclusives=FLASH),
        ("level:1", "better_price_won"),
        {"name": "银卡", "winner": "flash", "price": "79.00"},
    ),
    (Facts(ONE, bundles=(SET,)), ("bundle:1", "bundle_incomplete"), {"missing_count": 2, "sku_id": 2}),
    (
        Facts((line("1", "10.00"), line("2", "10.00", 2)), bundles=(SET,)),
        ("bundle:1", "bundle_not_lower"),
        {"price": "90.00"},
    ),
    (
        Facts((line("1", "84.40"),), reductions=(reduction(),)),
        ("reduction:1", "reduction_next"),
        {"threshold": "100.00", "off": "10.00", "missing": "15.60"},
    ),
    (
        Facts((line("1", "100.00"),), reductions=(reduction(),)),
        ("reduction:1", "reduction_next"),
        {"threshold": "300.00", "off": "50.00", "missing": "200.00"},
    ),
    (
        Facts((line("1", "250.00"),), reductions=(reduction(("100", "10"), is_cumulative=True),)),
        ("reduction:1", "reduction_next"),
        {"threshold": "300.00", "off": "30.00", "missing": "50.00"},
    ),
    (
        Facts((line("1", "64.40"),), coupon=coupon(threshold="80", off="5")),
        ("coupon:1", "coupon_threshold"),
        {**OFF_5, "missing": "15.60"},
    ),
    (Facts(ONE, coupon=coupon(off="5", threshold="80", scope=skus(9))), ("coupon:1", "coupon_scope"), OFF_5),
    (Facts(ONE, exclusives=FLASH, coupon=coupon(off="5")), ("coupon:1", "coupon_scope"), {"name": "新人券"}),
    (
        Facts(ONE, coupon=coupon("free_shipping", threshold="120"), freights=freight()),
        ("coupon:1", "coupon_threshold"),
        {"missing": "20.00"},
    ),
    (
        Facts(ONE, coupon=coupon("free_shipping"), delivery_mode="pickup"),
        ("coupon:1", "coupon_not_needed"),
        {},
    ),
    (
        Facts(ONE, points=Points(available=500)),
        ("points", "points_unused"),
        {"points": 500, "amount": "5.00"},
    ),
    (Facts(ONE, points=Points(9000, 9000)), ("points", "points_capped"), {"points": 3000, "rate": "0.3"}),
    (Facts(ONE, points=Points(200, 900)), ("points", "points_short"), {"available": 200, "wanted": 900}),
    (
        Facts(ONE, freights=freight(free_from="120")),
        ("freight:1", "free_from_next"),
        {"threshold": "120.00", "off": "8.00", "missing": "20.00"},
    ),
]


@pytest.mark.parametrize(
    ("facts", "which", "expected"),
    [pytest.param(*case, id=f"{case[1][1]}-{n}") for n, case in enumerate(CASES)],
)
def test_reason_is_told(facts: Facts, which: tuple[str, str], expected: dict[str, object]) -> None:
    told = [w for w in quote(facts).why_nots if (w.rule, w.code) == which]
    assert len(told) == 1
    assert {name: told[0].parameters.get(name) for name in expected} == expected


def test_nothing_is_told_when_nothing_is_left_to_gain() -> None:
    facts = Facts(
        (line("1", "100.00", 3, template=1),),
        level=level(),
        tiers=(tier(),),
        reductions=(reduction(("100", "10")),),
        coupon=coupon(off="5"),
        freights=freight(free_from="50"),
    )
    assert quote(facts).why_nots == ()


def test_hints_are_the_nearest_steps_one_a_rule() -> None:
    facts = Facts(
        (line("1", "45.00", template=1), line("2", "45.00", 3, template=1)),
        tiers=(tier((4, "0.9")),),
        reductions=(reduction(("200", "10")),),
        freights=freight(free_from="185"),
        points=Points(available=100),
    )
    told = hints.next_steps(quote(facts))
    assert [(w.code, w.parameters.get("line")) for w in told] == [
        ("free_from_next", None),
        ("reduction_next", None),
        ("tier_next", "2"),
    ]
