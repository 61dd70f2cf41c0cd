"""Freight a merchant would check with a pencil."""

from decimal import Decimal

import pytest

from marketing.pricing.facts import Facts, Points
from marketing.pricing.pipeline import quote
from tests.factories.pricing import coupon, freight, line, steps

BOX = (line("1", "30.00", 3, grams=700, volume=2000, template=1),)

FREIGHT = [
    ("by piece: 8 + 2 × 2", Facts(BOX, freights=freight()), "102.00", "12.00", []),
    (
        "by weight: 2100 g = 1000 + 3 × 500",
        Facts(BOX, freights=freight("weight", (1000, "6.00"), (500, "1.50"))),
        "100.50",
        "10.50",
        [],
    ),
    (
        "by volume: 6000 cm³ fit the first",
        Facts(BOX, freights=freight("volume", (6000, "5.00"), (1000, "1.00"))),
        "95.00",
        "5.00",
        [],
    ),
    (
        "free from 90",
        Facts(BOX, freights=freight(free_from="90")),
        "90.00",
        "12.00",
        [("free_from", "12.00")],
    ),
    (
        "the free base is taken after the coupon",
        Facts(BOX, freights=freight(free_from="90"), coupon=coupon(off="1.00")),
        "101.00",
        "12.00",
        [("coupon_fixed", "1.00")],
    ),
    (
        "but before points",
        Facts(BOX, freights=freight(free_from="90"), points=Points(1000, 1000)),
        "80.00",
        "12.00",
        [("points", "10.00"), ("free_from", "12.00")],
    ),
    (
        "free shipping coupon",
        Facts(BOX, freights=freight(), coupon=coupon("free_shipping", threshold="90")),
        "90.00",
        "12.00",
        [("coupon_free_shipping", "12.00")],
    ),
    ("pickup has no freight", Facts(BOX, freights=freight(), delivery_mode="pickup"), "90.00", "0.00", []),
    ("a region not known yet", Facts(BOX, freights=None), "90.00", "0.00", []),
    ("goods without template", Facts((line("1", "30.00"),), freights=freight()), "30.00", "0.00", []),
]


@pytest.mark.parametrize(
    ("facts", "due", "fee", "taken"), [pytest.param(*case, id=name) for name, *case in FREIGHT]
)
def test_freight_is_what_the_pencil_says(
    facts: Facts, due: str, fee: str, taken: list[tuple[str, str]]
) -> None:
    made = quote(facts)
    assert (str(made.due), str(made.freight_list)) == (due, fee)
    assert steps(made) == taken


def test_templates_charge_each_for_itself_and_measure_their_own_goods() -> None:
    lines = (line("1", "60.00", template=1), line("2", "30.00", template=2))
    rates = freight(free_from="50") | freight(template=2, first=(1, "5.00"), free_from="50")
    made = quote(Facts(lines, freights=rates))
    assert (made.freight_list, made.freight_due) == (Decimal("13.00"), Decimal("5.00"))
    assert [(fee.rule, str(fee.amount)) for fee in made.fees] == [
        ("freight:1", "8.00"),
        ("freight:2", "5.00"),
    ]


def test_lines_nobody_carries_are_named_and_pay_no_freight() -> None:
    lines = (line("1", "60.00", template=1), line("2", "30.00", template=2), line("3", template=3))
    made = quote(Facts(lines, freights=freight() | freight(template=2, delivers=False)))
    assert made.undeliverable == ("2", "3")
    assert made.freight_list == Decimal("8.00")


def test_freight_waits_for_the_region() -> None:
    assert not quote(Facts(BOX, freights=None)).is_freight_known
    assert quote(Facts(BOX, freights=None, delivery_mode="pickup")).is_freight_known
    assert quote(Facts((line("1"),), freights=None)).is_freight_known
