"""What a second reader found in refunds of recalls."""

import pytest

from catalog.services import recalls as stopping
from orders.models import OrderLine, RecallCase, RefundLine
from orders.services import closing, recalls
from shop.core import outbox
from tests.books import broken
from tests.factories import orders
from tests.factories.catalog import a_bundle, a_sku, stock_up
from tests.orders.test_bundle_orders import parts_of, send
from tests.orders.test_bundle_orders import settle as settle_refund
from tests.orders.test_recalls import TOLD, a_batch

pytestmark = pytest.mark.django_db


def test_a_recall_returns_the_money_of_what_was_sent_and_still_sends_the_rest():
    sku = a_sku(stock=0)
    batch = a_batch(sku, 2)
    stock_up(sku, 9)
    order = orders.paid({sku: 5})
    order = send(order, lines={order.lines.get().pk: 2})
    stopping.start(batch_ids=[batch.pk], **TOLD)
    outbox.drain_all()
    case = RecallCase.objects.get(order=order)
    assert (case.pieces, recalls.refund(case_id=case.pk, actor="user:1")) == (2, True)
    refund = RecallCase.objects.get().refund
    assert RefundLine.objects.get(refund=refund).withdrawn_count == 0
    settle_refund(refund)
    assert OrderLine.objects.get(order=order).to_ship_count == 3
    assert not broken()
    send(order)
    assert not broken()


def test_components_refunded_before_are_not_recalled_again():
    tea, cup = a_sku(stock=0, price="12.00"), a_sku(stock=9, price="8.00")
    batch = a_batch(tea, 4)
    box = a_bundle({tea: 2, cup: 1}, price="25.00")
    order = send(orders.paid({box: 1}))
    stopping.start(batch_ids=[batch.pk], **TOLD)
    outbox.drain_all()
    part = parts_of(order)[tea.pk]
    refund = closing.give_back(order_id=order.pk, actor="user:1", reason="召回", pieces_of={part.pk: 2})
    settle_refund(refund)
    case = RecallCase.objects.get(order=order)
    assert recalls.pieces_to_refund(case) == {}
    assert not recalls.refund(case_id=case.pk, actor="user:1")
    assert not broken()


def test_a_recalled_bundle_takes_no_other_bundle_with_it():
    tea, cup = a_sku(stock=0, price="12.00"), a_sku(stock=9, price="8.00")
    batch = a_batch(tea, 2)
    stock_up(tea, 8)
    box = a_bundle({tea: 2, cup: 1}, price="25.00")
    order = orders.paid({box: 3})
    order = send(order, pieces_of={parts_of(order)[tea.pk].pk: 2})
    stopping.start(batch_ids=[batch.pk], **TOLD)
    outbox.drain_all()
    assert recalls.refund(case_id=RecallCase.objects.get(order=order).pk, actor="user:1")
    refund = RecallCase.objects.get().refund
    settle_refund(refund)
    inside = parts_of(order)
    assert (refund.amount, inside[tea.pk].to_ship_count, inside[cup.pk].to_ship_count) == (25, 4, 2)
    assert OrderLine.objects.get(order=order).to_ship_count == 2
    assert not broken()
    order = send(order)
    assert order.shipping_status == "shipped"
    assert not broken()
