"""Goods on the way between places: out of one, nobody's to buy, into the other, every piece explained."""

from datetime import timedelta
from typing import Any

import pytest

from catalog.errors import SoldOut
from catalog.errors.transfers import TransferDiffers, TransferEmpty, TransferOver, TransferTooLarge
from catalog.invariants import INVARIANTS
from catalog.models import BatchLevel, Loss, Sku, StockLevel, Transfer
from catalog.selectors import stock as selector
from catalog.services import stock, transfers
from catalog.services.batches import BatchFacts
from catalog.services.stock import Want
from catalog.services.transfers import Arrived
from shop.core import clock
from shop.core.errors import Invalid
from shop.core.transactions import unit
from tests.factories.catalog import PlaceFactory, a_place, a_sku

pytestmark = pytest.mark.django_db

ANNA, BEN = "user:11", "user:12"


def a_transfer(*lines: tuple[Sku, int], **more: Any) -> Transfer:
    return transfers.draft(
        source_id=a_place().pk,
        target_id=PlaceFactory().pk,
        actor=ANNA,
        lines=[(sku.pk, quantity) for sku, quantity in lines],
        **more,
    )


def lying(sku: Sku) -> dict[tuple[int, str], int]:
    return {
        (level.place_id, level.pool): level.on_hand
        for level in StockLevel.objects.filter(sku=sku, on_hand__gt=0)
    }


def nothing_is_broken() -> bool:
    return all(not one.broken() for one in INVARIANTS)


def test_goods_on_the_way_are_nobodys_to_buy_and_arrive_with_their_batches():
    sku = a_sku(stock=0)
    today = clock.business_day(clock.page_now())
    here = a_place().pk
    for code, pieces, days in (("B2", 5, 20), ("B1", 4, 10)):
        stock.receive(
            place_id=here,
            sku_id=sku.pk,
            quantity=pieces,
            actor=ANNA,
            key=code,
            batch_facts=BatchFacts(code, expires_on=today + timedelta(days)),
        )
    transfer = a_transfer((sku, 6))
    assert selector.available([sku.pk])[sku.pk] == 9
    transfers.send(transfer_id=transfer.pk, actor=ANNA)
    there = transfer.target_id
    assert lying(sku) == {(here, "spot"): 3, (there, "transit"): 6}
    assert selector.available([sku.pk])[sku.pk] == 3
    with pytest.raises(SoldOut):
        unit(lambda: stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 4)]))()
    assert nothing_is_broken()
    transfers.receive(transfer_id=transfer.pk, arrived=[], actor=BEN)
    assert lying(sku) == {(here, "spot"): 3, (there, "spot"): 6}
    there_by_batch = dict(
        BatchLevel.objects.filter(level__place=there, on_hand__gt=0).values_list("batch__code", "on_hand")
    )
    assert there_by_batch == {"B1": 4, "B2": 2}
    assert nothing_is_broken()


def test_differences_are_told_with_a_reason_and_booked():
    sku, other = a_sku(stock=10), a_sku(stock=10)
    transfer = a_transfer((sku, 10), (other, 5))
    transfers.send(transfer_id=transfer.pk, actor=ANNA)
    there = transfer.target_id
    for wrong in (
        Arrived(sku.pk, good=8),
        Arrived(sku.pk, good=8, missing=2),
        Arrived(sku.pk, good=8, damaged=1, reason="lost"),
        Arrived(sku.pk, good=10, missing=1, extra=1, reason="lost"),
    ):
        with pytest.raises(TransferDiffers):
            transfers.receive(transfer_id=transfer.pk, arrived=[wrong], actor=BEN)
    assert lying(sku) == {(there, "transit"): 10}
    transfers.receive(
        transfer_id=transfer.pk,
        arrived=[
            Arrived(sku.pk, good=7, damaged=2, missing=1, reason="lost", note="少一箱"),
            Arrived(other.pk, good=6, extra=1, reason="corrected"),
        ],
        actor=BEN,
    )
    assert lying(sku) == {(there, "spot"): 7, (there, "defect"): 2}
    assert lying(other) == {(a_place().pk, "spot"): 5, (there, "spot"): 6}
    loss = Loss.objects.get()
    assert (loss.quantity, loss.reason, loss.note) == (1, "lost", "少一箱")
    assert nothing_is_broken()


def test_too_much_is_refused_with_every_line_that_is_not_free_and_nothing_moves():
    sku, other = a_sku(stock=3), a_sku(stock=9)
    unit(lambda: stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 2)]))()
    transfer = a_transfer((other, 9), (sku, 2))
    with pytest.raises(TransferTooLarge) as told:
        transfers.send(transfer_id=transfer.pk, actor=ANNA)
    assert told.value.extra["lines"] == [(sku.code, 2, 1)]
    assert lying(other) == {(a_place().pk, "spot"): 9}
    transfers.put_line(transfer_id=transfer.pk, sku_id=sku.pk, quantity=1, actor=ANNA)
    transfers.send(transfer_id=transfer.pk, actor=ANNA)
    assert nothing_is_broken()


def test_goods_that_come_back_lie_at_the_source_again():
    sku = a_sku(stock=6)
    transfer = a_transfer((sku, 6))
    transfers.send(transfer_id=transfer.pk, actor=ANNA)
    transfers.take_back(transfer_id=transfer.pk, actor=ANNA, reason="收货人不在")
    assert lying(sku) == {(a_place().pk, "spot"): 6}
    with pytest.raises(TransferOver):
        transfers.receive(transfer_id=transfer.pk, arrived=[], actor=BEN)
    assert nothing_is_broken()


def test_draft_moves_nothing_and_ends_when_called_off():
    sku = a_sku(stock=6)
    empty = a_transfer()
    with pytest.raises(TransferEmpty):
        transfers.send(transfer_id=empty.pk, actor=ANNA)
    line = transfers.put_line(transfer_id=empty.pk, sku_id=sku.pk, quantity=2, actor=ANNA)
    line = transfers.put_line(transfer_id=empty.pk, sku_id=sku.pk, quantity=2, actor=ANNA, is_more=True)
    assert line and line.quantity == 4
    assert transfers.put_line(transfer_id=empty.pk, sku_id=sku.pk, quantity=0, actor=ANNA) is None
    transfers.cancel(transfer_id=empty.pk, actor=ANNA)
    with pytest.raises(TransferOver):
        transfers.put_line(transfer_id=empty.pk, sku_id=sku.pk, quantity=1, actor=ANNA)
    with pytest.raises(Invalid):
        transfers.draft(source_id=a_place().pk, target_id=a_place().pk, actor=ANNA)
    assert lying(sku) == {(a_place().pk, "spot"): 6}
