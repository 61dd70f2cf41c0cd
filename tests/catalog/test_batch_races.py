"""Batches when many want them at once; each rule with a control that shows the danger is real."""

from datetime import timedelta

import pytest
from django.db import transaction

from catalog.errors import SoldOut
from catalog.errors.batches import AlreadyRecalled
from catalog.invariants import INVARIANTS
from catalog.models import Batch, BatchLevel, Loss, Recall, StockLevel, StockMovement
from catalog.services import expiry, losses, pools, recalls, stock
from catalog.services.batches import BatchFacts
from catalog.services.stock import Want
from catalog.terms import LossReason, Pool
from shop.core import clock, numbers
from shop.core.transactions import unit
from tests.factories.catalog import a_place, a_sku
from tests.races import Meeting, run_all, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def receive(sku, quantity, code, days=5):
    return stock.receive(
        place_id=a_place().pk,
        sku_id=sku.pk,
        quantity=quantity,
        actor="user:1",
        key=numbers.token(),
        batch_facts=BatchFacts(code, expires_on=clock.today() + timedelta(days)),
    )


def move(sku, quantity, source="spot", target="activity", key=""):
    return pools.move(
        place_id=a_place().pk,
        sku_id=sku.pk,
        from_pool=source,
        to_pool=target,
        quantity=quantity,
        actor="user:1",
        key=key or numbers.token(),
    )


def broken():
    return [one.id for one in INVARIANTS if one.broken()]


def test_many_handing_out_at_once_share_batches_exactly():
    sku = a_sku(stock=4)
    receive(sku, 10, "A", 2)
    receive(sku, 10, "B", 9)

    @unit
    def buy(number):
        stock.reserve(reference=f"order:{number}", wants=[Want("1", sku.pk, 3)])
        stock.consume(reference=f"order:{number}", actor="user:1")

    outcome = run_together(8, buy, pass_number=True)
    assert not outcome.problems
    gone = {"A": 0, "B": 0, "": 0}
    for one in StockMovement.objects.filter(reason="consumed"):
        gone[one.batch] -= one.delta_on_hand
    assert gone == {"A": 10, "B": 10, "": 4}
    assert not BatchLevel.objects.filter(on_hand__gt=0).exists()
    assert not broken()


def test_control_choosing_batches_before_the_level_is_held_hands_out_a_batch_twice():
    sku = a_sku(stock=0)
    level = receive(sku, 2, "A")
    receive(sku, 2, "B", 9)
    meeting = Meeting(2)

    def careless() -> None:
        with transaction.atomic():
            row = BatchLevel.objects.filter(level=level, on_hand__gte=2).order_by("batch__expires_on")[0]
            code = Batch.objects.get(pk=row.batch_id).code
            meeting.wait()
            StockLevel.objects.filter(pk=level.pk).update(on_hand=row.level.on_hand - 2)
            BatchLevel.objects.filter(pk=row.pk).update(on_hand=row.on_hand - 2)
            StockMovement.objects.create(
                key=numbers.token(),
                level=level,
                delta_on_hand=-2,
                reason="consumed",
                batch=code,
                actor="user:1",
                created_at=clock.page_now(),
            )

    run_all([careless, careless])
    assert {"ST2", "BT2"} <= set(broken())


def test_the_same_move_pressed_twice_happens_once():
    sku = a_sku(stock=10)
    outcome = run_together(6, lambda: move(sku, 4, key="twice"))
    assert not outcome.problems
    assert sorted(len(moved) for moved in outcome.results) == [0, 0, 0, 0, 0, 2]
    levels = dict(StockLevel.objects.filter(sku=sku).values_list("pool", "on_hand"))
    assert levels == {"spot": 6, "activity": 4}


def test_moves_against_each_other_never_deadlock():
    sku = a_sku(stock=40)
    move(sku, 20)

    def back_and_forth(number):
        for _ in range(12):
            if number % 2:
                move(sku, 1)
            else:
                move(sku, 1, "activity", "spot")

    outcome = run_together(4, back_and_forth, pass_number=True)
    assert not outcome.problems
    assert sum(StockLevel.objects.filter(sku=sku).values_list("on_hand", flat=True)) == 40
    assert not broken()


def test_a_recall_meets_goods_being_handed_out():
    """Whoever is first: what left is known to the recall, what stayed never leaves."""
    for round_ in range(6):
        sku = a_sku(stock=0)
        receive(sku, 6, f"A{round_}")
        batch = Batch.objects.get(sku=sku)

        @unit
        def buy(number, pk=sku.pk):
            stock.reserve(reference=f"order:{number}", wants=[Want("1", pk, 1)])
            stock.consume(reference=f"order:{number}", actor="user:1")

        def recall(pk=batch.pk):
            return recalls.start(batch_ids=[pk], title="苹果", reason="异物", advice="勿食", actor="user:1")

        outcome = run_all(
            [recall, recall, *(lambda n=number, r=round_: buy(100 * r + n) for number in range(4))]
        )
        assert len(outcome.of(AlreadyRecalled)) == 1
        expiry.freeze_due()
        out = -sum(
            StockMovement.objects.filter(level__sku=sku, reason="consumed").values_list(
                "delta_on_hand", flat=True
            )
        )
        frozen = StockLevel.objects.get(sku=sku, pool=Pool.FROZEN).on_hand
        spot = StockLevel.objects.get(sku=sku, pool=Pool.SPOT)
        assert out + frozen + spot.on_hand == 6
        assert spot.available == 0
        assert recalls.handed_out_count([batch]) == out
    assert Recall.objects.count() == 6
    assert not broken()


def test_the_last_piece_is_sold_or_lost_but_not_both():
    for round_ in range(6):
        sku = a_sku(stock=1)

        @unit
        def buy(number=round_, pk=sku.pk):
            stock.reserve(reference=f"order:{number}", wants=[Want("1", pk, 1)])

        def lose(pk=sku.pk):
            losses.book(
                place_id=a_place().pk,
                sku_id=pk,
                quantity=1,
                reason=LossReason.SPOILED,
                actor="user:1",
                key=numbers.token(),
            )

        outcome = run_all([buy, lose])
        assert len(outcome.results) == len(outcome.problems) == 1
        assert Loss.objects.filter(level__sku=sku).count() == len(outcome.of(SoldOut))
    assert not broken()
