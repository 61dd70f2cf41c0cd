"""Prices a merchant would check with a pencil: facts, what is due, and the steps that lead there."""

from decimal import Decimal

import pytest

from marketing.pricing.facts import BundlePrice, ExclusivePrice, Facts, Points, Scope
from marketing.pricing.pipeline import quote
from tests.factories.pricing import coupon, level, limited, line, reduction, skus, steps, tier

TWO = (line("1", "100.00", 2),)
FLASH = (ExclusivePrice("flash:1", "flash", 1, Decimal("79.00")),)
GOLD = level("0.8")
BOTH = (line("1", "60.00"), line("2", "50.00"))

UNIT = [
    ("list price", Facts(TWO), "200.00", []),
    ("level alone", Facts(TWO, level=level()), "180.00", [("level_price", "20.00")]),
    ("tier alone", Facts(TWO, tiers=(tier(),)), "180.00", [("tier_price", "20.00")]),
    (
        "limited price alone: 100 → 80",
        Facts(TWO, limiteds=(limited(),)),
        "160.00",
        [("limited_price", "40.00")],
    ),
    (
        "limited, level and tier multiply: 80 × 0.9 × 0.9 = 64.8",
        Facts(TWO, limiteds=(limited(),), level=level(), tiers=(tier(),)),
        "129.60",
        [("limited_price", "40.00"), ("level_price", "16.00"), ("tier_price", "14.40")],
    ),
    (
        "a limited price that doesn't stack is compared: 80 against 81",
        Facts(TWO, limiteds=(limited(is_stackable=False),), level=level(), tiers=(tier(),)),
        "160.00",
        [("limited_price", "40.00")],
    ),
    (
        "and loses against 72: 100 × 0.8 × 0.9",
        Facts(TWO, limiteds=(limited(is_stackable=False),), level=GOLD, tiers=(tier(),)),
        "144.00",
        [("level_price", "40.00"), ("tier_price", "16.00")],
    ),
    (
        "two are wanted, one is left: the normal price",
        Facts(TWO, limiteds=(limited(left=1),)),
        "200.00",
        [],
    ),
    (
        "two are wanted, one member may have one: the normal price",
        Facts(TWO, limiteds=(limited(left=9, own_left=1),)),
        "200.00",
        [],
    ),
    (
        "the lower of two limited prices",
        Facts(TWO, limiteds=(limited(), limited("75.00", rule="limited:2"))),
        "150.00",
        [("limited_price", "50.00")],
    ),
    (
        "an activity's price is lower and closes the line",
        Facts(TWO, limiteds=(limited(),), exclusives=FLASH, coupon=coupon()),
        "158.00",
        [("flash", "42.00")],
    ),
    (
        "level and tier multiply: 100 × 0.9 × 0.9 = 81",
        Facts(TWO, level=level(), tiers=(tier(),)),
        "162.00",
        [("level_price", "20.00"), ("tier_price", "18.00")],
    ),
    (
        "a tier that doesn't stack leaves the lower of the two",
        Facts(TWO, level=level(), tiers=(tier((2, "0.85"), is_stackable=False),)),
        "170.00",
        [("tier_price", "30.00")],
    ),
    (
        "a level that doesn't stack leaves the lower of the two",
        Facts(TWO, level=level("0.8", is_stackable=False), tiers=(tier(),)),
        "160.00",
        [("level_price", "40.00")],
    ),
    (
        "one piece does not reach the tier",
        Facts((line("1", "100.00", 1),), tiers=(tier(),)),
        "100.00",
        [],
    ),
    (
        "the highest step counts",
        Facts((line("1", "100.00", 5),), tiers=(tier((2, "0.9"), (5, "0.8")),)),
        "400.00",
        [("tier_price", "100.00")],
    ),
    (
        "the lower of the level's SKU price and its factor",
        Facts(TWO, level=level(sku1="85.00")),
        "170.00",
        [("level_sku_price", "30.00")],
    ),
    (
        "a SKU price above the factor is not used",
        Facts(TWO, level=level(sku1="95.00")),
        "180.00",
        [("level_price", "20.00")],
    ),
    (
        "a level with SKU prices only",
        Facts(TWO, level=level(None, sku2="1.00")),
        "200.00",
        [],
    ),
    (
        "rounded once: 9.99 × 0.9 × 0.9 = 8.0919",
        Facts((line("1", "9.99", 2),), level=level(), tiers=(tier(),)),
        "16.18",
        [("level_price", "2.00"), ("tier_price", "1.80")],
    ),
    (
        "half a fen goes up: 0.05 × 0.9 = 0.045",
        Facts((line("1", "0.05", 1),), level=level()),
        "0.05",
        [],
    ),
    (
        "mixed goods count together",
        Facts(BOTH, tiers=(tier(is_mixed=True),)),
        "99.00",
        [("tier_price", "11.00")],
    ),
    ("unmixed goods count alone", Facts(BOTH, tiers=(tier(),)), "110.00", []),
    (
        "the scope decides what counts together",
        Facts(BOTH, tiers=(tier(is_mixed=True, scope=skus(1)),)),
        "110.00",
        [],
    ),
    (
        "the better of two tier prices",
        Facts(TWO, tiers=(tier(rule="tier:1"), tier((2, "0.7"), rule="tier:2"))),
        "140.00",
        [("tier_price", "60.00")],
    ),
    (
        "the lowest price wins: flash 79 against 81",
        Facts(TWO, level=level(), tiers=(tier(),), exclusives=FLASH),
        "158.00",
        [("flash", "42.00")],
    ),
    (
        "the stacked path beats the flash price",
        Facts(TWO, level=GOLD, tiers=(tier(),), exclusives=FLASH),
        "144.00",
        [("level_price", "40.00"), ("tier_price", "16.00")],
    ),
    (
        "an exclusive price closes the line to later promotions",
        Facts(TWO, exclusives=FLASH, reductions=(reduction(),), coupon=coupon(off="10.00")),
        "158.00",
        [("flash", "42.00")],
    ),
]

