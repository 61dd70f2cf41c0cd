"""Orders of bundle products: placed, sent, withdrawn and refunded component by component."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors.bundles import ComponentSoldOut
from catalog.models import StockLevel
from catalog.services import bundles, stock
from catalog.services.bundles import Component
from orders.errors import NotALine, QuoteChanged, TooManyPieces
from orders.gateways.base import RefundState
from orders.models import LineComponent, Order, OrderLine, Shipment
from orders.services import closing, components, refund_shares, refunds, shipments
from orders.terms import OrderStatus, RefundKind, ShippingStatus
from shop.core import outbox
from tests.books import broken
from tests.factories import members
from tests.factories.catalog import PlaceFactory, StoreFactory, a_bundle, a_sku, stock_up
from tests.factories.orders import STAFF, collected, digest_of, paid, place, received, to_address

pytestmark = pytest.mark.django_db


def level(sku, place=None):
    row = StockLevel.objects.get(sku=sku, **({"place": place} if place else {}))
    return row.on_hand, row.reserved


def parts_of(order):
    return {one.sku_id: one for one in LineComponent.objects.filter(line__order=order)}


def a_box(price="25.00", tea=9, cup=9):
    """Two teas at ¥12 and a cup at ¥8."""
    tea, cup = a_sku(price="12.00", stock=tea), a_sku(price="8.00", stock=cup, title="青花茶杯")
    return a_bundle({tea: 2, cup: 1}, price=price), tea, cup


def send(order, **what):
    number = f"SF{Shipment.objects.count():09d}"
    shipments.ship(order_id=order.pk, carrier="shunfeng", tracking_no=number, actor=STAFF, **what)
    return Order.objects.get(pk=order.pk)


def settle(refund, word="succeeded"):
    """The gateway's word, and all that follows."""
    refunds.settle(
        state=RefundState(
            number=refund.number,
            payment_number=refund.payment.number,
            gateway_refund_id=f"R{refund.number}",
            word=word,
            amount=refund.amount,
            done_at=None,
        ),
        gateway=refund.payment.gateway,
    )
    outbox.drain_all()


def test_placing_holds_the_components_and_spreads_the_due_by_list_price():
    box, tea, cup = a_box()
    order = place({box: 2, tea: 1})
    assert (level(tea), level(cup)) == ((9, 5), (9, 2))
    assert not StockLevel.objects.filter(sku=box).exists()
    inside = parts_of(order)
    assert {pk: (one.per_bundle, one.quantity, one.due) for pk, one in inside.items()} == {
        tea.pk: (2, 4, Decimal("37.50")),
        cup.pk: (1, 2, Decimal("12.50")),
    }
    closing.cancel(order_id=order.pk, actor=STAFF)
    assert (level(tea), level(cup)) == ((9, 0), (9, 0))
    assert not broken()


def test_a_missing_component_is_named():
    box, _tea, cup = a_box(cup=1)
    member = members.member()
    delivery = to_address(member)
    digest = digest_of(member, {box: 2}, delivery)
    with pytest.raises(ComponentSoldOut) as refusal:
        place({box: 2}, member=member, delivery=delivery, digest=digest)
    assert "青花茶杯" in refusal.value.message_text
    assert refusal.value.extra["available"] == 1
    assert level(cup) == (1, 0)


def test_who_saw_other_components_is_asked_again_and_orders_keep_theirs():
    box, tea, cup = a_box()
    member = members.member()
    delivery = to_address(member)
    before = place({box: 1})
    digest = digest_of(member, {box: 1}, delivery)
    bundles.save(sku_id=box.pk, components=[Component(tea.pk, 3)], actor=STAFF)
    with pytest.raises(QuoteChanged):
        place({box: 1}, member=member, delivery=delivery, digest=digest)
    after = place({box: 1})
    assert {pk: one.quantity for pk, one in parts_of(before).items()} == {tea.pk: 2, cup.pk: 1}
    assert {pk: one.quantity for pk, one in parts_of(after).items()} == {tea.pk: 3}
    bundles.dissolve(sku_id=box.pk, actor=STAFF)
    closing.cancel(order_id=before.pk, actor=STAFF)
    assert level(cup) == (9, 0)
    assert not broken()


