"""Whatever shoppers, staff, time and the bank do, in whatever order: the invariants hold after every step."""

import os
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog import invariants as goods_sentences
from catalog.errors import SoldOut
from catalog.models import StockLevel
from catalog.services import stock
from marketing import invariants as offers_sentences
from marketing.errors import LimitExceeded
from members import invariants as members_sentences
from orders import invariants as trade_sentences
from orders.gateways.base import RefundState
from orders.models import Order, OrderLine, Payment, Refund
from orders.services import closing, pickups, receipts, refunds
from orders.terms import DeliveryMode, OrderStatus, PaymentStatus
from shop.core import clock, numbers, outbox
from shop.core.errors import Refusal
from shop.core.invariants import Invariant
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_freight_template, a_sku
from tests.factories.marketing import a_limit, a_reduction, a_tier
from tests.factories.orders import STAFF, an_open_payment, place, settle, ship, to_address, to_store

SENTENCES = [
    sentence
    for app in (members_sentences, goods_sentences, offers_sentences, trade_sentences)
    for sentence in app.INVARIANTS
]
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
START = 12
SETTINGS = settings(
    max_examples=200 if DEEP else 25,
    stateful_step_count=50 if DEEP else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.django_db(transaction=True)


def check(sentences: list[Invariant]) -> None:
    broken = {f"{one.id} {one.statement}": rows for one in sentences if (rows := one.broken())}
    assert not broken


class Trade(RuleBasedStateMachine):
    """Two members, a store with three kinds of goods, and a plain count of what should lie where."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]
        self.stack.enter_context(block)
        self.stack.callback(transaction.set_rollback, True)
        PaperBank.forget()
        a_freight_template(is_default=True)
        a_tier()
        a_reduction()
        self.store = StoreFactory()
        self.skus = [
            a_sku(price=price, stock=START, place=self.store) for price in ("3.33", "19.90", "80.00")
        ]
        a_limit(self.skus[2], 6)
        self.members = [members.member(points_available=2000) for _ in range(2)]
        self.received = dict.fromkeys((sku.pk for sku in self.skus), START)

    def teardown(self) -> None:
        try:
            check(SENTENCES)
            self.bring_to_an_end()
            check(SENTENCES)
            assert not Order.objects.filter(status__in=[OrderStatus.UNPAID, OrderStatus.PAID]).exists()
            assert not StockLevel.objects.filter(reserved__gt=0).exists()
        finally:
            self.stack.close()

    def bring_to_an_end(self) -> None:
        """Whatever has happened, ordinary steps close or complete every order and free all that was held."""
        outbox.drain_all()
        for refund in Refund.objects.filter(status__in=["created", "processing", "abnormal"]):
            said = PaperBank.refunds.get(refund.number)
            if said is None or said.word == "abnormal":
                refunds.settle(
                    state=RefundState(refund.number, "succeeded", amount=refund.amount), gateway="wechat"
                )
        outbox.drain_all()
        for order in Order.objects.filter(status=OrderStatus.PAID, shipping_status__in=["none", "partial"]):
            if order.delivery_mode == DeliveryMode.EXPRESS:
                ship(order)
            else:
                pickups.verify(code=order.pickup.code, place_ids=None, actor=STAFF)
        with clock.shifted(timedelta(days=30)):
            closing.expire_due()
            receipts.confirm_due()
        outbox.drain_all()

    def some(self, pick: int, **which: Any) -> Order | None:
        """One of the orders that fit, or None."""
        rows = Order.objects.filter(**which).order_by("pk")
        count = rows.count()
        return rows[pick % count] if count else None

    def shopper(self, order: Order) -> str:
        return f"user:{order.member.user_id}"

    @rule(
        who=st.integers(0, 1),
        pieces=st.lists(st.integers(0, 4), min_size=3, max_size=3).filter(any),
        in_store=st.booleans(),
        points=st.sampled_from([0, 0, 150, 1000]),
        is_paid=st.booleans(),
    )
    def place_order(self, who: int, pieces: list[int], in_store: bool, points: int, is_paid: bool) -> None:
        member = self.members[who]
        wanted = {sku: count for sku, count in zip(self.skus, pieces, strict=True) if count}
        delivery = to_store(self.store) if in_store else to_address(member)
        with suppress(SoldOut, LimitExceeded):
            order = place(wanted, member=member, delivery=delivery, points=points)
            if is_paid:
                self._take(order)
                outbox.drain_all()

    @rule(pick=st.integers(0, 20), is_drained=st.booleans())
    def pay_order(self, pick: int, is_drained: bool) -> None:
        if order := self.some(pick, status=OrderStatus.UNPAID):
            self._take(order)
        if is_drained:
            outbox.drain_all()

    @rule(pick=st.integers(0, 20))
    def open_payment(self, pick: int) -> None:
        if order := self.some(pick, status=OrderStatus.UNPAID):
            self._payment(order)

    @rule(pick=st.integers(0, 20))
    def pay_too_late(self, pick: int) -> None:
        closed = Payment.objects.filter(status=PaymentStatus.CLOSED).order_by("pk")
        if closed:
            settle(closed[pick % len(closed)])

    @rule(pick=st.integers(0, 20), by_shopper=st.booleans(), is_silent=st.booleans())
    def cancel_order(self, pick: int, by_shopper: bool, is_silent: bool) -> None:
        if order := self.some(pick):
            with PaperBank.silent() if is_silent else ExitStack():
                self._try(
                    lambda: closing.cancel(
                        order_id=order.pk, actor=self.shopper(order) if by_shopper else STAFF
                    )
                )

    @rule(minutes=st.sampled_from([5, 16, 60 * 24 * 11]), is_silent=st.booleans())
    def time_passes(self, minutes: int, is_silent: bool) -> None:
        self.stack.enter_context(clock.shifted(timedelta(minutes=minutes)))
        with PaperBank.silent() if is_silent else ExitStack():
            closing.expire_due()
        receipts.confirm_due()

    @rule(pick=st.integers(0, 20), share=st.sampled_from([1, 2, 99]))
    def ship_order(self, pick: int, share: int) -> None:
        order = self.some(pick, status=OrderStatus.PAID, delivery_mode=DeliveryMode.EXPRESS)
        if order:
            lines = {
                line.pk: min(share, line.to_ship_count) for line in order.lines.all() if line.to_ship_count
            }
            self._try(lambda: ship(order, lines))

    @rule(pick=st.integers(0, 20))
    def hand_out(self, pick: int) -> None:
        order = self.some(pick, pickup__isnull=False)
        if order:
            self._try(lambda: pickups.verify(code=order.pickup.code, place_ids=None, actor=STAFF))

    @rule(pick=st.integers(0, 20))
    def confirm(self, pick: int) -> None:
        if order := self.some(pick):
            self._try(lambda: receipts.confirm(order_id=order.pk, actor=self.shopper(order)))

    @rule(pick=st.integers(0, 20), count=st.integers(0, 3), is_amount=st.booleans())
    def give_back(self, pick: int, count: int, is_amount: bool) -> None:
        order = self.some(pick)
        if not order:
            return
        line = order.lines.first()
        how: dict[str, Any] = {}
        if is_amount:
            how["amount"] = order.due / 3
            how["amount"] = how["amount"].quantize(order.due)
        elif count:
            how["quantities"] = {line.pk: count}
        self._try(lambda: closing.give_back(order_id=order.pk, actor=STAFF, reason="x", **how))

    @rule(pick=st.integers(0, 20), word=st.sampled_from(["succeeded", "closed", "closed", "abnormal"]))
    def the_gateway_decides(self, pick: int, word: Any) -> None:
        waiting = Refund.objects.filter(status__in=["created", "processing", "abnormal"]).order_by("pk")
        if waiting:
            refund = waiting[pick % len(waiting)]
            said = RefundState(refund.number, word, amount=refund.amount)
            PaperBank.refunds[refund.number] = said
            refunds.settle(state=said, gateway="wechat")

    @rule()
    def drain(self) -> None:
        outbox.drain_all()

    @precondition(lambda self: StockLevel.objects.filter(on_hand__lte=2).exists())
    @rule(which=st.integers(0, 2), count=st.integers(1, 9))
    def restock(self, which: int, count: int) -> None:
        sku = self.skus[which]
        stock.receive(place_id=self.store.pk, sku_id=sku.pk, quantity=count, actor=STAFF, key=numbers.token())
        self.received[sku.pk] += count

    @invariant()
    def every_sentence_about_the_trade_is_true(self) -> None:
        check(trade_sentences.INVARIANTS)

    @invariant()
    def what_came_in_lies_there_or_was_handed_out(self) -> None:
        gone = dict.fromkeys(self.received, 0)
        for sku_id, count in OrderLine.objects.values_list("sku_id", "shipped_count"):
            gone[sku_id] += count
        on_hand = dict(StockLevel.objects.values_list("sku_id", "on_hand"))
        assert on_hand == {sku_id: count - gone[sku_id] for sku_id, count in self.received.items()}

    def _payment(self, order: Order) -> Payment:
        share = order.payment_shares.filter(is_open=True).first()
        payment = share.payment if share else an_open_payment(order)
        PaperBank.amounts[payment.number] = payment.amount
        return payment

    def _take(self, order: Order) -> None:
        payment = self._payment(order)
        if PaperBank.pay(payment.number):
            settle(payment)

    def _try(self, action: Any) -> None:
        with suppress(Refusal):
            action()


def test_the_books_are_right_after_any_order_of_events(bank: type[PaperBank]) -> None:
    run_state_machine_as_test(Trade, settings=SETTINGS)


@pytest.mark.parametrize(
    "forgotten",
    [
        "catalog.services.stock.release",
        "catalog.services.stock.consume",
        "marketing.services.limits.release",
        "members.services.points.give_back",
    ],
)
def test_a_forgotten_step_is_noticed(
    bank: type[PaperBank], monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    monkeypatch.setattr(forgotten, lambda **_: None)
    trade = Trade()
    trade.place_order(who=0, pieces=[1, 0, 0], in_store=False, points=0, is_paid=True)
    trade.ship_order(pick=0, share=99)
    trade.place_order(who=0, pieces=[0, 1, 1], in_store=False, points=1000, is_paid=False)
    trade.cancel_order(pick=1, by_shopper=True, is_silent=False)
    assert Order.objects.filter(shipping_status="shipped").count() == 1
    assert Order.objects.filter(status=OrderStatus.CLOSED).count() == 1
    with pytest.raises(AssertionError):
        trade.teardown()