SET = BundlePrice("bundle:1", "早餐套餐", {1: 1, 2: 1}, Decimal("90.00"))

LATER = [
    ("bundle", Facts(BOTH, bundles=(SET,)), "90.00", [("bundle_price", "20.00")]),
    (
        "as many sets as there are",
        Facts((line("1", "60.00", 3), line("2", "50.00", 2)), bundles=(SET,)),
        "240.00",
        [("bundle_price", "40.00")],
    ),
    (
        "a bundle that costs more is not used",
        Facts(BOTH, bundles=(SET,), level=GOLD),
        "88.00",
        [("level_price", "22.00")],
    ),
    ("99.99 is not 100", Facts((line("1", "99.99"),), reductions=(reduction(),)), "99.99", []),
    (
        "满100减10",
        Facts((line("1", "100.00"),), reductions=(reduction(),)),
        "90.00",
        [("full_reduction", "10.00")],
    ),
    (
        "满300减50, the highest step once",
        Facts((line("1", "100.00", 6),), reductions=(reduction(),)),
        "550.00",
        [("full_reduction", "50.00")],
    ),
    (
        "每满100减10",
        Facts((line("1", "50.00", 7),), reductions=(reduction(("100", "10"), is_cumulative=True),)),
        "320.00",
        [("full_reduction", "30.00")],
    ),
    (
        "the threshold is measured after unit prices: 200 × 0.81 = 162",
        Facts(TWO, level=level(), tiers=(tier(),), reductions=(reduction(("162.01", "50"), ("162", "20")),)),
        "142.00",
        [("level_price", "20.00"), ("tier_price", "18.00"), ("full_reduction", "20.00")],
    ),
    (
        "only goods in scope count",
        Facts(
            (line("1", "90.00", categories=(5, 1)), line("2", "90.00", categories=(6,))),
            reductions=(reduction(scope=Scope("categories", frozenset({1}))),),
        ),
        "180.00",
        [],
    ),
    (
        "fixed coupon",
        Facts((line("1", "80.00"),), coupon=coupon(threshold="80", off="15.00")),
        "65.00",
        [("coupon_fixed", "15.00")],
    ),
    (
        "a coupon never pays more than its goods",
        Facts(BOTH, coupon=coupon(off="70.00", scope=skus(2))),
        "60.00",
        [("coupon_fixed", "50.00")],
    ),
    (
        "percent coupon with a cap",
        Facts((line("1", "300.00"),), coupon=coupon("percent", rate="0.8", cap="30.00")),
        "270.00",
        [("coupon_percent", "30.00")],
    ),
    (
        "percent coupon under its cap",
        Facts((line("1", "99.99"),), coupon=coupon("percent", rate="0.85", cap="30.00")),
        "84.99",
        [("coupon_percent", "15.00")],
    ),
    (
        "the coupon's threshold is measured after the full reduction",
        Facts((line("1", "100.00"),), reductions=(reduction(),), coupon=coupon(threshold="91", off="5.00")),
        "90.00",
        [("full_reduction", "10.00")],
    ),
    (
        "100 points are 1 yuan",
        Facts((line("1", "100.00"),), points=Points(available=500, wanted=500)),
        "95.00",
        [("points", "5.00")],
    ),
    (
        "points pay at most 30 % after the coupon: (100 − 20) × 0.3",
        Facts((line("1", "100.00"),), coupon=coupon(off="20.00"), points=Points(9999, 9999)),
        "56.00",
        [("coupon_fixed", "20.00"), ("points", "24.00")],
    ),
    (
        "points may pay for activity goods",
        Facts((line("1", "100.00"),), exclusives=FLASH, points=Points(100, 100)),
        "78.00",
        [("flash", "21.00"), ("points", "1.00")],
    ),
]


