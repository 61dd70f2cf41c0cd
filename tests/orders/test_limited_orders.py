"""Orders at limited-time prices: the quota goes with the order and comes back with it; points come back with
the pieces they paid for."""

from decimal import Decimal

import pytest

from marketing.errors import LimitedGone, LimitedUsed
from marketing.models import LimitedDiscount, LimitedPrice, PromotionUse
from marketing.services import limited
from members.models import PointsAccount
from orders.errors import QuoteChanged
from orders.models import Order, OrderLine
from orders.services import checkout, closing
from shop.core import outbox
from tests.books import broken
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.marketing import a_coupon, a_discount, a_grant, a_level
from tests.factories.orders import STAFF, digest_of, paid, pay, place, ship, to_address, wants

pytestmark = pytest.mark.django_db


def taken() -> int:
    return LimitedPrice.objects.get().taken_count


def give_back(order: Order, **what: object) -> None:
    closing.give_back(order_id=order.pk, actor=STAFF, reason="x", **what)  # type: ignore[arg-type]
    outbox.drain_all()


def test_pieces_go_with_the_order_and_come_back_when_it_is_cancelled() -> None:
    sku = a_sku(price="50.00", stock=20)
    a_discount((sku, "30.00"), quota=3)
    order = place({sku: 2})
    assert (order.due, taken()) == (Decimal("60.00"), 2)
    use = PromotionUse.objects.get()
    assert (use.quantity, use.amount, use.reference) == (2, Decimal("40.00"), order.reference)
    assert place({sku: 2}).due == Decimal("100.00"), "two are wanted, one is left: the normal price"
    assert place({sku: 1}).due == Decimal("30.00")
    assert place({sku: 1}).due == Decimal("50.00"), "the quota is gone"
    assert not broken()
    closing.cancel(order_id=order.pk, actor=STAFF)
    assert taken() == 1
    assert place({sku: 2}).due == Decimal("60.00"), "given back, sold again"
    assert not broken()


def test_who_saw_the_price_before_it_went_is_told_and_nothing_is_kept() -> None:
    sku, member = a_sku(price="50.00", stock=20), members.member()
    discount = a_discount((sku, "30.00"), quota=2)
    delivery = to_address(member)
    digest = digest_of(member, {sku: 2}, delivery)
    place({sku: 1})
    with pytest.raises(QuoteChanged):
        place({sku: 2}, member=member, delivery=delivery, digest=digest)
    LimitedDiscount.objects.filter(pk=discount.pk).update(is_active=False)
    assert place({sku: 1}).due == Decimal("50.00")
    assert taken() == 1


def test_one_member_has_no_more_pieces_than_allowed() -> None:
    sku, member = a_sku(price="50.00", stock=20), members.member()
    a_discount((sku, "30.00"), per_member=2)
    first = place({sku: 1}, member=member)
    assert place({sku: 2}, member=member).due == Decimal("100.00")
    assert place({sku: 1}, member=member).due == Decimal("30.00")
    assert place({sku: 1}, member=member).due == Decimal("50.00")
    assert place({sku: 2}).due == Decimal("60.00"), "somebody else"
    closing.cancel(order_id=first.pk, actor=STAFF)
    assert place({sku: 1}, member=member).due == Decimal("30.00")
    assert not broken()


def test_the_price_goes_on_to_member_price_coupon_and_points() -> None:
    sku = a_sku(price="100.00")
    a_discount((sku, "80.00"))
    member = members.member(points_available=1000)
    member.level = a_level(rate="0.9")
    member.save()
    grant = a_grant(member, a_coupon(threshold=Decimal("70"), off=Decimal("12.00")))
    order = place({sku: 1}, member=member, coupon_grant_id=grant.pk, points=1000)
    assert [share["amount"] for share in order.lines.get().shares] == ["20.00", "8.00", "12.00", "10.00"]
    assert order.due == Decimal("50.00")


def test_pieces_that_never_left_come_back_to_the_quota_and_delivered_ones_do_not(
    bank: type[PaperBank],
) -> None:
    sku = a_sku(price="50.00", stock=20)
    a_discount((sku, "30.00"), quota=5)
    order = paid({sku: 4})
    line = order.lines.get()
    give_back(order, quantities={line.pk: 1})
    assert taken() == 3
    order.refresh_from_db()
    ship(order, {line.pk: 2})
    give_back(order, quantities={line.pk: 2})
    assert taken() == 2, "one more stayed at home, the other piece had left"
    assert not broken()


def test_a_whole_refund_before_shipment_gives_every_piece_back(bank: type[PaperBank]) -> None:
    sku = a_sku(price="50.00", stock=20)
    a_discount((sku, "30.00"), quota=5)
    order = paid({sku: 4})
    give_back(order)
    order.refresh_from_db()
    assert (order.status, taken()) == ("closed", 0)
    assert not broken()


def points_of(order: Order) -> int:
    return PointsAccount.objects.get(member=order.member_id).available


def test_refunded_pieces_bring_their_share_of_the_points(bank: type[PaperBank]) -> None:
    member = members.member(points_available=1000)
    dear, cheap = a_sku(price="90.00", stock=9), a_sku(price="10.00", stock=9)
    order = pay(place({dear: 3, cheap: 1}, member=member, points=1000))
    assert (order.points_used, points_of(order)) == (1000, 0)
    of_dear = order.lines.get(sku=dear)
    give_back(order, quantities={of_dear.pk: 1})
    assert points_of(order) == 321, "of 964 points for three pieces, a third"
    give_back(order, amount=Decimal("5.00"))
    assert points_of(order) == 321, "money alone brings no points"
    give_back(order, quantities={of_dear.pk: 2})
    assert points_of(order) == 964
    give_back(order)
    order.refresh_from_db()
    assert (order.status, points_of(order)) == ("closed", 1000)
    assert not broken()


def test_after_delivery_too_and_never_twice(bank: type[PaperBank]) -> None:
    member = members.member(points_available=300)
    order = pay(place({a_sku(price="50.00", stock=9): 2}, member=member, points=300))
    ship(order)
    line = OrderLine.objects.get(order=order)
    give_back(order, quantities={line.pk: 1})
    assert points_of(order) == 150
    closing.return_points(refund_id=order.refunds.get().pk)
    assert points_of(order) == 150
    give_back(order)
    assert points_of(order) == 300
    assert not broken()


def test_the_rows_themselves_refuse_what_would_be_too_much() -> None:
    sku, member = a_sku(price="50.00", stock=20), members.member()
    discount = a_discount((sku, "30.00"), quota=2, per_member=2)
    take = limited.Taken(discount.rule, sku.pk, 2, Decimal("40.00"))
    limited.use(member_id=member.pk, reference="order:1", taken=[take])
    limited.use(member_id=member.pk, reference="order:1", taken=[take])
    assert taken() == 2
    with pytest.raises(LimitedGone):
        limited.use(member_id=member.pk, reference="order:2", taken=[take])
    LimitedPrice.objects.update(quota=9)
    with pytest.raises(LimitedUsed):
        limited.use(member_id=member.pk, reference="order:2", taken=[take])
    limited.release(reference="order:1")
    limited.release(reference="order:1")
    assert taken() == 0
    page = checkout.preview(member=member, wants=wants({sku: 3}), delivery=to_address(member))
    assert [one.code for one in page.quote.why_nots if one.rule == discount.rule] == ["limited_own"]  # type: ignore[union-attr]
