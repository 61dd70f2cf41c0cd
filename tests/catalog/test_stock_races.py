"""What happens when many want the same goods at once; each with a control that shows the danger is real."""

import random

import pytest
from django.db import transaction

from catalog.errors import SoldOut, StockMoved, StockTooLow
from catalog.invariants import INVARIANTS
from catalog.models import Reservation, StockLevel, StockMovement
from catalog.services import stock
from catalog.services.stock import Want
from shop.core.transactions import unit
from tests.factories.catalog import PlaceFactory, a_sku, stock_up
from tests.races import Meeting, run_all, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

BUYERS = 50


@unit
def buy(number: int, wants: list[Want]) -> None:
    stock.reserve(reference=f"order:{number}", wants=wants)


def test_last_piece_goes_to_one_of_fifty_buyers():
    sku = a_sku(stock=1)
    outcome = run_together(BUYERS, lambda n: buy(n, [Want("1", sku.pk, 1)]), pass_number=True)
    assert len(outcome.results) == 1
    assert len(outcome.of(SoldOut)) == BUYERS - 1
    level = StockLevel.objects.get(sku=sku)
    assert (level.on_hand, level.reserved) == (1, 1)
    assert Reservation.objects.count() == 1
    assert StockMovement.objects.filter(reason="reserved").count() == 1


def test_control_reading_first_and_writing_later_sells_the_last_piece_often():
    sku = a_sku(stock=1)
    meeting = Meeting(8)

    def buy_carelessly() -> None:
        with transaction.atomic():
            level = StockLevel.objects.get(sku=sku)
            if level.available < 1:
                raise SoldOut(sku_id=sku.pk, available=0)
            meeting.wait()
            level.reserved += 1
            level.save()

    outcome = run_together(8, buy_carelessly)
    assert len(outcome.results) > 1


def test_scarce_goods_are_shared_out_exactly():
    sku = a_sku(stock=30)
    outcome = run_together(BUYERS, lambda n: buy(n, [Want("1", sku.pk, 1 + n % 3)]), pass_number=True)
    held = sum(row.quantity for row in Reservation.objects.all())
    level = StockLevel.objects.get(sku=sku)
    assert level.reserved == held <= 30
    assert 30 - held < 3
    assert len(outcome.results) + len(outcome.of(SoldOut)) == BUYERS


def test_an_order_that_has_to_look_elsewhere_holds_nothing_twice():
    places = [PlaceFactory(position=n) for n in range(6)]
    for _ in range(3):
        plenty, scarce = a_sku(stock=0), a_sku(stock=0)
        for place in places:
            stock_up(plenty, 100, place)
            stock_up(scarce, 1, place)
        wants = [Want("1", plenty.pk, 1), Want("2", scarce.pk, 1)]
        outcome = run_together(10, lambda n, w=wants: buy(n + 100 * w[0].sku_id, w), pass_number=True)
        assert (len(outcome.results), len(outcome.of(SoldOut))) == (6, 4)
        assert not [one.id for one in INVARIANTS if one.broken()]


def test_counted_stock_meets_a_reservation():
    for round_ in range(10):
        sku = a_sku(stock=5)
        level = StockLevel.objects.get(sku=sku)

        def count(level=level) -> str:
            stock.set_level(level_id=level.pk, expected=5, value=2, actor="user:1", reason="")
            return "counted"

        outcome = run_all([count, lambda n=round_, pk=sku.pk: buy(n, [Want("1", pk, 4)]) or "held"])
        level.refresh_from_db()
        if outcome.results == ["counted"]:
            assert (level.on_hand, level.reserved) == (2, 0)
            assert len(outcome.of(SoldOut)) == 1
        else:
            assert outcome.results == ["held"]
            assert (level.on_hand, level.reserved) == (5, 4)
            assert len(outcome.of(StockTooLow)) == 1


def test_control_stock_set_from_what_was_read_before_forgets_the_reservation():
    """R12 without the rule: an import or a count reads the row and saves it after an order came between."""
    sku = a_sku(stock=5)
    have_read, have_bought = Meeting(2), Meeting(2)

    def count_carelessly() -> str:
        with transaction.atomic():
            level = StockLevel.objects.get(sku=sku)
            have_read.wait()
            have_bought.wait()
            level.on_hand = 2
            level.save()
        return "counted"

    def buy_meanwhile() -> str:
        have_read.wait()
        buy(1, [Want("1", sku.pk, 4)])
        have_bought.wait()
        return "held"

    outcome = run_all([count_carelessly, buy_meanwhile])
    assert sorted(outcome.results) == ["counted", "held"]
    level = StockLevel.objects.get(sku=sku)
    assert (level.on_hand, level.reserved, Reservation.objects.get().open_count) == (2, 0, 4)
    assert [one.id for one in INVARIANTS if one.broken()]


def test_of_two_counts_of_the_same_stock_one_is_refused():
    level = StockLevel.objects.get(sku=a_sku(stock=5))
    outcome = run_all(
        [
            lambda value=value: stock.set_level(
                level_id=level.pk, expected=5, value=value, actor="user:1", reason=""
            )
            for value in (7, 9)
        ]
    )
    assert len(outcome.results) == len(outcome.of(StockMoved)) == 1


def test_opposite_order_of_goods_never_deadlocks():
    first, second = a_sku(stock=100_000), a_sku(stock=100_000)

    def shop(number: int) -> None:
        for round_ in range(50):
            skus = [first, second] if (number + round_) % 2 else [second, first]
            wants = [Want(str(n), sku.pk, 1) for n, sku in enumerate(skus)]
            with transaction.atomic():  # no retry: a deadlock would surface
                stock.reserve(reference=f"order:{number}-{round_}", wants=wants)
            if random.random() < 0.5:
                with transaction.atomic():
                    stock.release(reference=f"order:{number}-{round_}")

    outcome = run_together(4, shop, pass_number=True)
    assert not outcome.problems
    assert len(outcome.results) == 4


def test_control_rows_locked_one_by_one_in_opposite_order_deadlock():
    levels = [StockLevel.objects.get(sku=a_sku()).pk for _ in range(2)]
    meeting = Meeting(2)

    def hold_in(order: list[int]) -> None:
        with transaction.atomic():
            StockLevel.objects.filter(pk=order[0]).update(reserved=1)
            meeting.wait()
            StockLevel.objects.filter(pk=order[1]).update(reserved=1)

    outcome = run_all([lambda: hold_in(levels), lambda: hold_in(levels[::-1])])
    assert any("deadlock" in str(problem) for problem in outcome.problems)


def test_reservation_ends_once_whoever_is_first():
    for round_ in range(10):
        sku = a_sku(stock=6)
        buy(round_, [Want("1", sku.pk, 3)])
        buy(100 + round_, [Want("1", sku.pk, 3)])  # must not be touched by the others

        @unit
        def give_back(reference=f"order:{round_}") -> int:
            return stock.release(reference=reference)

        @unit
        def hand_out(reference=f"order:{round_}") -> int:
            return sum(pieces for _, pieces in stock.consume(reference=reference, actor="user:1"))

        outcome = run_all([give_back, give_back, hand_out, hand_out])
        assert sorted(outcome.results)[-1] == 3
        assert sum(outcome.results) == 3
        level = StockLevel.objects.get(sku=sku)
        assert (level.on_hand, level.reserved) in {(6, 3), (3, 3)}
