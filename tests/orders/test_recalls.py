"""A recall finds who has the goods, tells them and gives their money back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Batch
from catalog.services import recalls as stopping
from catalog.services import stock
from catalog.services.batches import BatchFacts
from orders.invariants import INVARIANTS
from orders.models import RecallCase, Refund
from orders.selectors import recalls as selector
from orders.services import recalls, refunds
from orders.terms import RefundKind
from shop.core import clock, long_work, numbers, outbox
from tests.factories import members, orders
from tests.factories.catalog import a_place, a_sku

pytestmark = pytest.mark.django_db
TOLD = {"title": "散装苹果", "reason": "发现金属碎屑", "advice": "请勿食用，等待退款", "actor": "user:1"}


def a_batch(sku, quantity, code="A"):
    stock.receive(
        place_id=a_place().pk,
        sku_id=sku.pk,
        quantity=quantity,
        actor="user:1",
        key=numbers.token(),
        batch_facts=BatchFacts(code, expires_on=clock.today() + timedelta(days=9)),
    )
    return Batch.objects.get(sku=sku, code=code)


def test_a_recall_reaches_buyers_and_returns_their_money_once():
    sku, other = a_sku(stock=0), a_sku(stock=9)
    batch, later = a_batch(sku, 5), None
    one = orders.shipped({sku: 3, other: 1})
    two = orders.received({sku: 2})
    later = a_batch(sku, 5, "B")
    spared = orders.shipped({sku: 1})
    waiting = orders.paid({sku: 1})
    with CaptureQueriesContext(connection) as queries:
        traced = selector.traced([batch.pk])
    assert len(queries) == 1
    assert [(row.number, row.member_id, row.pieces) for row in traced] == [
        (one.number, one.member_id, 3),
        (two.number, two.member_id, 2),
    ]
    recall = stopping.start(batch_ids=[batch.pk], **TOLD)
    outbox.drain_all()
    outbox.drain_all()
    cases = list(RecallCase.objects.order_by("pk"))
    assert [(case.order_id, case.pieces) for case in cases] == [(one.pk, 3), (two.pk, 2)]
    assert recalls.open_cases(recall_id=recall.pk) == 0
    assert selector.traced([later.pk])[0].number == spared.number
    refunds.request(
        order_id=two.pk,
        reason="",
        kind=RefundKind.GOODWILL,
        actor="user:1",
        quantities={two.lines.get().pk: 2},
    )
    job = recalls.ask_refund(recall_id=recall.pk, actor="user:1")
    for _ in range(2):
        done = [recalls.refund(case_id=case.pk, actor="user:1") for case in cases]
        assert done == [True, False]
    refund = Refund.objects.get(kind=RefundKind.RECALL)
    assert (refund.order, refund.amount) == (one, Decimal("30.00"))
    report = selector.report(recall)
    assert (report.orders, report.members, report.pieces) == (2, 2, 5)
    assert (report.refunded_orders, report.open_orders, report.in_trouble) == (1, 1, 1)
    assert report.amount == Decimal("30.00")
    assert job.kind == recalls.REFUND and long_work.kind(recalls.REFUND) is not None
    assert RecallCase.objects.filter(order=waiting).count() == 0
    assert not [rule.id for rule in INVARIANTS if rule.broken()]


def test_the_work_goes_order_by_order(django_capture_on_commit_callbacks):
    sku = a_sku(stock=0)
    batch = a_batch(sku, 4)
    buyers = [orders.shipped({sku: 2}, member=members.member()) for _ in range(2)]
    recall = stopping.start(batch_ids=[batch.pk], **TOLD)
    outbox.drain_all()
    job = recalls.ask_refund(recall_id=recall.pk, actor="user:1")

    class Counter:
        total = done = failed = 0

        def starts(self, total, message=""):
            self.total = total

        def step(self, count=1, *, failed=0):
            self.done += count
            self.failed += failed

    progress = Counter()
    outcome = recalls.run(job, progress)
    assert (progress.total, progress.done, progress.failed) == (2, 2, 0)
    assert outcome.facts == {"refunded": 2, "rest": 0}
    assert {refund.order_id for refund in Refund.objects.all()} == {order.pk for order in buyers}
    assert recalls.run(job, progress).facts == {"refunded": 0, "rest": 0}
