"""Parcels, pickups, receipts: what leaves the house, once, and who may hand it out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import Product, SkuDay, StockLevel, StockMovement
from members.models import GrowthEntry, Member, PointsAccount
from orders import errors, policies
from orders.models import Order, Pickup, Shipment
from orders.selectors.states import shopper_state
from orders.services import closing, pickups, receipts, shipments
from orders.terms import OrderStatus, PickupStatus, ShippingStatus
from shop.core import clock, numbers, outbox
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_freight_template, a_sku
from tests.factories.orders import STAFF, collected, paid, place, received, ship, shipped, to_store

pytestmark = pytest.mark.django_db


def state(order: Order) -> str:
    return shopper_state(Order.objects.get(pk=order.pk)).code


def test_a_parcel_takes_its_goods_out_of_stock() -> None:
    sku = a_sku(stock=5)
    order = paid({sku: 2})
    assert state(order) == "to_ship"
    order = ship(order)
    level = StockLevel.objects.get(sku=sku)
    assert (level.on_hand, level.reserved) == (3, 0)
    assert (order.shipping_status, order.lines.get().shipped_count) == (ShippingStatus.SHIPPED, 2)
    assert order.auto_confirm_at - order.shipped_at == timedelta(days=policies.AUTO_CONFIRM_DAYS.get())
    assert state(order) == "to_receive"
    with pytest.raises(errors.NotShippable):
        ship(order)


def test_an_order_may_leave_in_several_parcels() -> None:
    order = paid({a_sku(): 3, a_sku(): 1})
    first, second = order.lines.all()
    order = ship(order, {first.pk: 2})
    assert order.shipping_status == ShippingStatus.PARTIAL
    assert order.auto_confirm_at is None
    assert state(order) == "part_shipped"
    with pytest.raises(errors.TooManyPieces) as refusal:
        ship(order, {first.pk: 2})
    assert refusal.value.extra["left"] == 1
    for lines in ({first.pk: 0}, {first.pk: -1}):
        with pytest.raises(errors.TooManyPieces):
            ship(order, lines)
    with pytest.raises(errors.NotALine):
        ship(order, {place().lines.get().pk: 1})
    assert Shipment.objects.count() == 1
    order = ship(order)
    assert order.shipping_status == ShippingStatus.SHIPPED
    assert {part.line_id: part.quantity for part in Shipment.objects.last().lines.all()} == {
        first.pk: 1,
        second.pk: 1,
    }


def test_the_same_parcel_is_not_recorded_twice() -> None:
    order = paid({a_sku(): 2})
    line = order.lines.get()
    ship(order, {line.pk: 1}, tracking_no="SF123456789")
    with pytest.raises(errors.ParcelKnown):
        ship(order, {line.pk: 1}, tracking_no=" sf123 456789 ")


@pytest.mark.parametrize(
    ("carrier", "tracking_no", "refusal"),
    [
        ("pigeon", "SF123456", errors.UnknownCarrier),
        ("shunfeng", "", errors.BadTrackingNumber),
        ("shunfeng", "12345", errors.BadTrackingNumber),
        ("shunfeng", "<script>alert(1)</script>", errors.BadTrackingNumber),
        ("shunfeng", "1" * 41, errors.BadTrackingNumber),
    ],
)
def test_carrier_and_tracking_number_are_checked(
    carrier: str, tracking_no: str, refusal: type[Exception]
) -> None:
    order = paid()
    with pytest.raises(refusal):
        shipments.ship(order_id=order.pk, carrier=carrier, tracking_no=tracking_no, actor=STAFF)
    assert not Shipment.objects.exists()


def test_our_own_courier_needs_no_number() -> None:
    order = paid({a_sku(): 2})
    line = order.lines.get()
    for _ in range(2):
        shipments.ship(order_id=order.pk, carrier="own", tracking_no="", lines={line.pk: 1}, actor=STAFF)
    assert Shipment.objects.count() == 2


def test_only_paid_free_orders_that_are_sent_can_be_shipped() -> None:
    with pytest.raises(errors.NotShippable):
        ship(place())
    with pytest.raises(errors.OrderNotFound):
        shipments.ship(order_id=0, carrier="own", tracking_no="", actor=STAFF)
    held = paid()
    Order.objects.filter(pk=held.pk).update(hold="audit")
    with pytest.raises(errors.OrderHeld):
        ship(held)
    store = StoreFactory()
    with pytest.raises(errors.CollectedInStore):
        ship(paid({a_sku(place=store): 1}, delivery=to_store(store)))


def test_the_shopper_confirms_and_points_and_growth_arrive_once() -> None:
    a_freight_template(is_default=True)
    member = members.member(level=members.levels()[0])
    order = received({a_sku(price="19.90"): 1}, member=member)
    assert order.freight_due == Decimal("6.00")
    assert (order.status, order.shipping_status) == (OrderStatus.COMPLETED, ShippingStatus.RECEIVED)
    assert order.shipments.get().status == "delivered"
    assert PointsAccount.objects.get(member=member).available == 19
    assert GrowthEntry.objects.get(member=member).amount == 19
    with pytest.raises(errors.NotReceivable):
        receipts.confirm(order_id=order.pk, actor="system")
    assert PointsAccount.objects.get(member=member).available == 19


def test_points_follow_the_policy_and_come_off_again_with_the_money(bank: type[PaperBank]) -> None:
    policies.POINTS_PER_YUAN.set("2", actor="system")
    order = received({a_sku(price="10.00"): 3})
    account = PointsAccount.objects.get(member=order.member)
    assert account.available == 60
    closing.give_back(order_id=order.pk, actor=STAFF, reason="坏果", quantities={order.lines.get().pk: 1})
    outbox.drain_all()
    account.refresh_from_db()
    assert account.available == 40


def test_goods_refunded_before_receipt_earn_nothing(bank: type[PaperBank]) -> None:
    order = paid({a_sku(price="10.00"): 3})
    closing.give_back(order_id=order.pk, actor=STAFF, reason="缺货", quantities={order.lines.get().pk: 1})
    outbox.drain_all()
    receipts.confirm(order_id=ship(order).pk, actor="system")
    outbox.drain_all()
    assert PointsAccount.objects.get(member=order.member).available == 20


def test_receipt_is_assumed_after_some_days_unless_extended_once() -> None:
    order, extended = shipped(), shipped()
    with pytest.raises(errors.NotExtendable):
        receipts.extend(order_id=paid().pk, actor="system")
    receipts.extend(order_id=extended.pk, actor="system")
    with pytest.raises(errors.NotExtendable):
        receipts.extend(order_id=extended.pk, actor="system")
    assert receipts.confirm_due() == 0
    with clock.shifted(timedelta(days=policies.AUTO_CONFIRM_DAYS.get(), minutes=1)):
        assert receipts.confirm_due() == 1
    assert state(order) == "completed"
    assert state(extended) == "to_receive"
    with clock.shifted(
        timedelta(days=policies.AUTO_CONFIRM_DAYS.get() + policies.EXTEND_DAYS.get(), minutes=1)
    ):
        assert receipts.confirm_due() == 1


def test_payment_makes_a_code_that_hands_the_goods_out_once() -> None:
    store = StoreFactory()
    sku = a_sku(price="10.00", place=store, stock=5)
    order = paid({sku: 2}, delivery=to_store(store))
    code = order.pickup.code
    assert numbers.is_valid(code)
    assert len(code) == 12
    assert state(order) == "to_pick_up"
    pickup = pickups.verify(code=f"{code[:4]} {code[4:8]}-{code[8:]}", place_ids={store.pk}, actor="user:7")
    assert (pickup.status, pickup.verified_by) == (PickupStatus.COLLECTED, "user:7")
    outbox.drain_all()
    order.refresh_from_db()
    level = StockLevel.objects.get(sku=sku)
    assert (order.status, order.shipping_status) == (OrderStatus.COMPLETED, ShippingStatus.RECEIVED)
    assert (level.on_hand, level.reserved) == (3, 0)
    assert PointsAccount.objects.get(member=order.member).available == 20
    movements = StockMovement.objects.count()
    with pytest.raises(errors.CodeUsed):
        pickups.verify(code=code, place_ids={store.pk}, actor="user:7")
    assert StockMovement.objects.count() == movements


def test_a_code_of_another_store_or_a_wrong_one_changes_nothing() -> None:
    store, other = StoreFactory(name="东门店"), StoreFactory()
    order = paid({a_sku(place=store): 1}, delivery=to_store(store))
    with pytest.raises(errors.CodeOfAnotherStore) as refusal:
        pickups.verify(code=order.pickup.code, place_ids={other.pk}, actor=STAFF)
    assert refusal.value.extra == {"store": "东门店"}
    mistyped = order.pickup.code[:-1] + str((int(order.pickup.code[-1]) + 1) % 10)
    for code in ("", "1234", "abcdefghijkl", mistyped, numbers.new_code(), order.number):
        with pytest.raises(errors.WrongPickupCode):
            pickups.verify(code=code, place_ids=None, actor=STAFF)
    assert Pickup.objects.get().status == PickupStatus.WAITING
    assert state(order) == "to_pick_up"


def test_goods_on_their_way_back_are_not_handed_out(bank: type[PaperBank]) -> None:
    store = StoreFactory()
    order = paid({a_sku(place=store): 1}, delivery=to_store(store))
    code = order.pickup.code
    with bank.silent():
        closing.cancel(order_id=order.pk, actor=STAFF)
        with pytest.raises(errors.RefundUnderWay):
            pickups.verify(code=code, place_ids=None, actor=STAFF)
    outbox.drain_all()
    with pytest.raises(errors.PickupCancelled):
        pickups.verify(code=code, place_ids=None, actor=STAFF)


def test_an_unpaid_or_sent_order_has_no_code() -> None:
    store = StoreFactory()
    order = place({a_sku(place=store): 1}, delivery=to_store(store))
    assert pickups.open_for(order_id=order.pk) is None
    paid()
    assert not Pickup.objects.exists()


def test_payment_is_remembered_where_it_matters() -> None:
    sku = a_sku(price="8.00", stock=9)
    order = paid({sku: 2})
    paid({sku: 1})
    assert Member.objects.get(pk=order.member_id).first_paid_at == order.paid_at
    day = SkuDay.objects.get(sku=sku)
    assert (day.sold_count, day.lowest_deal_price) == (3, Decimal("8.00"))
    assert Product.objects.get(pk=sku.product_id).sold_count == 3


def test_a_collected_order_is_completed_with_one_timeline() -> None:
    store = StoreFactory()
    order = collected({a_sku(place=store): 1}, store=store)
    steps = list(order.transitions.values_list("from_status", "to_status"))
    assert steps == [("unpaid", "paid"), ("none", "received"), ("paid", "completed")]
