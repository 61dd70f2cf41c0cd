"""R3 and its kin: one coupon in ten orders, the last pieces at a limited-time price, refunds that meet."""

from decimal import Decimal
from typing import Any

import pytest

from marketing.errors import CouponSpent, LimitedGone
from marketing.models import LimitedPrice
from members.models import Member, PointsAccount
from orders.errors import QuoteChanged
from orders.models import Order, Refund
from orders.services import checkout, closing, placing, refunds
from shop.core import outbox
from shop.core.errors import Busy
from tests.books import broken
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.marketing import a_discount, a_grant
from tests.factories.orders import STAFF, digest_of, pay, place, to_address, wants
from tests.races import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
BASKETS = 10


def presses(member: Member, sku: Any, grant_id: int) -> list[dict[str, Any]]:
    """Ten windows in which the same member chose the same coupon."""
    delivery = to_address(member)
    digest = digest_of(member, {sku: 1}, delivery, coupon_grant_id=grant_id)
    return [
        {
            "member": member,
            "wants": wants({sku: 1}),
            "delivery": delivery,
            "digest": digest,
            "key": f"key-{number}",
            "source": "direct",
            "coupon_grant_id": grant_id,
        }
        for number in range(BASKETS)
    ]


def test_r3_one_coupon_in_ten_orders_at_once_serves_one() -> None:
    sku, member = a_sku(price="50.00", stock=50), members.member()
    sent = presses(member, sku, a_grant(member).pk)
    outcome = run_together(BASKETS, lambda n: checkout.place(**sent[n]), pass_number=True)
    assert len(outcome.results) == 1
    assert len(outcome.of(CouponSpent)) + len(outcome.of(Busy)) == BASKETS - 1
    assert Order.objects.count() == 1
    assert not broken()
    closing.cancel(order_id=Order.objects.get().pk, actor=STAFF)
    again = run_together(
        BASKETS, lambda n: checkout.place(**{**sent[n], "key": f"again-{n}"}), pass_number=True
    )
    assert len(again.results) == 1, "given back, it serves once more"
    assert not broken()


def test_r3_control_without_holding_it_one_coupon_serves_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sku, member = a_sku(price="50.00", stock=50), members.member()
    sent = presses(member, sku, a_grant(member).pk)
    monkeypatch.setattr(placing.coupons, "hold", lambda **_: None)
    outcome = run_together(BASKETS, lambda n: checkout.place(**sent[n]), pass_number=True)
    assert len(outcome.results) > 1


def buyers(sku: Any, count: int) -> list[dict[str, Any]]:
    made = []
    for number in range(count):
        member = members.member()
        delivery = to_address(member)
        made.append(
            {
                "member": member,
                "wants": wants({sku: 1}),
                "delivery": delivery,
                "digest": digest_of(member, {sku: 1}, delivery),
                "key": f"key-{number}",
                "source": "direct",
            }
        )
    return made


def test_the_last_pieces_at_a_limited_price_go_to_as_many_orders_as_there_are() -> None:
    sku = a_sku(price="50.00", stock=50)
    a_discount((sku, "30.00"), quota=3)
    sent = buyers(sku, BASKETS)
    outcome = run_together(BASKETS, lambda n: checkout.place(**sent[n]), pass_number=True)
    late = len(outcome.of(LimitedGone)) + len(outcome.of(QuoteChanged)) + len(outcome.of(Busy))
    assert (len(outcome.results), late) == (3, BASKETS - 3)
    assert {order.due for order in outcome.results} == {Decimal("30.00")}
    assert LimitedPrice.objects.get().taken_count == 3
    assert not broken()


def test_control_without_the_quota_everybody_gets_the_limited_price(monkeypatch: pytest.MonkeyPatch) -> None:
    sku = a_sku(price="50.00", stock=50)
    a_discount((sku, "30.00"), quota=3)
    sent = buyers(sku, BASKETS)
    monkeypatch.setattr(placing.limited, "use", lambda **_: None)
    outcome = run_together(BASKETS, lambda n: checkout.place(**sent[n]), pass_number=True)
    assert len(outcome.results) > 3


def test_refunds_that_succeed_at_once_return_each_point_once(bank: type[PaperBank]) -> None:
    member = members.member(points_available=900)
    order = pay(place({a_sku(price="30.00", stock=9): 3}, member=member, points=900))
    line = order.lines.get()
    for _ in range(3):
        closing.give_back(order_id=order.pk, actor=STAFF, reason="x", quantities={line.pk: 1})
    ids = list(Refund.objects.values_list("pk", flat=True))
    run_together(6, lambda n: refunds.send(refund_id=ids[n % 3]), pass_number=True)
    run_together(6, lambda n: closing.return_points(refund_id=ids[n % 3]), pass_number=True)
    outbox.drain_all()
    assert PointsAccount.objects.get(member=member).available == 900
    assert not broken()
