"""Batches: what expires first goes first, and what has expired or is recalled never goes out."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.errors import StockTooLow
from catalog.errors.batches import (
    AlreadyRecalled,
    BatchDiffers,
    BatchNotSellable,
    BatchTooLow,
    NothingFreshLeft,
)
from catalog.invariants import INVARIANTS
from catalog.models import Batch, BatchLevel, Loss, StockLevel, StockMovement
from catalog.services import batches, expiry, ledger, losses, pools, recalls, stock
from catalog.services.batches import BatchFacts
from catalog.services.stock import Want
from catalog.terms import LossReason, Pool
from shop.core import clock, numbers
from shop.core.errors import Invalid
from tests.factories.catalog import PlaceFactory, a_place, a_sku

pytestmark = pytest.mark.django_db


def receive(sku, quantity, code="", *, days=None, made=None, place=None, pool=Pool.SPOT):
    facts = None
    if code:
        today = clock.today()
        expires = None if days is None else today + timedelta(days)
        facts = BatchFacts(code, None if made is None else today + timedelta(made), expires)
    return stock.receive(
        place_id=(place or a_place()).pk,
        sku_id=sku.pk,
        quantity=quantity,
        actor="user:1",
        key=numbers.token(),
        pool=pool,
        batch_facts=facts,
    )


def hold(sku, quantity, reference):
    wants = [Want("1", sku.pk, quantity)]
    stock.reserve(reference=reference, wants=wants, mode="pickup", place_id=a_place().pk)


def hand_out(sku, quantity, reference="order:1"):
    with transaction.atomic():
        hold(sku, quantity, reference)
        stock.consume(reference=reference, actor="user:1")
    moved = StockMovement.objects.filter(reference=reference, reason="consumed").order_by("id")
    return [(one.batch, -one.delta_on_hand) for one in moved]


def move(sku, source, target, quantity, **kwargs):
    return pools.move(
        place_id=a_place().pk,
        sku_id=sku.pk,
        from_pool=source,
        to_pool=target,
        quantity=quantity,
        actor="user:1",
        **({"key": numbers.token()} | kwargs),
    )


def lying(sku):
    rows = BatchLevel.objects.filter(batch__sku=sku, on_hand__gt=0).select_related("batch", "level")
    return {(row.batch.code, row.level.pool): row.on_hand for row in rows}


def whole():
    return not [one.id for one in INVARIANTS if one.broken()]


def test_what_expires_first_is_handed_out_first_and_goods_without_a_batch_last():
    sku = a_sku(stock=3)
    receive(sku, 2, "LATE", days=20)
    receive(sku, 2, "SOON", days=3)
    receive(sku, 2, "ENDLESS")
    assert hand_out(sku, 7) == [("SOON", 2), ("LATE", 2), ("ENDLESS", 2), ("", 1)]
    assert lying(sku) == {}
    assert StockLevel.objects.get(sku=sku).on_hand == 2
    assert whole()


def test_handing_out_takes_a_fixed_number_of_queries_however_many_batches():
    sku = a_sku(stock=0)
    for number in range(8):
        receive(sku, 1, f"B{number}", days=number)
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 7)])
        with CaptureQueriesContext(connection) as queries:
            stock.consume(reference="order:1", actor="user:1")
    assert len(queries) == 6


def test_expired_goods_are_never_handed_out_and_nothing_changes():
    sku = a_sku(stock=1)
    receive(sku, 4, "OLD", days=0)
    with clock.shifted(timedelta(days=1)):
        with pytest.raises(NothingFreshLeft) as refusal:
            hand_out(sku, 2)
        assert refusal.value.extra["available"] == 1
        assert StockLevel.objects.get(sku=sku).reserved == 0
        assert hand_out(sku, 1, "order:2") == [("", 1)]
    assert whole()


def test_the_job_freezes_what_expired_but_for_what_orders_hold():
    sku = a_sku(stock=2)
    receive(sku, 5, "OLD", days=0)
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 4)])
    assert expiry.freeze_due() == 0
    with clock.shifted(timedelta(days=1)):
        assert expiry.freeze_due() == 3
        assert lying(sku) == {("OLD", "spot"): 2, ("OLD", "frozen"): 3}
        with transaction.atomic():
            stock.release(reference="order:1")
        assert expiry.freeze_due() == 2
        assert expiry.freeze_due() == 0
        with pytest.raises(BatchNotSellable):
            move(sku, Pool.FROZEN, Pool.SPOT, 1, batch="OLD")
        with pytest.raises(NothingFreshLeft):
            move(sku, Pool.FROZEN, Pool.SPOT, 1)
    assert lying(sku) == {("OLD", "frozen"): 5}
    assert whole()


def test_a_move_carries_batches_along_once():
    sku = a_sku(stock=1)
    receive(sku, 2, "A", days=5)
    receive(sku, 2, "B", days=9)
    assert [(one.batch, one.delta_on_hand) for one in move(sku, "spot", "activity", 3, key="k")] == [
        ("A", -2),
        ("B", -1),
        ("A", 2),
        ("B", 1),
    ]
    assert move(sku, "spot", "activity", 3, key="k") == []
    assert lying(sku) == {("A", "activity"): 2, ("B", "activity"): 1, ("B", "spot"): 1}
    with pytest.raises(StockTooLow):
        move(sku, "spot", "presale", 3)
    with pytest.raises(BatchTooLow):
        move(sku, "spot", "presale", 2, batch="B")
    for wrong in ({"quantity": 0}, {"target": "spot"}, {"target": "transit"}, {"target": "moon"}):
        args = {"source": "spot", "target": "presale", "quantity": 1} | wrong
        with pytest.raises(Invalid):
            move(sku, args["source"], args["target"], args["quantity"])
    assert whole()


def test_goods_of_a_pool_are_reserved_from_that_pool_alone():
    sku = a_sku(stock=3)
    move(sku, "spot", "presale", 2)
    with transaction.atomic():
        (held,) = stock.reserve(reference="order:1", wants=[Want("1", sku.pk, 2)], pool=Pool.PRESALE)
        assert held.level.pool == Pool.PRESALE
    with pytest.raises(Invalid), transaction.atomic():
        stock.reserve(reference="order:2", wants=[Want("1", sku.pk, 1)], pool=Pool.DEFECT)


def test_goods_that_come_back_go_into_the_batch_they_left():
    sku = a_sku(stock=1)
    receive(sku, 2, "A", days=5)
    hand_out(sku, 3)
    with transaction.atomic():
        back = {"place_id": a_place().pk, "actor": "user:1"}
        assert stock.put_back(reference="order:1", wants=[Want("1", sku.pk, 1)], **back) == 1
        assert stock.put_back(reference="order:1", wants=[Want("1", sku.pk, 1)], **back) == 0
        stock.put_back(
            reference="claim:7",
            wants=[Want("1", sku.pk, 2)],
            handed_out_for="order:1",
            pool=Pool.DEFECT,
            **back,
        )
    assert lying(sku) == {("A", "spot"): 1, ("A", "defect"): 1}
    assert sum(level.on_hand for level in StockLevel.objects.filter(sku=sku)) == 3
    assert whole()


def test_a_batch_is_known_by_its_label():
    sku, made = a_sku(stock=0), date(2026, 1, 1)
    batches.ensure(sku_id=sku.pk, facts=BatchFacts("A"))
    batch = batches.ensure(sku_id=sku.pk, facts=BatchFacts("A", made, date(2099, 1, 1)))
    assert (Batch.objects.get().made_on, batch.expires_on) == (made, date(2099, 1, 1))
    with pytest.raises(BatchDiffers):
        batches.ensure(sku_id=sku.pk, facts=BatchFacts("A", made, date(2099, 1, 2)))
    for wrong in (BatchFacts(" "), BatchFacts("x" * 41), BatchFacts("B", made, date(2025, 12, 31))):
        with pytest.raises(Invalid):
            batches.ensure(sku_id=sku.pk, facts=wrong)
    with pytest.raises(BatchNotSellable):
        receive(sku, 1, "OLD", days=-1)
    receive(sku, 1, "OLD", days=-1, pool=Pool.FROZEN)
    assert whole()


def test_losses_are_written_off_once_with_their_cost():
    sku = a_sku(stock=2, cost_price="4.00")
    receive(sku, 2, "A", days=5)
    book = {
        "place_id": a_place().pk,
        "sku_id": sku.pk,
        "quantity": 3,
        "reason": LossReason.SPOILED,
        "actor": "user:1",
        "key": "k",
    }
    rows = losses.book(**book)
    assert [(row.batch, row.quantity, row.unit_cost) for row in rows] == [("A", 2, 4), ("", 1, 4)]
    assert losses.book(**book) == []
    with pytest.raises(StockTooLow):
        losses.book(**book | {"key": "other"})
    with pytest.raises(Invalid):
        losses.book(**book | {"reason": "eaten", "key": "other"})
    level = StockLevel.objects.get(sku=sku)
    stock.adjust(level_id=level.pk, delta=-1, reason="damaged", actor="user:1")
    assert Loss.objects.filter(reason="damaged").count() == 1
    assert whole()


def test_a_recalled_batch_is_stopped_everywhere_at_once():
    sku, other = a_sku(stock=1), PlaceFactory()
    receive(sku, 4, "A", days=30)
    receive(sku, 2, "A", days=30, place=other)
    hand_out(sku, 3)
    with transaction.atomic():
        hold(sku, 2, "order:2")
    told = {"title": "苹果", "reason": "金属碎屑", "advice": "请勿食用", "actor": "user:1"}
    batch = Batch.objects.get()
    recall = recalls.start(batch_ids=[batch.pk], takes_off_shelf=True, **told)
    assert (recall.frozen_count, recall.handed_out_count) == (2, 3)
    sku.product.refresh_from_db()
    assert sku.product.status == "off_shelf"
    with pytest.raises(AlreadyRecalled):
        recalls.start(batch_ids=[batch.pk], **told)
    with pytest.raises(BatchNotSellable):
        receive(sku, 1, "A")
    with pytest.raises(NothingFreshLeft), transaction.atomic():
        stock.consume(reference="order:2", actor="user:1")
    assert recalls.close(recall_id=recall.pk, outcome="全部退款", actor="user:1")
    assert not recalls.close(recall_id=recall.pk, outcome="again", actor="user:1")
    assert whole()


def test_an_entry_may_not_borrow_goods_of_another_batch():
    sku = a_sku(stock=2)
    level = receive(sku, 3, "A", days=5)
    entry = ledger.Entry(level.pk, "k", "corrected", "user:1", on_hand=-4, batch="A")
    with pytest.raises(BatchTooLow), transaction.atomic():
        ledger.post([entry])
    assert lying(sku) == {("A", "spot"): 3}