@pytest.mark.parametrize(
    ("facts", "due", "taken"),
    [pytest.param(*case, id=name) for name, *case in [*UNIT, *LATER]],
)
def test_price_is_what_the_pencil_says(facts: Facts, due: str, taken: list[tuple[str, str]]) -> None:
    made = quote(facts)
    assert str(made.due) == due
    assert steps(made) == taken


def test_silver_member_pays_81_each_and_sees_both_steps() -> None:
    made = quote(Facts(TWO, level=level(), tiers=(tier(),)))
    assert made.line("1").unit_price == Decimal("81.00")
    assert [(a.rule, dict(a.parameters)) for a in made.adjustments] == [
        ("level:1", {"level": "银卡", "rate": "0.9"}),
        ("tier:1", {"name": "多买多省", "min_quantity": 2, "rate": "0.9"}),
    ]
    assert [str(share) for _, share in made.shares_of("1")] == ["20.00", "18.00"]


def test_reduction_falls_on_lines_by_what_they_cost_to_the_fen() -> None:
    lines = (line("1", "33.33"), line("2", "33.33"), line("3", "33.34"))
    made = quote(Facts(lines, reductions=(reduction(),)))
    assert made.adjustments[0].shares == {
        "1": Decimal("3.33"),
        "2": Decimal("3.33"),
        "3": Decimal("3.34"),
    }


def test_goods_with_an_activity_price_do_not_lift_others_over_a_mixed_step() -> None:
    made = quote(
        Facts((line("1", "100.00"), line("2", "50.00")), tiers=(tier(is_mixed=True),), exclusives=FLASH)
    )
    assert made.line("2").unit_price == Decimal("50.00")


def test_dearest_pieces_go_into_a_bundle_and_each_piece_into_one() -> None:
    other = BundlePrice("bundle:2", "双人套餐", {1: 2}, Decimal("110.00"))
    made = quote(Facts((line("1", "60.00", 2), line("2", "50.00")), bundles=(SET, other)))
    assert steps(made) == [("bundle_price", "20.00")]
    assert made.adjustments[0].rule == "bundle:1"


def test_lines_that_make_no_sense_are_refused() -> None:
    for bad in (line(quantity=0), line(price="-1.00"), line(price="0.001")):
        with pytest.raises(ValueError, match="a line has"):
            quote(Facts((bad,)))
    with pytest.raises(ValueError, match="unique"):
        quote(Facts((line("1"), line("1"))))
