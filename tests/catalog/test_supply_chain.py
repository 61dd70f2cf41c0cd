"""Automatic orders within caps, orders issued again, goods sent back, what is owed, and how good who is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.errors.purchasing import NoOtherSupplier, NothingToSendBack
from catalog.models import PurchaseOrder, SkuDay, StockLevel, StockMovement
from catalog.policies import KEY_SKUS
from catalog.selectors import returnable, sourcing, supplier_accounts, supplier_scores, supply
from catalog.services import (
    automatic_orders,
    purchase_orders,
    reissues,
    supplier_returns,
    suppliers,
)
from catalog.services.purchase_orders import Received
from catalog.services.supplier_returns import GoingBack
from catalog.terms import Pool
from catalog.terms.purchasing import PurchaseOrigin, PurchaseStatus, ReturnReason, SourceRank
from shop.core import clock
from shop.core.errors import IllegalMove, Invalid
from shop.core.models import Decision, OutboxEvent
from tests.factories.catalog import a_place, a_sku
from tests.factories.purchasing import BUYER, SupplierFactory, a_source, an_order

pytestmark = pytest.mark.django_db


def place(source, pieces: int, reference: str) -> PurchaseOrder:
    return automatic_orders.place(
        supplier_id=source.supplier_id,
        place_id=a_place().pk,
        lines=[(source.sku_id, pieces)],
        reference=reference,
    )


def test_automatic_orders_go_out_within_the_caps_and_wait_beyond_them():
    source = a_source(a_sku(), price="100.00")
    assert place(source, 1, "a").status == PurchaseStatus.WAITING
    suppliers.agree(source_id=source.pk, order_cap=Decimal(200), month_cap=Decimal(300), actor=BUYER)
    sent = place(source, 2, "b")
    assert (sent.status, sent.approved_by, sent.origin) == (
        PurchaseStatus.SENT,
        "system",
        PurchaseOrigin.AUTOMATIC,
    )
    assert OutboxEvent.objects.filter(topic="catalog.SupplierToBeTold").count() == 1
    assert place(source, 2, "b") == sent
    for pieces, reference, rule in ((3, "c", "order_cap"), (2, "d", "month_cap")):
        order = place(source, pieces, reference)
        assert order.status == PurchaseStatus.WAITING
        decision = Decision.objects.get(reference=f"purchase:{order.number}")
        assert [one["rule"] for one in decision.rules] == [rule]
    purchase_orders.cancel(order_id=sent.pk, actor=BUYER, reason="")
    with clock.shifted(timedelta(days=32)):
        assert place(source, 2, "e").status == PurchaseStatus.SENT
    source.minimum_packs = 5
    source.save()
    assert place(source, 1, "f").status == PurchaseStatus.DRAFT
    suppliers.agree(
        source_id=source.pk,
        order_cap=Decimal(900),
        month_cap=Decimal(9000),
        actor=BUYER,
        ends_on=clock.today() - timedelta(days=1),
    )
    assert place(source, 5, "g").status == PurchaseStatus.WAITING
    with pytest.raises(Invalid):
        suppliers.agree(source_id=source.pk, order_cap=Decimal(3), month_cap=Decimal(2), actor=BUYER)


def test_an_open_order_moves_to_who_stands_by_with_what_is_still_missing():
    apples, pears = a_sku(stock=0), a_sku(stock=0)
    first = SupplierFactory()
    order = an_order(a_source(apples, supplier=first), a_source(pears, supplier=first), packs=10)
    cheap, stand_by = SupplierFactory(), SupplierFactory()
    a_source(apples, supplier=cheap, price="1.00")
    with pytest.raises(NoOtherSupplier):
        reissues.reissue(order_id=order.pk, actor=BUYER)
    order.refresh_from_db()
    assert order.status == PurchaseStatus.SENT
    a_source(pears, supplier=cheap, price="1.00")
    for sku in (apples, pears):
        a_source(sku, supplier=stand_by, price="20.00", rank=SourceRank.CONTINGENCY)
    purchase_orders.receive(order_id=order.pk, lines=[Received(apples.pk, 4)], actor=BUYER, key="r")
    made = reissues.reissue(order_id=order.pk, actor=BUYER)
    assert [(one.supplier, one.replaces, one.origin) for one in made] == [
        (stand_by, order, PurchaseOrigin.REISSUED)
    ]
    assert sorted(line.quantity for line in made[0].lines.all()) == [6, 10]
    order.refresh_from_db()
    assert order.status == PurchaseStatus.CLOSED
    with pytest.raises(IllegalMove):
        reissues.reissue(order_id=order.pk, actor=BUYER)


def test_without_one_who_has_everything_each_line_goes_where_it_is_best():
    apples, pears = a_sku(stock=0), a_sku(stock=0)
    first = SupplierFactory()
    order = an_order(a_source(apples, supplier=first), a_source(pears, supplier=first))
    dear, cheap = a_source(apples, price="9.00"), a_source(apples, price="5.00")
    other = a_source(pears, price="5.00")
    made = reissues.reissue(order_id=order.pk, actor=BUYER)
    assert {one.supplier_id for one in made} == {cheap.supplier_id, other.supplier_id}
    assert dear.supplier_id not in {one.supplier_id for one in made}


def test_goods_leave_stock_when_they_are_handed_over_and_are_credited_then():
    sku = a_sku(stock=0)
    source = a_source(sku, price="30.00", pack_size=3)
    order = an_order(source, packs=4)
    counted = [Received(sku.pk, 8, 4)]
    receipt = purchase_orders.receive(order_id=order.pk, lines=counted, actor=BUYER, key="x")
    rows = returnable.rows(supplier_id=source.supplier_id, place_id=order.place_id)
    assert [(row.pool, row.free) for row in rows] == [(Pool.DEFECT, 4), (Pool.SPOT, 8)]

    def draft(quantity: int, pool: str = Pool.DEFECT):
        return supplier_returns.draft(
            supplier_id=source.supplier_id,
            place_id=order.place_id,
            lines=[GoingBack(sku.pk, quantity, pool)],
            reason=ReturnReason.DEFECT,
            actor=BUYER,
        )

    with pytest.raises(NothingToSendBack):
        draft(5)
    back, again = draft(4), draft(4)
    assert back.amount == Decimal("40.00")
    supplier_returns.send(return_id=back.pk, actor=BUYER)
    assert StockLevel.objects.get(sku=sku, pool=Pool.DEFECT).on_hand == 0
    movement = StockMovement.objects.get(reference=f"supplier_return:{back.number}")
    assert (movement.reason, movement.delta_on_hand) == ("to_supplier", -4)
    with pytest.raises(NothingToSendBack):
        supplier_returns.send(return_id=again.pk, actor=BUYER)
    supplier_returns.cancel(return_id=again.pk, actor=BUYER)
    with pytest.raises(IllegalMove):
        supplier_returns.cancel(return_id=back.pk, actor=BUYER)
    supplier_returns.credit(return_id=back.pk, amount=Decimal("38.00"), actor=BUYER)
    assert supplier_accounts.owed([source.supplier_id]) == {source.supplier_id: Decimal("82.00")}
    assert receipt.amount == Decimal("120.00")


def test_money_counts_towards_the_oldest_delivery_and_the_rest_falls_due():
    supplier = SupplierFactory(payment_days=10)
    source = a_source(a_sku(stock=0), supplier=supplier, price="100.00")
    for ago, key in ((20, "old"), (5, "new")):
        with clock.shifted(-timedelta(days=ago)):
            order = an_order(source, packs=1)
            purchase_orders.receive(
                order_id=order.pk, lines=[Received(source.sku_id, 1)], actor=BUYER, key=key
            )
    account = supplier_accounts.account(supplier.pk)
    assert (account.owed, account.overdue, account.due_soon) == (200, 100, 100)
    for _ in range(2):
        suppliers.pay(
            supplier_id=supplier.pk, amount=Decimal(120), paid_on=clock.today(), actor=BUYER, key="p"
        )
    account = supplier_accounts.account(supplier.pk)
    assert (account.owed, account.overdue, account.due_soon) == (80, 0, 80)
    assert [one.balance for one in account.entries] == [100, 200, 80]


def test_the_rebate_ladder_is_estimated_over_the_running_period():
    supplier = SupplierFactory(rebate_period="quarter")
    suppliers.set_rebates(
        supplier=supplier, steps={Decimal(100): Decimal("0.01"), Decimal(500): Decimal("0.03")}, actor=BUYER
    )
    source = a_source(a_sku(stock=0), supplier=supplier, price="120.00")
    order = an_order(source, packs=1)
    purchase_orders.receive(order_id=order.pk, lines=[Received(source.sku_id, 1)], actor=BUYER, key="q")
    found = supplier_accounts.rebate(supplier)
    assert found is not None
    assert (found.estimate, found.rate, found.missing) == (Decimal("1.20"), Decimal("0.01"), Decimal(380))
    assert supplier_accounts.period("quarter", date(2026, 11, 22)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert supplier_accounts.period("month", date(2026, 2, 3)) == (date(2026, 2, 1), date(2026, 2, 28))


def test_the_score_comes_from_what_happened():
    sku, good, bad = a_sku(stock=0), SupplierFactory(lead_days=2), SupplierFactory(lead_days=2)
    sources = {good: a_source(sku, supplier=good, price="9.00"), bad: a_source(sku, supplier=bad)}
    for supplier, days, defect in ((good, 1, 0), (bad, 5, 1)):
        with clock.shifted(-timedelta(days=20)):
            order = an_order(sources[supplier], packs=20)
        with clock.shifted(-timedelta(days=20 - days)):
            counted = [Received(sku.pk, 20 - defect, defect)]
            purchase_orders.receive(order_id=order.pk, lines=counted, actor=BUYER, key=str(supplier.pk))
    found = supplier_scores.scores([good.pk, bad.pk])
    assert (found[good.pk].on_time, found[good.pk].quality, found[good.pk].price) == (100, 100, 100)
    assert found[bad.pk].on_time == 0
    assert found[bad.pk].quality == pytest.approx(50)
    assert found[bad.pk].price == pytest.approx(100 - 200 / 9)
    assert found[good.pk].total == 100 > (found[bad.pk].total or 0)
    assert sum(month.order_count for month in supplier_scores.months(bad.pk)) == 1
    with clock.shifted(-timedelta(days=9)):
        an_order(sources[good], packs=1)
    assert supplier_scores.scores([good.pk])[good.pk].on_time == 50, "what is overdue counts as late"
    nobody = SupplierFactory()
    assert supplier_scores.scores([nobody.pk])[nobody.pk].total is None


def test_key_goods_with_one_supplier_are_named_first():
    KEY_SKUS.set(1, actor="system")
    best, other, marked = a_sku(), a_sku(), a_sku()
    today = clock.today()
    SkuDay.objects.create(sku=best, on_date=today, sold_count=9)
    SkuDay.objects.create(sku=other, on_date=today, sold_count=3)
    assert sourcing.single_source_count() == 0, "a shop without suppliers isn't told"
    a_source(best)
    a_source(best)
    a_source(marked)
    suppliers.mark_codes(codes=[marked.code, "unknown"], is_key=True, actor=BUYER)
    found = sourcing.key_goods()
    assert [(one.sku, one.is_single) for one in found] == [(marked, True), (best, False)]
    assert sourcing.single_source_count() == 1
    suppliers.mark_key(sku_ids=[best.pk], is_key=False, actor=BUYER)
    assert [one.sku for one in sourcing.key_goods()] == [other, marked]


def test_one_supplier_is_the_first_choice_and_prices_keep_their_history():
    sku = a_sku()
    old, new = a_source(sku, rank=SourceRank.PREFERRED), SupplierFactory()
    source = suppliers.write_source(
        supplier_id=new.pk,
        sku_id=sku.pk,
        actor=BUYER,
        price=Decimal("7.00"),
        goods={"rank": SourceRank.PREFERRED},
        caps=(Decimal(10), Decimal(20)),
    )
    old.refresh_from_db()
    assert old.rank == SourceRank.ORDINARY
    assert source.agreement.is_active
    assert suppliers.set_price(source_id=source.pk, price=Decimal("7.00"), actor=BUYER) is None
    suppliers.write_source(
        supplier_id=new.pk,
        sku_id=sku.pk,
        actor=BUYER,
        price=Decimal("6.50"),
        goods={},
        valid_from=clock.today() + timedelta(days=3),
    )
    source.agreement.refresh_from_db()
    assert not source.agreement.is_active
    assert supply.terms_for([sku.pk])[sku.pk][0].price == Decimal("7.00")
    later = clock.today() + timedelta(days=3)
    assert supply.terms_for([sku.pk], on=later)[sku.pk][0].price == Decimal("6.50")
    assert source.prices.count() == 2


def test_pieces_promised_to_orders_stay_where_they_are():
    sku = a_sku(stock=5)
    source = a_source(sku)
    level = StockLevel.objects.get(sku=sku)
    StockLevel.objects.filter(pk=level.pk).update(reserved=3)
    rows = returnable.rows(supplier_id=source.supplier_id, place_id=level.place_id)
    assert [row.free for row in rows] == [2]