def test_components_leave_in_parcels_of_their_own():
    box, tea, cup = a_box()
    order = paid({box: 2})
    inside = parts_of(order)
    order = send(order, pieces_of={inside[tea.pk].pk: 3})
    assert (order.shipping_status, order.lines.get().shipped_count) == (ShippingStatus.PARTIAL, 0)
    with pytest.raises(TooManyPieces):
        send(order, pieces_of={inside[tea.pk].pk: 2})
    with pytest.raises(NotALine):
        send(order, pieces_of={0: 1})
    order = send(order, lines={order.lines.get().pk: 1})
    assert order.lines.get().shipped_count == 1
    assert parts_of(order)[cup.pk].shipped_count == 1
    order = send(order)
    assert (order.shipping_status, order.lines.get().shipped_count) == (ShippingStatus.SHIPPED, 2)
    assert (level(tea), level(cup)) == ((5, 0), (7, 0))
    assert not broken()


def test_every_place_sends_what_it_holds():
    tea, cup = a_sku(price="12.00", stock=9), a_sku(price="8.00", stock=0)
    away = PlaceFactory(region_code="110101")
    stock_up(cup, 5, away)
    box = a_bundle({tea: 2, cup: 1})
    order = paid({box: 1})
    home = StockLevel.objects.get(sku=tea).place
    order = send(order, place_id=away.pk)
    parcel = Shipment.objects.get()
    assert [(one.component.sku_id, one.quantity) for one in parcel.components.all()] == [(cup.pk, 1)]
    assert (parcel.place, order.shipping_status) == (away, ShippingStatus.PARTIAL)
    order = send(order)
    assert (Shipment.objects.last().place, order.shipping_status) == (home, ShippingStatus.SHIPPED)
    assert not broken()


def test_a_bundle_is_collected_in_a_store():
    store = StoreFactory()
    tea, cup = a_sku(price="12.00", stock=9, place=store), a_sku(price="8.00", stock=9, place=store)
    order = collected({a_bundle({tea: 2, cup: 1}): 1}, store=store)
    assert order.status == OrderStatus.COMPLETED
    assert (level(tea), level(cup)) == ((7, 0), (8, 0))
    assert not broken()


def test_a_whole_bundle_is_withdrawn_with_its_components():
    box, tea, cup = a_box()
    order = paid({box: 2, a_sku(): 1})
    line = order.lines.get(sku=box)
    refund = closing.give_back(order_id=order.pk, actor=STAFF, reason="x", quantities={line.pk: 1})
    assert (refund.amount, refund.kind) == (Decimal("25.00"), RefundKind.BEFORE_SHIPMENT)
    settle(refund)
    line.refresh_from_db()
    assert (line.withdrawn_count, line.refunded_count, line.to_ship_count) == (1, 1, 1)
    assert (level(tea), level(cup)) == ((9, 2), (9, 1))
    assert not broken()


def test_a_broken_cup_is_refunded_alone_to_the_fen():
    box, tea, cup = a_box()
    order = received({box: 3})
    inside = parts_of(order)
    cups = inside[cup.pk]
    assert (cups.due, inside[tea.pk].due) == (Decimal("18.75"), Decimal("56.25"))
    back = [
        closing.give_back(order_id=order.pk, actor=STAFF, reason="broken", pieces_of={cups.pk: 1})
        for _ in range(2)
    ]
    assert [refund.amount for refund in back] == [Decimal("6.25"), Decimal("6.25")]
    assert back[0].kind == RefundKind.GOODWILL
    rest = closing.give_back(order_id=order.pk, actor=STAFF, reason="rest")
    assert rest.amount == Decimal("62.50")
    with pytest.raises(Exception, match="nothing"):
        closing.give_back(order_id=order.pk, actor=STAFF, reason="more", pieces_of={cups.pk: 1})
    assert not broken()


def test_a_component_withdrawn_before_shipment_stays_at_home():
    box, tea, cup = a_box()
    order = paid({box: 1})
    cups = parts_of(order)[cup.pk]
    refund = closing.give_back(order_id=order.pk, actor=STAFF, reason="x", pieces_of={cups.pk: 1})
    settle(refund)
    assert level(cup) == (9, 0)
    order = send(order)
    assert order.shipping_status == ShippingStatus.SHIPPED
    assert level(tea) == (7, 0)
    assert not broken()


