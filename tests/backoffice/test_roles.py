"""Who sees which page: nobody any, unless their role says so; and of their places only."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from members.terms import Role
from orders.models import Order, Pickup
from tests.backoffice.lived_in import desk, live
from tests.backoffice.test_every_page import address

pytestmark = pytest.mark.django_db

PAGES = list(admin.site._registry)
GOODS = {"catalog.Product", "catalog.Sku", "catalog.Place"}
STOCK = {
    *("catalog.StockLevel", "catalog.StockMovement", "catalog.Reservation"),
    *("catalog.Stocktake", "catalog.Transfer"),
}
TRADE = {"orders.Order", "orders.Shipment", "orders.Pickup"}
MONEY = {"orders.Payment", "orders.Refund", "orders.Notice", "orders.GatewayCall"}
CARE = {"catalog.StockAlert", "catalog.Batch", "catalog.Loss", "analytics.SkuForecast"}
SUPPLY = {"catalog.PurchaseOrder", "catalog.Supplier", "catalog.SupplierReturn"}
SEEN: dict[str, set[str]] = {
    Role.WAREHOUSE: GOODS | STOCK | CARE | SUPPLY | TRADE | {"analytics.ReorderSuggestion"},
    Role.STORE_CLERK: GOODS | STOCK | CARE | TRADE | {"catalog.PurchaseOrder", "catalog.PlaceGoods"},
    Role.FINANCE: SUPPLY
    | {"catalog.SupplierSku", "analytics.SkuHealth", "analytics.Remedy"}
    | TRADE
    | MONEY
    | {"members.Member", "members.PointsEntry"},
}


def opened(client: Client) -> set[str]:
    answers = {
        model._meta.label: client.get(address(model, "changelist"), follow=True).status_code
        for model in PAGES
    }
    assert set(answers.values()) <= {200, 403}, answers
    return {label for label, status in answers.items() if status == 200}


@pytest.mark.parametrize("role", SEEN)
def test_a_role_opens_its_pages_and_no_other(role: str) -> None:
    assert opened(desk(role)) == SEEN[role]


def test_customer_service_and_operators_see_more_but_not_the_house() -> None:
    house = {"core.AuditEntry", "core.Setting", "core.OutboxDelivery", "members.Staff", "members.Merchant"}
    service, operator = opened(desk(Role.CUSTOMER_SERVICE)), opened(desk(Role.OPERATOR))
    assert service >= TRADE | MONEY | STOCK
    assert not (service | operator) & house
    assert {label for label in operator if label.startswith("marketing.")}
    assert not {"marketing.LevelPrice", "catalog.FreightTemplate"} - operator


def test_the_administrator_opens_everything() -> None:
    assert opened(desk(Role.ADMINISTRATOR)) == {model._meta.label for model in PAGES}


def test_staff_without_a_role_and_strangers_open_nothing() -> None:
    assert opened(desk()) == set()
    assert all(Client().get(address(model, "changelist")).status_code == 302 for model in PAGES)
    assert Client().get("/admin/sales/").status_code == 302


def test_a_shopper_is_sent_to_the_door() -> None:
    from tests.factories import members

    client = Client()
    client.force_login(members.member().user)
    for path in ("/admin/", "/admin/sales/", "/admin/orders/order/"):
        assert client.get(path).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.STORE_CLERK])
@pytest.mark.usefixtures("bank")
def test_people_bound_to_places_see_the_rows_of_theirs_only(role: str) -> None:
    here, there = live(), live()
    client = desk(role, places=(here,))
    foreign: list[Any] = [
        Order.objects.filter(place=there).first(),
        Pickup.objects.filter(place=there).first(),
        there.levels.first(),
        there.levels.first().movements.first(),
    ]
    mine = [
        Order.objects.filter(place=here).first(),
        Pickup.objects.filter(place=here).first(),
        here.levels.first(),
        here.levels.first().movements.first(),
    ]
    assert all(foreign), "both places have rows"
    assert all(mine), "both places have rows"
    for own, other in zip(mine, foreign, strict=True):
        listed = client.get(address(type(own), "changelist")).content.decode()
        assert address(type(own), "change", own.pk) in listed, type(own)
        assert address(type(own), "change", other.pk) not in listed, type(own)
        assert client.get(address(type(own), "change", own.pk)).status_code == 200
        assert client.get(address(type(own), "change", other.pk)).status_code in (302, 403, 404)
    assert client.get(reverse("admin:orders_shipment_changelist")).status_code == 200
