"""Bundles at the desk: made, explained, sent in parts, moved, refunded in parts; what partners get."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Bundle, Partner, Place
from orders.models import LineComponent, Refund, Shipment
from orders.selectors import partner_shares
from orders.services import closing, place_load
from shop.core import clock
from tests.factories.catalog import PlaceFactory, a_bundle, a_sku, stock_up
from tests.factories.orders import STAFF, paid, received
from tests.orders import test_back_office
from tests.orders.test_back_office import page, text
from tests.orders.test_bundle_orders import settle
from tests.orders.test_staff_api import Desk

pytestmark = pytest.mark.django_db


def desk(*roles: str) -> Client:
    """A desk that speaks English."""
    client = test_back_office.desk(*roles)
    client.cookies["django_language"] = "en"
    return client


def form(sku: Any, parts: Any, **more: Any) -> dict[str, Any]:
    data = {"sku": sku.pk, "kind": "bundle", "partner": "", "revenue_share": "0", "channel_code": ""} | more
    data |= {"components-TOTAL_FORMS": len(parts), "components-INITIAL_FORMS": 0}
    for number, (part, quantity) in enumerate(parts):
        data |= {f"components-{number}-sku": part.pk, f"components-{number}-quantity": quantity}
    return data


def test_a_bundle_is_made_changed_and_dissolved() -> None:
    client = desk("operator")
    partner = Partner.objects.create(name="青山茶社", code="qs")
    tea, cup, box = a_sku(title="茉莉花茶"), a_sku(title="青花茶杯"), a_sku(stock=0)
    add = reverse("admin:catalog_bundle_add")
    assert text(client.get(add))
    refused = client.post(add, form(box, [(tea, 1)]))
    assert "at least two pieces" in text(refused)
    refused = client.post(add, form(box, [(tea, 2)], revenue_share="5"))
    assert "Who gets this share?" in text(refused)
    saved = client.post(
        add, form(box, [(tea, 2), (cup, 1)], kind="gift_box", partner=partner.pk, revenue_share="8")
    )
    assert saved.status_code == 302
    bundle = Bundle.objects.get(sku=box)
    assert [(one.sku_id, one.quantity) for one in bundle.components.all()] == [(tea.pk, 2), (cup.pk, 1)]
    change = reverse("admin:catalog_bundle_change", args=[bundle.pk])
    shown = text(client.get(change))
    assert "茉莉花茶" in shown and "its components one by one cost" in shown
    assert "青山茶社 · 8%" in text(client.get(reverse("admin:catalog_bundle_changelist")))
    rows = form(box, [(tea, 1), (cup, 3)]) | {"components-INITIAL_FORMS": 2}
    for number, one in enumerate(bundle.components.all()):
        rows |= {f"components-{number}-id": one.pk, f"components-{number}-bundle": bundle.pk}
    del rows["sku"]
    assert client.post(change, rows).status_code == 302
    bundle.refresh_from_db()
    assert (bundle.version, bundle.kind, bundle.partner_id) == (2, "bundle", None)
    assert [one.quantity for one in bundle.components.all()] == [1, 3]
    other = client.post(add, form(a_sku(stock=0), [(box, 2)]), follow=True)
    assert "is a bundle itself" in text(other)
    client.post(reverse("admin:catalog_bundle_dissolve", args=[bundle.pk]))
    assert not Bundle.objects.exists()


def test_the_list_of_bundles_costs_the_same_for_any_number() -> None:
    client, address = desk("operator"), reverse("admin:catalog_bundle_changelist")
    a_bundle({a_sku(): 2})
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(4):
        a_bundle({a_sku(): 2, a_sku(): 1})
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(few) == len(more)


def test_the_order_says_in_words_why_it_is_sent_from_there_and_can_be_moved() -> None:
    client = desk("operator")
    tea, cup = a_sku(title="茉莉花茶", stock=9), a_sku(title="青花茶杯", stock=9)
    away = PlaceFactory(name="北京仓", region_code="110101", parcel_cost="9.50", open_order_count=7)
    for sku in (tea, cup):
        stock_up(sku, 9, away)
    order = paid({a_bundle({tea: 2, cup: 1}): 1})
    shown = text(client.get(page(order)))
    assert "the best of the places that have everything" in shown
    assert "¥9.50 a parcel" in shown and "7 orders waiting" in shown and "北京仓" in shown
    offered = text(client.get(page(order, "move")))
    assert "北京仓 · score" in offered and order.place.name not in offered.split("<form")[-1]
    client.post(page(order, "move"), {"place": away.pk, "reason": "主仓盘点"})
    order.refresh_from_db()
    assert order.place_id == away.pk
    assert "Moved by hand to 北京仓: 主仓盘点" in text(client.get(page(order)))


def test_parcels_of_several_places_are_proposed_one_by_one_with_their_worth() -> None:
    client = desk("operator")
    tea, cup = a_sku(price="12.00", title="茉莉花茶", stock=9), a_sku(price="8.00", stock=0, title="青花茶杯")
    away = PlaceFactory(name="北京仓")
    stock_up(cup, 9, away)
    order = paid({a_bundle({tea: 2, cup: 1}, price="25.00"): 1})
    shown = text(client.get(page(order)))
    assert "¥18.75" in shown and "¥6.25" in shown
    assert "these need the fewest parcels" in shown or "as many whole lines" in shown
    inside = {one.sku_id: one for one in LineComponent.objects.all()}
    proposed = text(client.get(page(order, "ship")))
    assert "The goods lie in several places" in proposed
    parcel = {"carrier": "shunfeng", "tracking_no": "SF000000001", f"inside_{inside[tea.pk].pk}": "2"}
    client.post(page(order, "ship"), parcel | {f"inside_{inside[cup.pk].pk}": "0"})
    assert Shipment.objects.get().goods == ["茉莉花茶 × 2"] or "茉莉花茶" in Shipment.objects.get().goods[0]
    client.post(
        page(order, "ship"),
        {"carrier": "shunfeng", "tracking_no": "SF000000002", f"inside_{inside[cup.pk].pk}": "1"},
    )
    assert Shipment.objects.last().place == away
    client = desk("finance")
    refund = {"reason": "破了", "key": "k1", f"inside_{inside[cup.pk].pk}": "1"}
    client.post(page(order, "refund"), refund)
    assert Refund.objects.get().amount == Decimal("6.25")


def test_what_a_partner_gets_follows_payments_and_refunds_of_the_month() -> None:
    partner = Partner.objects.create(name="青山茶社", code="qs")
    tea = a_sku(price="12.00", stock=99)
    more = {"kind": "gift_box", "partner_id": partner.pk, "revenue_share": Decimal("12.5")}
    box = a_bundle({tea: 2}, price="19.99", channel_code="QS-1", title="茶礼", **more)
    order = received({box: 3})
    paid({tea: 1})
    start, end = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    (share,) = partner_shares.owed(start, end)
    assert (share.partner, share.channel_code, share.pieces) == ("青山茶社", "QS-1", 3)
    assert (share.sold, share.owed) == (Decimal("59.97"), Decimal("7.50"))
    one = LineComponent.objects.get(line__order=order)
    settle(closing.give_back(order_id=order.pk, actor=STAFF, reason="x", pieces_of={one.pk: 1}))
    (share,) = partner_shares.owed(start, end)
    assert (share.refunded, share.net, share.owed) == (Decimal("9.99"), Decimal("49.98"), Decimal("6.25"))
    assert partner_shares.owed(end, end + timedelta(days=30)) == []
    address = reverse("backoffice:partner_shares")
    client = desk("operator")
    assert "¥6.25 owed" in text(client.get(address))
    assert "No gift box" in text(
        client.get(address, {"month": f"{start.replace(day=1) - timedelta(days=40):%Y-%m}"})
    )
    assert "QS-1" in client.get(address, {"format": "csv"}).content.decode("utf-8-sig")
    assert desk("warehouse").get(address).status_code in (302, 403)


def test_waiting_orders_are_counted_for_their_places() -> None:
    order = paid()
    assert place_load.refresh() == 1
    assert Place.objects.get(pk=order.place_id).open_order_count == 1
    assert place_load.refresh() == 0


def test_the_api_ships_refunds_and_moves_parts_of_bundles() -> None:
    tea, cup = a_sku(price="12.00", stock=9), a_sku(price="8.00", stock=9)
    away = PlaceFactory(name="北京仓")
    for sku in (tea, cup):
        stock_up(sku, 9, away)
    order = paid({a_bundle({tea: 2, cup: 1}, price="25.00"): 1})
    staff, address = Desk("administrator"), f"/api/v1/orders/{order.number}/"

    def post(verb: str, body: dict[str, Any]) -> Any:
        return staff.post(f"{address}{verb}/", body)

    assert post("move", {"place_id": away.pk, "reason": "x"}).status_code == 204
    (line,) = staff.get(address).json()["lines"]
    inside = {one["sku_id"]: one for one in line["components"]}
    assert (inside[cup.pk]["due"], inside[tea.pk]["to_ship_count"]) == ("6.25", 2)
    wish = {"carrier": "own", "components": [{"component": inside[cup.pk]["id"], "quantity": 1}]}
    sent = post("ship", wish)
    assert sent.status_code == 200, sent.json()
    assert sent.json()["shipments"][0]["components"] == {str(inside[cup.pk]["id"]): 1}
    back = post("refund", {"reason": "x", "components": [{"component": inside[tea.pk]["id"], "quantity": 1}]})
    assert (back.status_code, back.json()["amount"]) == (201, "9.37")
