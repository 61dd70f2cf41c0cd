"""Two clerks count one shelf at the same moment; with a control that shows the danger is real."""

import pytest
from django.db import transaction

from catalog import locks
from catalog.errors.stocktakes import CountedAlready, SheetClosed
from catalog.invariants import INVARIANTS
from catalog.models import CountEntry, StockLevel, Stocktake, StocktakeLine
from catalog.services import count_booking, counting, stock, stocktakes, transfers
from catalog.services.stock import Want
from catalog.terms.stocktakes import EntryKind
from shop.core.transactions import unit
from tests.factories.catalog import PlaceFactory, a_place, a_sku
from tests.races import Meeting, run_all, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def a_line(on_hand: int) -> StocktakeLine:
    a_sku(stock=on_hand)
    sheet = stocktakes.open_sheet(place_id=a_place().pk, title="盘点", actor="user:1")
    return sheet.lines.get()


def test_two_clerks_of_one_shelf_lose_nothing_and_book_nothing_twice():
    line = a_line(12)

    def count(number: int) -> None:
        who = f"user:{number}"
        try:
            counting.enter(line_id=line.pk, quantity=6, actor=who, key=f"{who}:a")
        except CountedAlready:
            counting.enter(line_id=line.pk, quantity=6, actor=who, key=f"{who}:b", kind=EntryKind.FOUND)

    outcome = run_together(2, count, pass_number=True)
    assert not outcome.problems
    line.refresh_from_db()
    assert (line.counted, line.variance, line.recount) == (12, 0, "")
    assert CountEntry.objects.count() == 2


def test_control_without_the_lock_both_clerks_are_first_and_one_count_is_lost(monkeypatch):
    line = a_line(12)
    meeting = Meeting(2)

    def unlocked(stocktake_id: int) -> Stocktake:
        return Stocktake.objects.get(pk=stocktake_id)

    concluding = counting._conclude

    def late(*given) -> None:
        meeting.wait()
        concluding(*given)

    monkeypatch.setattr(locks, "stocktake", unlocked)
    monkeypatch.setattr(counting, "_books", lambda level: counting.Books(12, 1))
    monkeypatch.setattr(counting, "_conclude", late)
    outcome = run_together(
        2,
        lambda n: counting.enter(line_id=line.pk, quantity=6, actor=f"user:{n}", key=str(n)),
        pass_number=True,
    )
    assert not outcome.of(CountedAlready)
    line.refresh_from_db()
    assert line.counted == 6 and CountEntry.objects.count() == 2


def test_counting_while_goods_are_sold_books_exactly_what_was_missing():
    line = a_line(60)
    sku_id = line.level.sku_id
    reality = {"pieces": 57}

    @unit
    def sell(number: int) -> None:
        stock.reserve(reference=f"order:{number}", wants=[Want("1", sku_id, 1)])
        stock.consume(reference=f"order:{number}", line_keys=["1"], actor="system")

    @unit
    def count() -> None:
        """What a clerk sees is what the books say less the three that are gone, at the moment of writing."""
        level = locks.levels([line.level_id])[0]
        reality["pieces"] = level.on_hand - 3
        StockLevel.objects.get(pk=level.pk)

    for number in range(4):
        sell(number)
    count()
    actions = [lambda n=n: sell(n) for n in range(10, 18)]
    line = counting.enter(line_id=line.pk, quantity=reality["pieces"], actor="user:1", key="k")
    outcome = run_all([*actions, lambda: stocktakes.hand_in(stocktake_id=line.stocktake_id, actor="user:1")])
    assert not outcome.problems
    more = [lambda n=n: sell(n) for n in range(20, 26)]
    approving = lambda: count_booking.approve(stocktake_id=line.stocktake_id, actor="user:2")  # noqa: E731
    outcome = run_all([*more, approving, approving])
    assert len(outcome.of(SheetClosed)) == 1 and len(outcome.problems) == 1
    assert StockLevel.objects.get(pk=line.level_id).on_hand == 60 - 4 - 8 - 6 - 3
    assert all(not one.broken() for one in INVARIANTS)


def test_transfer_sent_twice_at_once_leaves_once_and_arrives_once():
    sku = a_sku(stock=10)
    store = PlaceFactory()
    transfer = transfers.draft(
        source_id=a_place().pk, target_id=store.pk, actor="user:1", lines=[(sku.pk, 7)]
    )
    outcome = run_together(4, lambda: transfers.send(transfer_id=transfer.pk, actor="user:1"))
    assert len(outcome.results) == 1 and len(outcome.problems) == 3
    outcome = run_together(4, lambda: transfers.receive(transfer_id=transfer.pk, arrived=[], actor="user:2"))
    assert len(outcome.results) == 1 and len(outcome.problems) == 3
    levels = {(level.place_id, level.pool): level.on_hand for level in StockLevel.objects.filter(sku=sku)}
    assert levels == {(a_place().pk, "spot"): 3, (store.pk, "transit"): 0, (store.pk, "spot"): 7}
    with transaction.atomic():
        assert all(not one.broken() for one in INVARIANTS)
