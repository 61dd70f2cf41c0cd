from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core import money

amounts = st.integers(-10_000_000, 10_000_000).map(money.from_fen)
weights = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.one_of(st.integers(0, 10_000), st.integers(0, 10_000_00).map(money.from_fen)),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        (3, "3.00"),
        ("81", "81.00"),
    ],
)
def test_yuan_rounds_half_up(value: str | int, expected: str) -> None:
    assert str(money.yuan(value)) == expected


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError):
        money.yuan(0.1)  # type: ignore[arg-type]


def test_fen_come_and_go_whole() -> None:
    assert money.to_fen(Decimal("12.34")) == 1234
    assert money.from_fen(1234) == Decimal("12.34")
    with pytest.raises(ValueError, match="smaller than a fen"):
        money.to_fen(Decimal("0.001"))


def test_prices_are_shown_with_two_places() -> None:
    assert money.show(Decimal("12.3")) == "¥12.30"
    assert money.show(Decimal("-3")) == "-¥3.00"


@pytest.mark.parametrize(
    ("total", "given_weights", "expected"),
    [
        ("10.00", {"a": 1, "b": 1, "c": 1}, {"a": "3.34", "b": "3.33", "c": "3.33"}),
        ("0.01", {"b": 1, "a": 1}, {"a": "0.01", "b": "0.00"}),
        ("10.00", {"a": 0, "b": 0}, {"a": "5.00", "b": "5.00"}),
        ("50.00", {"a": 199, "b": 101}, {"a": "33.17", "b": "16.83"}),
        ("-0.03", {"a": 1, "b": 2}, {"a": "-0.01", "b": "-0.02"}),
        ("7.00", {"a": 0, "b": 3}, {"a": "0.00", "b": "7.00"}),
    ],
)
def test_split_follows_the_largest_remainder(
    total: str, given_weights: dict[str, int], expected: dict[str, str]
) -> None:
    assert money.split(Decimal(total), given_weights) == {k: Decimal(v) for k, v in expected.items()}


def test_nobody_to_share_with_is_an_error_unless_there_is_nothing() -> None:
    assert money.split(Decimal(0), {}) == {}
    with pytest.raises(ValueError, match="nobody"):
        money.split(Decimal(1), {})
    with pytest.raises(ValueError, match="negative"):
        money.split(Decimal(1), {"a": -1})


@given(amounts, weights)
def test_shares_always_add_up_and_stay_near_their_proportion(total: Decimal, by: dict[str, Decimal]) -> None:
    shares = money.split(total, by)
    assert sum(shares.values()) == total
    assert shares.keys() == by.keys()
    whole = sum(map(Decimal, by.values())) or Decimal(len(by))
    for key, share in shares.items():
        weight = Decimal(by[key]) if sum(map(Decimal, by.values())) else Decimal(1)
        assert abs(share - total * weight / whole) < Decimal("0.0101")
        assert share == share.quantize(money.FEN)


@given(amounts, weights)
def test_split_does_not_depend_on_the_order_of_keys(total: Decimal, by: dict[str, Decimal]) -> None:
    assert money.split(total, dict(reversed(by.items()))) == money.split(total, by)
