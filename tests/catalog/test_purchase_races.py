"""Two clerks and one delivery; each race with a control that shows the danger is real."""

import pytest
from django.db import transaction

from catalog.errors.purchasing import NotReceivable, OverDelivered
from catalog.invariants import INVARIANTS
from catalog.models import GoodsReceipt, PurchaseLine, PurchaseOrder, StockLevel
from catalog.services import automatic_orders, purchase_orders, stock, suppliers
from catalog.services.purchase_orders import Received
from catalog.terms.purchasing import PurchaseStatus
from tests.factories.catalog import a_place, a_sku
from tests.factories.purchasing import a_source, an_order
from tests.races import Meeting, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_two_clerks_receive_the_same_delivery_once():
    sources = [a_source(a_sku(stock=0)) for _ in range(1)]
    for round_ in range(5):
        order = an_order(*sources, packs=10)
        before = sum(one.on_hand for one in StockLevel.objects.all())

        def take(number: int, order: PurchaseOrder = order, round_: int = round_) -> None:
            purchase_orders.receive(
                order_id=order.pk,
                lines=[Received(sources[0].sku_id, 9, 1)],
                actor=f"user:{number}",
                key=f"{round_}-{number}",
            )

        outcome = run_together(2, take, pass_number=True)
        assert len(outcome.results) == 1
        assert len(outcome.of(NotReceivable) + outcome.of(OverDelivered)) == 1
        assert sum(one.on_hand for one in StockLevel.objects.all()) == before + 10
        order.refresh_from_db()
        assert order.status == PurchaseStatus.RECEIVED
    assert not [one.id for one in INVARIANTS if one.broken()]


def test_the_same_key_from_two_phones_is_one_receipt():
    order = an_order(a_source(a_sku(stock=0)), packs=10)
    sku_id = order.lines.get().sku_id

    def take() -> int:
        lines = [Received(sku_id, 4)]
        return purchase_orders.receive(order_id=order.pk, lines=lines, actor="user:1", key="one").pk

    outcome = run_together(4, take)
    assert len(set(outcome.results)) == 1
    assert not outcome.problems
    assert GoodsReceipt.objects.count() == 1
    assert order.lines.get().received_good == 4


def test_control_without_the_lock_both_clerks_take_the_delivery_in():
    order = an_order(a_source(a_sku(stock=0)), packs=10)
    meeting = Meeting(2)

    def take_carelessly(number: int) -> None:
        with transaction.atomic():
            line = PurchaseLine.objects.get(order=order)
            if line.open_quantity < 10:
                raise OverDelivered(code="", open=line.open_quantity)
            meeting.wait()
            PurchaseLine.objects.filter(pk=line.pk).update(received_good=line.received_good + 10)
            stock.receive(
                place_id=order.place_id, sku_id=line.sku_id, quantity=10, actor="x", key=f"c{number}"
            )

    outcome = run_together(2, take_carelessly, pass_number=True)
    assert len(outcome.results) == 2
    assert StockLevel.objects.get().on_hand == 20


def test_automatic_orders_at_once_share_one_cap():
    source = a_source(a_sku(), price="100.00")
    suppliers.agree(source_id=source.pk, order_cap=100, month_cap=250, actor="system")

    def place(number: int) -> str:
        return automatic_orders.place(
            supplier_id=source.supplier_id,
            place_id=place_id,
            lines=[(source.sku_id, 1)],
            reference=f"reorder:{number}",
        ).status

    place_id = a_place().pk
    outcome = run_together(4, place, pass_number=True)
    assert sorted(outcome.results) == ["sent", "sent", "waiting", "waiting"]


def test_one_reference_makes_one_order():
    source = a_source(a_sku())
    place_id = a_place().pk
    outcome = run_together(
        3,
        lambda: (
            automatic_orders.place(
                supplier_id=source.supplier_id,
                place_id=place_id,
                lines=[(source.sku_id, 1)],
                reference="reorder:same",
            ).pk
        ),
    )
    assert len(set(outcome.results)) == 1
    assert PurchaseOrder.objects.count() == 1
