"""Counting stock: what clerks say, what the books said then, and what is booked."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.errors.stocktakes import (
    AlreadyOnASheet,
    BeingCounted,
    CountedAlready,
    NeedsAnotherPerson,
    NothingCounted,
    NothingToCount,
    SheetClosed,
    StillToRecount,
)
from catalog.invariants import INVARIANTS
from catalog.models import CountEntry, Loss, Sku, StockLevel, StockMovement, Stocktake
from catalog.policies import COUNT_SELF_UP_TO
from catalog.services import count_booking, counting, pools, stock, stocktakes
from catalog.services.stock import Want
from catalog.terms.stocktakes import EntryKind, Recount
from shop.core.transactions import unit
from tests.factories.catalog import CategoryFactory, PlaceFactory, a_place, a_sku, stock_up

pytestmark = pytest.mark.django_db

ANNA, BEN, CHEN = "user:11", "user:12", "user:13"


def a_sheet(sku: Sku, **more: Any) -> tuple[Stocktake, Any]:
    sheet = stocktakes.open_sheet(place_id=a_place().pk, title="月末盘点", actor=ANNA, **more)
    return sheet, sheet.lines.get(level__sku=sku)


def count(line: Any, quantity: int, actor: str = ANNA, kind: str = "", key: str = "") -> Any:
    return counting.enter(
        line_id=line.pk,
        quantity=quantity,
        actor=actor,
        kind=kind,
        key=key or f"{actor}:{quantity}:{kind}:{line.pk}",
    )


@unit
def sell(sku: Sku, quantity: int, reference: str = "order:1") -> None:
    stock.reserve(reference=reference, wants=[Want("1", sku.pk, quantity)])
    stock.consume(reference=reference, line_keys=["1"], actor="system")


def nothing_is_broken() -> bool:
    return all(not one.broken() for one in INVARIANTS)


def test_difference_stays_true_while_sales_go_on():
    sku = a_sku(stock=20, cost_price=Decimal("3.00"))
    sheet, line = a_sheet(sku)
    sell(sku, 2, "order:before")
    assert count(line, 17).variance == -1
    sell(sku, 5, "order:after")
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    booked = count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    assert (booked.booked_count, booked.held_count) == (1, 0)
    assert StockLevel.objects.get(sku=sku).on_hand == 20 - 2 - 5 - 1
    movement = StockMovement.objects.get(reference=f"stocktake:{sheet.number}")
    assert (movement.delta_on_hand, movement.actor) == (-1, BEN)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.approved_by) == ("closed", BEN)
    assert nothing_is_broken()


def test_goods_reserved_but_still_there_are_counted_and_split_pools_are_one_heap():
    sku = a_sku(stock=10)
    pools.move(
        place_id=a_place().pk,
        sku_id=sku.pk,
        from_pool="spot",
        to_pool="activity",
        quantity=4,
        actor=ANNA,
        key="m",
    )
    sheet, line = a_sheet(sku)
    assert count(line, 3).variance == -7
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    left = dict(StockLevel.objects.filter(sku=sku).values_list("pool", "on_hand"))
    assert left == {"spot": 0, "activity": 3}
    assert nothing_is_broken()


def test_second_clerk_must_say_what_the_new_count_means():
    sku = a_sku(stock=12)
    sheet, line = a_sheet(sku)
    count(line, 5)
    with pytest.raises(CountedAlready) as told:
        count(line, 7, BEN)
    assert told.value.extra["by"] == ANNA and not told.value.extra["is_mine"]
    assert count(line, 7, BEN, EntryKind.FOUND).counted == 12
    assert count(line, 4, ANNA, EntryKind.INSTEAD).counted == 11
    assert count(line, 11, CHEN, EntryKind.CHECK).recount == ""
    assert count(line, 12, CHEN, EntryKind.CHECK).recount == Recount.DIFFERENT
    with pytest.raises(StillToRecount):
        stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    line = count(line, 12, CHEN, key="again")
    assert (line.round, line.counted, line.recount) == (2, 12, "")
    assert CountEntry.objects.filter(line=line).count() == 6


def test_same_key_again_counts_once():
    sku = a_sku(stock=12)
    _sheet, line = a_sheet(sku)
    count(line, 5, key="one")
    assert count(line, 5, key="one").counted == 5
    assert CountEntry.objects.count() == 1


def test_goods_that_move_between_two_parts_of_a_count_are_counted_again_in_one_go():
    sku = a_sku(stock=12)
    _sheet, line = a_sheet(sku)
    count(line, 5)
    sell(sku, 2)
    line = count(line, 5, BEN, EntryKind.FOUND)
    assert line.recount == Recount.MOVED
    line = count(line, 10, BEN, key="whole")
    assert (line.variance, line.recount) == (0, "")


def test_check_after_a_sale_expects_what_was_sold_to_be_gone():
    sku = a_sku(stock=12)
    _sheet, line = a_sheet(sku)
    count(line, 11)
    sell(sku, 3)
    assert count(line, 8, BEN, EntryKind.CHECK).recount == ""


def test_who_counted_approves_no_difference_but_another_person_does():
    sku = a_sku(stock=20, cost_price=Decimal("3.00"))
    sheet, line = a_sheet(sku)
    count(line, 18)
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    with pytest.raises(NeedsAnotherPerson) as told:
        count_booking.approve(stocktake_id=sheet.pk, actor=ANNA)
    assert told.value.extra["amount"] == "6.00"
    assert StockLevel.objects.get(sku=sku).on_hand == 20
    COUNT_SELF_UP_TO.set("6.00", actor="system")
    count_booking.approve(stocktake_id=sheet.pk, actor=ANNA)
    assert StockLevel.objects.get(sku=sku).on_hand == 18


def test_pieces_promised_to_orders_keep_a_line_open_and_the_rest_is_booked():
    held, fine = a_sku(stock=5), a_sku(stock=5)
    with_order = unit(lambda: stock.reserve(reference="order:1", wants=[Want("1", held.pk, 4)]))
    with_order()
    sheet, line = a_sheet(held)
    count(line, 2)
    count(sheet.lines.get(level__sku=fine), 6)
    stocktakes.explain(line_id=line.pk, reason="damaged", note="压坏", actor=BEN)
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    booked = count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    assert (booked.booked_count, booked.held_count) == (1, 1)
    sheet.refresh_from_db()
    assert sheet.status == "review" and StockLevel.objects.get(sku=fine).on_hand == 6
    unit(lambda: stock.release(reference="order:1"))()
    count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    sheet.refresh_from_db()
    assert sheet.status == "closed" and StockLevel.objects.get(sku=held).on_hand == 2
    loss = Loss.objects.get()
    assert (loss.quantity, loss.reason) == (3, "damaged")
    assert nothing_is_broken()


def test_stock_corrected_after_the_count_is_counted_again_instead_of_booked_twice():
    sku = a_sku(stock=20)
    sheet, line = a_sheet(sku)
    count(line, 18)
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    stock.set_level(level_id=line.level_id, expected=20, value=18, actor=CHEN)
    booked = count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    assert (booked.booked_count, booked.recount_count) == (0, 1)
    assert StockLevel.objects.get(sku=sku).on_hand == 18
    sheet.refresh_from_db()
    assert sheet.status == "counting"


def test_reviewer_sends_lines_back_and_what_nobody_counted_stays_or_is_nothing():
    one, two = a_sku(stock=3), a_sku(stock=4)
    sheet, line = a_sheet(one)
    with pytest.raises(NothingCounted):
        stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    count(line, 2)
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    with pytest.raises(SheetClosed):
        count(line, 3, BEN, EntryKind.FOUND)
    stocktakes.ask_recount(stocktake_id=sheet.pk, line_ids=[line.pk], actor=BEN)
    count(line, 3, key="second")
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA, is_rest_zero=True)
    count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    left = dict(StockLevel.objects.values_list("sku", "on_hand"))
    assert left == {one.pk: 3, two.pk: 0}
    assert nothing_is_broken()


def test_sheet_takes_a_place_a_category_or_a_shelf_and_goods_stand_on_one_open_sheet_only():
    fruit = CategoryFactory()
    apple = a_sku(stock=3, product__category=CategoryFactory(parent=fruit))
    soap = a_sku(stock=3)
    StockLevel.objects.filter(sku=soap).update(shelf="A-02")
    place = a_place().pk

    def sheet(**more: Any) -> Stocktake:
        return stocktakes.open_sheet(place_id=place, title="盘点", actor=ANNA, **more)

    first = sheet(category_id=fruit.pk)
    assert [line.level.sku_id for line in first.lines.all()] == [apple.pk]
    second = sheet(shelf="A")
    assert [line.level.sku_id for line in second.lines.all()] == [soap.pk]
    with pytest.raises(AlreadyOnASheet):
        sheet()
    stocktakes.cancel(stocktake_id=first.pk, actor=ANNA)
    stocktakes.cancel(stocktake_id=second.pk, actor=ANNA)
    assert sheet().lines.count() == 2
    with pytest.raises(NothingToCount):
        stocktakes.open_sheet(place_id=PlaceFactory().pk, title="盘点", actor=ANNA)


def test_freezing_sheet_lets_sales_through_and_bookings_by_hand_wait():
    sku = a_sku(stock=10)
    sheet, line = a_sheet(sku, is_freezing=True)
    sell(sku, 1)
    for booking in (
        lambda: stock.adjust(level_id=line.level_id, delta=-1, reason="lost", actor=BEN),
        lambda: stock_up(sku, 5),
    ):
        with pytest.raises(BeingCounted):
            booking()
    count(line, 8)
    stocktakes.hand_in(stocktake_id=sheet.pk, actor=ANNA)
    count_booking.approve(stocktake_id=sheet.pk, actor=BEN)
    stock_up(sku, 5)
    assert StockLevel.objects.get(sku=sku).on_hand == 13
