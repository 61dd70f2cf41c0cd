"""Orders in the back office: lists without N+1, pages that explain, buttons that call services."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Place, StaffPlace
from orders.models import Order, Refund
from shop.core import outbox
from shop.core.models import AuditEntry
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import PlaceFactory, StoreFactory, a_freight_template, a_sku, stock_up
from tests.factories.marketing import a_reduction
from tests.factories.orders import paid, place, shipped, to_store

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/"


def desk(*roles: str, places: tuple[Place, ...] = ()) -> Client:
    user = members.staff(*roles)
    for one in places:
        StaffPlace.objects.create(user=user, place=one)
    client = Client()
    client.force_login(user)
    return client


def page(order: Order, verb: str = "") -> str:
    if verb:
        return reverse(f"admin:orders_order_{verb}", args=[order.pk])
    return reverse("admin:orders_order_change", args=[order.pk])


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_list_finds_filters_and_costs_the_same_for_any_number_of_rows() -> None:
    client = desk("operator")
    first, waiting = paid(), place()

    def shown(**query: str) -> set[str]:
        found = text(client.get(LIST, query))
        return {order.number for order in Order.objects.all() if order.number in found}

    assert shown() == {first.number, waiting.number}
    assert shown(todo="to_ship") == {first.number}
    assert shown(status__exact="unpaid") == {waiting.number}
    assert shown(q=first.number) == {first.number}
    assert shown(q="8000") == {first.number, waiting.number}
    assert shown(q="nothing") == set()
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(3):
        place()
    with CaptureQueriesContext(connection) as more:
        client.get(LIST)
    assert len(few) == len(more)


def test_people_see_the_orders_of_their_places_only() -> None:
    here, there = PlaceFactory(), PlaceFactory()
    skus = [a_sku(stock=0) for _ in range(2)]
    for sku, where in zip(skus, (here, there), strict=True):
        stock_up(sku, 5, where)
    mine, theirs = (paid({sku: 1}) for sku in skus)
    client = desk("warehouse", places=(here,))
    listed = text(client.get(LIST))
    assert mine.number in listed
    assert theirs.number not in listed
    assert client.get(page(theirs)).status_code == 302
    assert client.post(page(theirs, "ship"), {"carrier": "own"}).status_code == 404
    assert desk().get(LIST).status_code == 403


def test_the_page_explains_the_price_and_the_way_of_the_order() -> None:
    a_freight_template(is_default=True)
    a_reduction(("50", "5"), name="满50减5")
    order = shipped({a_sku(price="30.00", title="红富士苹果"): 2}, buyer_note="放门口")
    shown = text(desk("operator").get(page(order)))
    for words in ("红富士苹果", "满50减5", "¥-5.00" if "¥-5.00" in shown else "-¥5.00", "¥62.00", "放门口"):
        assert words in shown
    assert order.shipments.get().tracking_no in shown
    assert "科技园" not in shown
    assert "13800138000" not in shown


def test_buttons_appear_for_who_may_and_when_it_makes_sense() -> None:
    order, unpaid = paid(), place()
    ship, refund = page(order, "ship"), page(order, "refund")
    assert ship in text(desk("operator").get(page(order)))
    assert ship not in text(desk("finance").get(page(order)))
    assert refund in text(desk("finance").get(page(order)))
    assert page(unpaid, "ship") not in text(desk("operator").get(page(unpaid)))
    assert page(unpaid, "cancel") in text(desk("operator").get(page(unpaid)))
    assert desk("finance").post(ship, {"carrier": "own"}).status_code == 403
    assert order.shipments.count() == 0


def test_a_parcel_is_recorded_through_its_form() -> None:
    order = paid({a_sku(): 2})
    line = order.lines.get()
    client = desk("operator")
    assert f"pieces_{line.pk}" in text(client.get(page(order, "ship")))
    for wish in (
        {"carrier": "pigeon", f"pieces_{line.pk}": "1"},
        {"carrier": "own", f"pieces_{line.pk}": "3"},
        {"carrier": "own", f"pieces_{line.pk}": "0"},
    ):
        assert client.post(page(order, "ship"), wish).status_code == 200
    assert (
        client.post(page(order, "ship"), {"carrier": "shunfeng", f"pieces_{line.pk}": "1"}).status_code == 302
    )
    assert order.shipments.count() == 0, "a refusal is a message, not a parcel"
    client.post(page(order, "ship"), {"carrier": "own", f"pieces_{line.pk}": "1"})
    order.refresh_from_db()
    assert order.shipping_status == "partial"
    assert AuditEntry.objects.filter(verb="ship").count() == 1


def test_money_goes_back_through_buttons(bank: type[PaperBank]) -> None:
    order, part = paid(), paid({a_sku(price="10.00"): 3})
    client = desk("customer_service")
    assert "¥10.00" in text(client.get(page(order, "cancel")))
    client.post(page(order, "cancel"), {"reason": "缺货"})
    line = part.lines.get()
    client.post(page(part, "refund"), {"reason": "少货", f"pieces_{line.pk}": "1", "key": "1"})
    client.post(page(part, "refund"), {"reason": "补偿", "amount": "2.00", "key": "2"})
    both = {"reason": "x", "amount": "2.00", f"pieces_{line.pk}": "1", "key": "3"}
    assert client.post(page(part, "refund"), both).status_code == 200
    outbox.drain_all()
    assert Order.objects.get(pk=order.pk).status == "closed"
    assert sorted(str(refund.amount) for refund in Refund.objects.filter(order=part)) == ["10.00", "2.00"]


def test_notes_and_contacts() -> None:
    order = paid()
    client = desk("warehouse", places=(order.place,))
    client.post(page(order, "note"), {"note": "加冰袋", "flag": "amber"})
    order.refresh_from_db()
    assert (order.staff_note, order.flag) == ("加冰袋", "amber")
    answer = client.post(page(order, "see_contact"), {"reason": "寄件"}, follow=True)
    assert "13800138000" in text(answer)
    assert AuditEntry.objects.get(verb="see_contact").reason == "寄件"


def test_a_clerk_checks_a_code_looks_and_hands_out() -> None:
    store, other = StoreFactory(), StoreFactory()
    order = paid({a_sku(place=store, title="丹东草莓"): 1}, delivery=to_store(store))
    counter = reverse("admin:orders_pickup_check_code")
    wish = {"code": order.pickup.code}
    stranger = desk("store_clerk", places=(other,))
    assert store.name in text(stranger.post(counter, {**wish, "hand_out": "1"}))
    clerk = desk("store_clerk", places=(store,))
    assert "丹东草莓" in text(clerk.post(counter, wish))
    order.refresh_from_db()
    assert order.status == "paid"
    assert clerk.post(counter, {**wish, "hand_out": "1"}).status_code == 302
    order.refresh_from_db()
    assert order.status == "completed"
    assert "丹东草莓" not in text(clerk.post(counter, wish))
    assert order.pickup.code not in text(clerk.get("/admin/orders/pickup/"))
    assert desk("warehouse", places=(store,)).get(counter).status_code == 403


def test_parcels_and_pickups_are_looked_at_only() -> None:
    order = shipped()
    client = desk("operator")
    assert order.shipments.get().tracking_no in text(client.get("/admin/orders/shipment/"))
    parcel = reverse("admin:orders_shipment_change", args=[order.shipments.get().pk])
    assert text(client.get(parcel))
    assert client.post(parcel, {"tracking_no": "X"}).status_code == 403
    assert client.get("/admin/orders/order/add/").status_code == 403
    assert client.post(f"/admin/orders/order/{order.pk}/delete/").status_code == 403