def test_components_of_a_failed_refund_are_sent_after_all():
    box, _tea, cup = a_box()
    order = paid({box: 1, a_sku(): 1})
    cups = parts_of(order)[cup.pk]
    refund = closing.give_back(order_id=order.pk, actor=STAFF, reason="x", pieces_of={cups.pk: 1})
    order = send(order)
    assert order.shipping_status == ShippingStatus.SHIPPED
    settle(refund, "closed")
    order.refresh_from_db()
    assert order.shipping_status == ShippingStatus.PARTIAL
    order = send(order)
    assert order.shipping_status == ShippingStatus.SHIPPED
    assert level(cup) == (8, 0)
    assert not broken()


def test_all_components_one_by_one_are_the_whole_order():
    box, tea, cup = a_box()
    order = paid({box: 1})
    inside = parts_of(order)
    for sku in (tea, cup):
        one = inside[sku.pk]
        settle(
            closing.give_back(order_id=order.pk, actor=STAFF, reason="x", pieces_of={one.pk: one.quantity})
        )
    order.refresh_from_db()
    assert (order.status, order.refunded_amount) == (OrderStatus.CLOSED, order.paid_amount)
    assert (level(tea), level(cup)) == ((9, 0), (9, 0))
    assert not broken()


def test_what_comes_back_is_put_back_as_components():
    box, tea, cup = a_box()
    order = received({box: 1})
    line = order.lines.get()
    home = StockLevel.objects.get(sku=tea).place
    for _ in range(2):
        with transaction.atomic():
            stock.put_back(
                reference="aftersale:1",
                wants=components.wants([line], components.of([line])),
                place_id=home.pk,
                actor=STAFF,
                handed_out_for=order.reference,
            )
    assert (level(tea), level(cup)) == ((9, 0), (9, 0))


money = st.decimals(min_value="0.00", max_value="999.99", places=2)


@given(
    due=money,
    quantity=st.integers(1, 5),
    prices=st.lists(st.tuples(st.integers(1, 4), money), min_size=1, max_size=4),
    steps=st.lists(st.tuples(st.sampled_from(["bundle", "piece", "amount"]), st.integers(1, 9)), max_size=8),
)
def test_refunds_in_any_parts_never_lose_or_give_a_fen_too_many(due, quantity, prices, steps):
    line = OrderLine(pk=1, quantity=quantity, due=due, title="x")
    group = [
        LineComponent(pk=n, line_id=1, per_bundle=per, quantity=per * quantity, list_price=price, title="y")
        for n, (per, price) in enumerate(prices, start=1)
    ]
    shares = components.money.split(due, {one.pk: one.list_price * one.per_bundle for one in group})
    for one in group:
        one.due = shares[one.pk]
    order, known = Order(freight_due=Decimal("0.00")), {1: group}
    for what, number in [*steps, ("all", 0)]:
        nothing = {"returned_freight": Decimal("0.00")}
        if what == "bundle" and line.quantity > line.refunded_count:
            count = min(number, line.quantity - line.refunded_count)
            parts = refund_shares.by_pieces(
                order, [line], {1: count}, **nothing, with_freight=False, bundles=known
            )
        elif what == "piece" and (left := (one := group[number % len(group)]).quantity - one.refunded_count):
            parts = refund_shares.by_pieces(
                order,
                [line],
                {},
                **nothing,
                with_freight=False,
                bundles=known,
                pieces_of={one.pk: min(number, left)},
            )
        elif what == "amount" and line.due > line.refunded_amount:
            amount = min(Decimal(number), line.due - line.refunded_amount)
            parts = refund_shares.by_amount(order, [line], amount, Decimal("0.00"))
        elif what == "all":
            parts = refund_shares.everything(order, [line], Decimal("0.00"))
        else:
            continue
        for part in refund_shares.withdrawing(parts, [line], known):
            line.refunded_amount += part.amount
            line.refunded_count += part.quantity
            line.withdrawn_count += part.withdrawn_count
            for given_back in part.components:
                one = group[given_back.component_id - 1]
                one.refunded_amount += given_back.amount
                one.refunded_count += given_back.quantity
                one.withdrawn_count += given_back.withdrawn_count
            line.shipped_count = components.shipped(line, group)
        for one in group:
            assert 0 <= one.refunded_amount <= one.due
            assert one.refunded_count <= one.quantity >= one.withdrawn_count
        assert sum(one.refunded_amount for one in group) == line.refunded_amount <= line.due
        assert 0 <= line.shipped_count <= line.quantity - line.withdrawn_count
    assert line.refunded_amount == due
