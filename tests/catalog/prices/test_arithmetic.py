"""Laws of calculated prices: within the bounds, on the tail, and no matter who was seen first."""

from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing import repricing, tails
from catalog.pricing.repricing import Goods, Rules

RULES = Rules(below=Decimal("0.04"), minimum_margin=Decimal("0.10"), ask_over=Decimal("0.20"))
yuan = st.decimals(min_value="0.01", max_value="9999.99", places=2)
tail = st.sampled_from(sorted(tails.STEPS))
rules = st.builds(
    Rules,
    below=st.decimals(min_value="0.03", max_value="0.05", places=3),
    minimum_margin=st.decimals(min_value="0", max_value="1", places=2),
    ask_over=st.decimals(min_value="0", max_value="1", places=2),
)
goods = st.builds(
    Goods,
    price=yuan,
    ceiling=yuan,
    tail=tail,
    market=st.lists(yuan, min_size=1, max_size=6).map(tuple),
    cost=yuan,
    floor=st.none() | yuan,
    must_ask=st.booleans(),
)


@given(goods, rules)
def test_a_proposal_lies_within_its_bounds_and_ends_on_its_tail(goods: Goods, rules: Rules) -> None:
    found = repricing.propose(goods, rules)
    if found.price is None:
        assert found.verdict == "keep"
        return
    assert goods.cost is not None
    assert found.price >= goods.cost * (1 + rules.minimum_margin)
    assert goods.floor is None or found.price >= goods.floor
    assert found.price <= goods.ceiling
    assert tails.fits(found.price, goods.tail)
    assert found.price == found.price.quantize(Decimal("0.01"))
    assert found.price != goods.price


@given(goods, rules, st.randoms())
def test_the_order_of_competitors_is_irrelevant(goods: Goods, rules: Rules, random: object) -> None:
    turned = list(goods.market)
    random.shuffle(turned)  # type: ignore[attr-defined]
    again = Goods(**{name: getattr(goods, name) for name in Goods.__slots__} | {"market": tuple(turned)})
    assert repricing.propose(again, rules) == repricing.propose(goods, rules)


@given(goods, rules)
def test_nothing_is_proposed_only_where_no_price_of_the_tail_fits(goods: Goods, rules: Rules) -> None:
    if repricing.propose(goods, rules).code not in ("no_room", "no_tail"):
        return
    low = repricing.lowest(goods, rules)
    assert low is not None
    step, first = tails.STEPS[goods.tail]
    steps = ((low - first) / step).to_integral_value(rounding=ROUND_CEILING)  # // of decimals cuts
    above = first if low <= first else first + step * steps
    assert above > goods.ceiling


@given(yuan, tail)
def test_rounding_goes_to_the_nearest_end_and_stays_there(price: Decimal, tail: str) -> None:
    found = tails.nearest(price, tail)
    assert found is not None
    assert tails.fits(found, tail)
    assert tails.nearest(found, tail) == found
    step, first = tails.STEPS[tail]
    assert abs(found - price) <= step / 2 or price < first


@pytest.mark.parametrize(
    ("price", "tail", "expected"),
    [
        ("20.10", "9_tenths", "19.90"),
        ("20.40", "9_tenths", "19.90"),
        ("20.41", "9_tenths", "20.90"),
        ("19.50", "99_cents", "19.99"),
        ("33", "9_yuan", "29.00"),
        ("260", "99_yuan", "299.00"),
        ("3.20", "9_yuan", "9.00"),
        ("12.34", "none", "12.34"),
    ],
)
def test_prices_end_as_shoppers_read_them(price: str, tail: str, expected: str) -> None:
    assert tails.nearest(Decimal(price), tail) == Decimal(expected)


@pytest.mark.parametrize(
    ("changes", "verdict", "code", "price"),
    [
        ({}, "change", "below_market", "18.90"),
        ({"market": ()}, "keep", "no_market", None),
        ({"cost": None}, "keep", "no_cost", None),
        ({"cost": Decimal("18.00")}, "change", "at_lowest", "19.90"),
        ({"ceiling": Decimal("17.50"), "price": Decimal("17.90")}, "change", "at_ceiling", "16.90"),
        ({"floor": Decimal("25.00")}, "keep", "no_room", None),
        ({"is_locked": True}, "keep", "locked", None),
        ({"must_ask": True}, "ask", "below_market", "18.90"),
        ({"is_set_today": True}, "keep", "set_today", None),
        ({"price": Decimal("18.90")}, "keep", "right_already", None),
        ({"price": Decimal("40.00"), "ceiling": Decimal("50.00")}, "ask", "below_market", "18.90"),
        ({"floor": Decimal("18.00"), "ceiling": Decimal("18.50")}, "keep", "no_tail", None),
    ],
)
def test_each_proposal_says_why(
    changes: dict[str, object], verdict: str, code: str, price: str | None
) -> None:
    plain = {
        "price": Decimal("21.90"),
        "ceiling": Decimal("21.90"),
        "tail": "9_tenths",
        "market": (Decimal("20.00"), Decimal("19.50")),
        "cost": Decimal("12.00"),
    }
    found = repricing.propose(Goods(**plain | changes), RULES)  # type: ignore[arg-type]
    assert (found.verdict, found.code) == (verdict, code)
    assert found.price == (Decimal(price) if price else None)
