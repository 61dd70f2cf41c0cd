"""Orders to suppliers: written, approved, sent, received, and what the goods cost then."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.errors.purchasing import (
    AlreadyExpired,
    BelowOrderMinimum,
    BelowSupplierMinimum,
    ExpiryMissing,
    NotOrdered,
    NotReceivable,
    NotSupplied,
    OverDelivered,
    OwnApproval,
    SupplierAsleep,
)
from catalog.invariants import INVARIANTS
from catalog.models import Batch, GoodsReceipt, Sku, StockLevel, SupplierPrice
from catalog.policies import COST_FOLLOWS, OVER_DELIVERY
from catalog.selectors import supply
from catalog.services import costs, purchase_orders
from catalog.services.purchase_orders import Received
from catalog.terms import Pool
from catalog.terms.purchasing import PurchaseStatus, SourceRank
from shop.core import clock
from shop.core.errors import IllegalMove, KeyReused
from tests.factories.catalog import a_place, a_sku
from tests.factories.purchasing import BOSS, BUYER, SupplierFactory, a_source, an_order

pytestmark = pytest.mark.django_db


def on_hand(sku: Sku, pool: str = Pool.SPOT) -> int:
    level = StockLevel.objects.filter(sku=sku, pool=pool).first()
    return level.on_hand if level else 0


def test_pieces_become_whole_packs_and_money_is_exact_by_the_pack():
    source = a_source(a_sku(), price="100.00", pack_size=12, unit="箱", article="A-7")
    order = purchase_orders.draft(
        supplier_id=source.supplier_id,
        place_id=a_place().pk,
        lines=[(source.sku_id, 25, None), (source.sku_id, 5, None)],
        actor=BUYER,
    )
    line = order.lines.get()
    assert (line.pack_count, line.quantity, line.amount, line.article) == (3, 36, Decimal("300.00"), "A-7")
    assert order.amount == Decimal("300.00")
    with pytest.raises(NotSupplied):
        purchase_orders.draft(
            supplier_id=source.supplier_id,
            place_id=a_place().pk,
            lines=[(a_sku().pk, 1, None)],
            actor=BUYER,
        )
    source.supplier.is_active = False
    source.supplier.save()
    with pytest.raises(SupplierAsleep):
        an_order(source)


def test_the_price_in_force_today_is_the_newest_that_has_begun():
    source = a_source(a_sku(), price="10.00")
    today = clock.today()
    for days, price in ((-1, "8.00"), (1, "6.00")):
        SupplierPrice.objects.create(
            source=source, price=Decimal(price), valid_from=today + timedelta(days=days), actor="system"
        )
    assert supply.terms_for([source.sku_id])[source.sku_id][0].price == Decimal("8.00")


def test_first_choice_comes_first_then_the_cheapest_piece_and_who_stands_by_last():
    sku = a_sku()
    stand_by = a_source(sku, price="1.00", rank=SourceRank.CONTINGENCY)
    dear = a_source(sku, price="9.00")
    cheap = a_source(sku, price="80.00", pack_size=10)
    first = a_source(sku, price="20.00", rank=SourceRank.PREFERRED)
    offers = supply.terms_for([sku.pk])[sku.pk]
    assert [one.source_id for one in offers] == [first.pk, cheap.pk, dear.pk, stand_by.pk]
    assert offers[1].piece_price == Decimal("8.0000")


def test_small_orders_are_approved_at_once_large_ones_by_somebody_else():
    source = a_source(a_sku(), price="299.99")
    small = an_order(source, packs=10, status="draft")
    assert purchase_orders.submit(order_id=small.pk, actor=BUYER).status == PurchaseStatus.APPROVED
    large = an_order(source, packs=11, status="draft")
    assert purchase_orders.submit(order_id=large.pk, actor="user:7").status == PurchaseStatus.WAITING
    for own in (BUYER, "user:7"):
        with pytest.raises(OwnApproval):
            purchase_orders.approve(order_id=large.pk, actor=own)
    with pytest.raises(IllegalMove):
        purchase_orders.send(order_id=large.pk, actor=BUYER)
    assert purchase_orders.approve(order_id=large.pk, actor=BOSS).approved_by == BOSS
    with pytest.raises(IllegalMove):
        purchase_orders.rewrite(order_id=large.pk, lines=[(source.sku_id, 1, None)], actor=BUYER)


def test_what_the_supplier_would_not_deliver_is_not_handed_in():
    source = a_source(a_sku(), price="10.00", minimum_packs=5, pack_size=2)
    order = an_order(source, packs=4, status="draft")
    with pytest.raises(BelowSupplierMinimum):
        purchase_orders.submit(order_id=order.pk, actor=BUYER)
    source.supplier.minimum_amount = Decimal("60")
    source.supplier.save()
    purchase_orders.rewrite(order_id=order.pk, lines=[(source.sku_id, 10, None)], actor=BUYER)
    with pytest.raises(BelowOrderMinimum):
        purchase_orders.submit(order_id=order.pk, actor=BUYER)
    order.refresh_from_db()
    assert (order.status, order.amount) == (PurchaseStatus.DRAFT, Decimal("50.00"))


def test_a_delivery_in_parts_fills_stock_apart_by_quality_and_adds_up_to_the_fen():
    sku = a_sku(stock=0)
    source = a_source(sku, price="10.00", pack_size=3)
    order = an_order(source, packs=1, freight_amount=Decimal("1.00"))
    parts = [
        purchase_orders.receive(order_id=order.pk, lines=[Received(sku.pk, *counts)], actor=BUYER, key=f"{n}")
        for n, counts in enumerate([(1, 0), (0, 1), (1, 0)])
    ]
    assert [one.amount for one in parts] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert sum(one.freight_amount for one in parts) == Decimal("1.00")
    assert (on_hand(sku), on_hand(sku, Pool.DEFECT)) == (2, 1)
    order.refresh_from_db()
    assert order.status == PurchaseStatus.RECEIVED
    assert parts[0].due_on == clock.today() + timedelta(days=30)
    with pytest.raises(NotReceivable):
        purchase_orders.receive(order_id=order.pk, lines=[Received(sku.pk, 1)], actor=BUYER, key="more")
    assert not [one.id for one in INVARIANTS if one.broken()]


def test_the_same_key_takes_goods_in_once():
    source = a_source(a_sku(stock=0))
    order, other = an_order(source), an_order(source)
    lines = [Received(source.sku_id, 4)]
    first = purchase_orders.receive(order_id=order.pk, lines=lines, actor=BUYER, key="k")
    assert purchase_orders.receive(order_id=order.pk, lines=lines, actor=BUYER, key="k") == first
    assert on_hand(source.sku) == 4
    with pytest.raises(KeyReused):
        purchase_orders.receive(order_id=other.pk, lines=lines, actor=BUYER, key="k")


def test_more_than_was_ordered_is_refused_beyond_the_tolerance():
    source = a_source(a_sku(stock=0))
    order = an_order(source, packs=20)
    too_many = [Received(source.sku_id, 20, 1)]
    with pytest.raises(OverDelivered):
        purchase_orders.receive(order_id=order.pk, lines=too_many, actor=BUYER, key="a")
    with pytest.raises(NotOrdered):
        purchase_orders.receive(order_id=order.pk, lines=[Received(a_sku().pk, 1)], actor=BUYER, key="a")
    assert (on_hand(source.sku), GoodsReceipt.objects.count()) == (0, 0)
    OVER_DELIVERY.set("0.05", actor="system")
    purchase_orders.receive(order_id=order.pk, lines=too_many, actor=BUYER, key="a")
    assert on_hand(source.sku) == 20


def test_goods_that_spoil_come_in_with_a_batch_and_a_day():
    source = a_source(a_sku(stock=0), needs_expiry=True)
    order = an_order(source)
    today = clock.today()

    def take(**label: object) -> None:
        lines = [Received(source.sku_id, 2, **label)]  # type: ignore[arg-type]
        purchase_orders.receive(order_id=order.pk, lines=lines, actor=BUYER, key="b")

    with pytest.raises(ExpiryMissing):
        take()
    with pytest.raises(ExpiryMissing):
        take(expires_on=today)
    with pytest.raises(AlreadyExpired):
        take(batch="L1", expires_on=today - timedelta(days=1))
    take(batch="L1", made_on=today, expires_on=today + timedelta(days=9))
    batch = Batch.objects.get(code="L1")
    assert (batch.supplier_id, batch.levels.get().on_hand) == (source.supplier_id, 2)


def test_costs_follow_as_a_moving_average_with_freight():
    sku = a_sku(stock=10, cost_price=Decimal("4.00"))
    source = a_source(sku, price="6.00")
    order = an_order(source, packs=10, freight_amount=Decimal("10.00"))
    purchase_orders.receive(order_id=order.pk, lines=[Received(sku.pk, 10)], actor=BUYER, key="c")
    sku.refresh_from_db()
    assert sku.cost_price == Decimal("5.50")
    COST_FOLLOWS.set(False, actor="system")
    again = an_order(source, packs=10)
    purchase_orders.receive(order_id=again.pk, lines=[Received(sku.pk, 10)], actor=BUYER, key="d")
    sku.refresh_from_db()
    assert sku.cost_price == Decimal("5.50")
    assert costs.averaged(Decimal("1"), 0, [(3, Decimal("2.3333"))]) == Decimal("2.33")


def test_what_is_on_the_way_counts_once_and_stops_when_it_is_here_or_given_up():
    sku, place = a_sku(stock=0), a_place()
    source = a_source(sku)
    key = (place.pk, sku.pk)
    an_order(source, packs=5, status="draft")
    sent = an_order(source, packs=7)
    assert supply.incoming([sku.pk]) == {key: 12}
    assert supply.incoming(with_planned=False) == {key: 7}
    sent.lines.update(confirmed_quantity=6)
    purchase_orders.receive(order_id=sent.pk, lines=[Received(sku.pk, 2)], actor=BUYER, key="e")
    assert supply.incoming([sku.pk], with_planned=False) == {key: 4}
    with pytest.raises(IllegalMove):
        purchase_orders.cancel(order_id=sent.pk, actor=BUYER, reason="")
    purchase_orders.close(order_id=sent.pk, actor=BUYER, reason="缺货")
    assert supply.incoming([sku.pk], with_planned=False) == {}


def test_received_orders_close_by_themselves_after_some_days():
    source = a_source(a_sku(stock=0), supplier=SupplierFactory())
    order = an_order(source, wanted_on=date(2026, 1, 1))
    purchase_orders.receive(order_id=order.pk, lines=[Received(source.sku_id, 10)], actor=BUYER, key="f")
    assert purchase_orders.close_old() == 0
    with clock.shifted(timedelta(days=8)):
        assert purchase_orders.close_old() == 1
    order.refresh_from_db()
    assert order.status == PurchaseStatus.CLOSED
