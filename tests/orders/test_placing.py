"""Placing: one transaction that takes everything or nothing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.errors import SoldOut
from catalog.models import Product, Reservation, Sku, StockLevel
from catalog.terms import ProductStatus
from marketing.errors import CouponSpent, LimitExceeded
from members.models import Address
from members.services import addresses
from members.services import points as points_ledger
from orders import errors
from orders.models import BasketLine, Order
from orders.selectors.orders import page
from orders.services import baskets, checkout, closing, placing
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode, OrderStatus
from shop.core import clock, numbers, outbox, settings_store
from shop.core.errors import KeyReused
from shop.core.models import OutboxEvent
from tests.factories import members
from tests.factories.catalog import PlaceFactory, StoreFactory, a_freight_template, a_sku, stock_up
from tests.factories.marketing import a_grant, a_level, a_limit, a_reduction, a_tier
from tests.factories.orders import digest_of, pay, place, to_address, to_store, wants

pytestmark = pytest.mark.django_db


def nothing_happened(sku: Sku) -> bool:
    level = StockLevel.objects.get(sku=sku)
    return (
        not Order.objects.exists()
        and not level.reserved
        and not OutboxEvent.objects.filter(topic="orders.OrderPlaced").exists()
    )


def test_a_placed_order_holds_its_goods_and_copies_what_was_sold() -> None:
    a_freight_template(is_default=True)
    sku = a_sku(price="12.50", stock=5, title="红富士苹果")
    member = members.member()
    order = place({sku: 2}, member=member, buyer_note=" 放门口 ")
    line = order.lines.get()
    assert order.status == OrderStatus.UNPAID
    assert (order.goods_due, order.freight_due, order.due) == (
        Decimal("25.00"),
        Decimal("7.00"),
        Decimal("32.00"),
    )
    assert (line.title, line.quantity, line.list_price, line.due) == (
        "红富士苹果",
        2,
        Decimal("12.50"),
        Decimal("25.00"),
    )
    assert order.recipient == "张三"
    assert order.phone == "13800138000"
    assert order.buyer_note == "放门口"
    assert order.expires_at - order.created_at == timedelta(minutes=15)
    assert StockLevel.objects.get(sku=sku).reserved == 2
    assert Reservation.objects.get().reference == order.reference
    assert order.place_id == StockLevel.objects.get(sku=sku).place_id
    Sku.objects.filter(pk=sku.pk).update(list_price=Decimal("99.00"))
    Product.objects.update(title="另一种苹果")
    line.refresh_from_db()
    assert (line.title, line.list_price) == ("红富士苹果", Decimal("12.50"))


def test_an_order_number_is_long_checked_and_no_sequence() -> None:
    first, second = place(), place()
    assert numbers.is_valid(first.number)
    assert len(first.number) == 18
    assert abs(int(first.number) - int(second.number)) > 10


def test_placing_three_lines_stays_within_thirty_queries() -> None:
    a_freight_template(is_default=True)
    member = members.member(level=a_level())
    a_tier()
    a_reduction()
    pieces = {a_sku(price="10.00"): 1, a_sku(price="20.00"): 2, a_sku(price="30.00"): 1}
    second = PlaceFactory()
    basket = baskets.of(member=member)
    for sku, quantity in pieces.items():
        stock_up(sku, 5, second)
        baskets.add(basket=basket, sku_id=sku.pk, quantity=quantity)
    delivery = to_address(member)
    digest = digest_of(member, pieces, delivery)
    settings_store.forget()
    with CaptureQueriesContext(connection) as spent:
        place(pieces, member=member, delivery=delivery, digest=digest, source="basket")
    assert len(spent) <= 30, "\n".join(query["sql"][:150] for query in spent)
    assert not BasketLine.objects.exists()


def test_the_same_key_gives_the_same_order() -> None:
    sku = a_sku(stock=1)
    member = members.member()
    delivery = to_address(member)
    digest = digest_of(member, {sku: 1}, delivery)
    first = place({sku: 1}, member=member, delivery=delivery, digest=digest, key="once")
    again = place({sku: 1}, member=member, delivery=delivery, digest=digest, key="once")
    assert again.pk == first.pk
    assert StockLevel.objects.get(sku=sku).reserved == 1


def test_a_key_of_another_price_is_refused_and_of_another_member_is_free() -> None:
    sku = a_sku(stock=9)
    member = members.member()
    order = place({sku: 1}, member=member, key="once")
    with pytest.raises(KeyReused):
        place({sku: 2}, member=member, key="once")
    assert place({sku: 1}, key="once").pk != order.pk


def test_a_changed_price_is_refused_with_the_new_quote_and_changes_nothing() -> None:
    sku = a_sku(price="10.00")
    member = members.member()
    delivery = to_address(member)
    digest = digest_of(member, {sku: 1}, delivery)
    Sku.objects.filter(pk=sku.pk).update(list_price=Decimal("11.00"))
    with pytest.raises(errors.QuoteChanged) as refusal:
        place({sku: 1}, member=member, delivery=delivery, digest=digest)
    assert refusal.value.quote.due == Decimal("11.00")
    assert nothing_happened(sku)
    assert place({sku: 1}, member=member, delivery=delivery, digest=refusal.value.quote.digest).due == 11


def test_goods_off_the_shelf_sold_out_or_unknown_are_refused() -> None:
    sku = a_sku(stock=2)
    member = members.member()
    delivery = to_address(member)
    digest = digest_of(member, {sku: 3}, delivery)
    with pytest.raises(SoldOut) as refusal:
        place({sku: 3}, member=member, delivery=delivery, digest=digest)
    assert refusal.value.extra == {"sku_id": sku.pk, "available": 2}
    assert nothing_happened(sku)
    Product.objects.filter(pk=sku.product_id).update(status=ProductStatus.OFF_SHELF)
    with pytest.raises(errors.NotOnSale):
        place({sku: 1}, member=member, delivery=delivery, digest=digest)
    with pytest.raises(errors.NotOnSale):
        checkout.place(member=member, wants=[LineRequest(0, 1)], delivery=delivery, digest=digest, key="k")
    assert nothing_happened(sku)


@pytest.mark.parametrize("quantity", [0, -1, 1000, "a", "2", 1.5, True, None])
def test_a_quantity_is_a_whole_number_from_1_to_999(quantity: Any) -> None:
    with pytest.raises(errors.BadQuantity):
        placing.gather([LineRequest(1, quantity)])


def test_nothing_selected_is_refused_and_twice_the_same_goods_add_up() -> None:
    with pytest.raises(errors.NothingToBuy):
        placing.gather([])
    assert placing.gather([LineRequest(7, 2), LineRequest(3, 1), LineRequest(7, 3)]) == {3: 1, 7: 5}
    with pytest.raises(errors.BadQuantity):
        placing.gather([LineRequest(7, 600), LineRequest(7, 600)])


def test_minimum_and_steps_hold() -> None:
    sku = a_sku(product__minimum_quantity=2, product__quantity_multiple=2)
    member = members.member()
    for quantity in (1, 3):
        with pytest.raises(errors.QuantityNotOffered):
            place({sku: quantity}, member=member, digest="any")
    assert place({sku: 4}, member=member).lines.get().quantity == 4


def test_a_deleted_or_foreign_address_is_refused() -> None:
    sku = a_sku()
    member = members.member()
    delivery = to_address(member)
    digest = digest_of(member, {sku: 1}, delivery)
    foreign = members.address(members.member())
    with pytest.raises(errors.AddressGone):
        place({sku: 1}, member=member, delivery=Delivery(address_id=foreign.pk), digest=digest)
    with pytest.raises(errors.AddressGone):
        place({sku: 1}, member=member, delivery=Delivery(), digest=digest)
    addresses.remove(member=member, address_id=delivery.address_id)
    with pytest.raises(errors.AddressGone):
        place({sku: 1}, member=member, delivery=delivery, digest=digest)
    assert nothing_happened(sku)


def test_pickup_needs_a_store_a_slot_and_a_contact() -> None:
    store = StoreFactory()
    sku = a_sku(place=store)
    member = members.member()
    good = to_store(store)
    order = place({sku: 1}, member=member, delivery=good)
    assert (order.place_id, order.delivery_mode, order.recipient) == (store.pk, "pickup", "李雷")
    assert order.freight_due == 0
    closed = StoreFactory(offers_pickup=False)
    refused: list[tuple[type[Exception], dict[str, Any]]] = [
        (errors.StoreGone, {"place_id": closed.pk}),
        (errors.StoreGone, {"place_id": None}),
        (errors.SlotTaken, {"slot_start": None}),
        (errors.SlotTaken, {"slot_start": good.slot_start - timedelta(days=400), "slot_end": good.slot_end}),
        (errors.SlotTaken, {"slot_end": good.slot_end + timedelta(minutes=1)}),
        (errors.ContactMissing, {"contact_name": "  "}),
        (errors.ContactMissing, {"contact_phone": "12345"}),
        (errors.ModeNotOffered, {"mode": DeliveryMode.VIRTUAL}),
        (errors.ModeNotOffered, {"mode": "teleport"}),
    ]
    for refusal, change in refused:
        wish = {name: getattr(good, name) for name in good.__slots__} | change
        with pytest.raises(refusal):
            place({sku: 1}, member=member, delivery=Delivery(**wish), digest="any")
    assert Order.objects.count() == 1


def test_pickup_takes_goods_from_its_own_store_only() -> None:
    store = StoreFactory()
    sku = a_sku(stock=5)
    with pytest.raises(SoldOut):
        place({sku: 1}, delivery=to_store(store))


def test_points_are_spent_and_come_back_when_the_order_does_not_come_about() -> None:
    sku = a_sku(price="100.00", stock=1)
    member = members.member(points_available=1000)
    order = place({sku: 1}, member=member, points=1000)
    assert (order.points_used, order.due) == (1000, Decimal("90.00"))
    assert points_ledger.PointsAccount.objects.get(member=member).available == 0
    delivery = to_address(member)
    with pytest.raises(SoldOut):
        place({sku: 1}, member=member, delivery=delivery)
    assert Order.objects.count() == 1


def test_every_fen_of_the_price_is_on_the_lines_and_explained() -> None:
    a_tier((2, "0.9"))
    a_reduction(("150", "10"))
    member = members.member(level=a_level(rate="0.9"))
    apples, milk = a_sku(price="100.00"), a_sku(price="33.33")
    order = place({apples: 2, milk: 1}, member=member)
    lines = {line.sku_id: line for line in order.lines.all()}
    assert lines[apples.pk].unit_price == Decimal("81.00")
    assert order.goods_due == sum(line.due for line in lines.values()) == Decimal("182.00")
    for line in lines.values():
        off = sum(Decimal(share["amount"]) for share in line.shares)
        assert line.list_amount - off == line.due
    rows = page(member, order.number).ledger.rows
    assert sum(row.amount for row in rows if row.kind in ("goods", "off", "freight")) == order.due
    assert [row.lane for row in rows if row.kind == "off"] == ["unit", "unit", "reduction"]


def test_a_limit_counts_from_placing_and_is_free_again_after_closing() -> None:
    sku = a_sku()
    a_limit(sku, 2)
    member = members.member()
    order = place({sku: 2}, member=member)
    with pytest.raises(LimitExceeded):
        place({sku: 1}, member=member)
    assert StockLevel.objects.get(sku=sku).reserved == 2
    closing.cancel(order_id=order.pk, actor="user:0")
    place({sku: 2}, member=member)


def test_a_coupon_is_held_by_one_order_spent_by_payment_and_back_after_closing() -> None:
    member = members.member()
    grant = a_grant(member)
    order = place({a_sku(price="50.00"): 1}, member=member, coupon_grant_id=grant.pk)
    assert (order.due, order.coupon_grant_id) == (Decimal("45.00"), grant.pk)
    with pytest.raises(CouponSpent):
        place({a_sku(price="50.00"): 1}, member=member, coupon_grant_id=grant.pk)
    closing.cancel(order_id=order.pk, actor="user:0")
    again = pay(place({a_sku(price="50.00"): 1}, member=member, coupon_grant_id=grant.pk))
    grant.refresh_from_db()
    assert grant.status == "used"
    assert again.paid_amount == Decimal("45.00")


def test_a_coupon_that_takes_nothing_off_is_not_held() -> None:
    member = members.member()
    grant = a_grant(member, threshold=Decimal("100.00"))
    order = place({a_sku(price="50.00"): 1}, member=member, coupon_grant_id=grant.pk)
    assert order.coupon_grant_id is None
    place({a_sku(price="120.00"): 1}, member=member, coupon_grant_id=grant.pk)


def test_an_order_that_costs_nothing_is_paid_at_once() -> None:
    sku = a_sku(price="0.00", place=(store := StoreFactory()))
    order = place({sku: 1}, delivery=to_store(store))
    assert order.status == OrderStatus.PAID
    outbox.drain_all()
    order = Order.objects.get()
    assert order.pickup.code


def test_a_late_preview_names_what_cannot_be_bought() -> None:
    a_freight_template(is_default=True)
    good, gone, rare = a_sku(), a_sku(), a_sku(stock=1)
    Product.objects.filter(pk=gone.product_id).update(status=ProductStatus.OFF_SHELF)
    member = members.member()
    page = checkout.preview(member=member, wants=wants({good: 1, gone: 1, rare: 2}), delivery=Delivery())
    assert [trouble.code for trouble in page.troubles] == ["not_on_sale"]
    assert {line.fact.id: line.is_short for line in page.lines} == {good.pk: False, rare.pk: True}
    assert page.address is None
    assert page.quote is not None
    assert not page.quote.is_freight_known
    address = members.address(member)
    page = checkout.preview(member=member, wants=wants({good: 1}), delivery=Delivery())
    assert page.address == address
    assert page.quote is not None
    assert page.quote.freight_due == Decimal("6.00")
    assert Address.objects.count() == 1


def test_the_clock_decides_the_expiry() -> None:
    with clock.shifted(timedelta(days=1)):
        order = place()
        assert order.expires_at > clock.now() > order.created_at - timedelta(seconds=5)
