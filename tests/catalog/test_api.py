"""Staff REST: goods and stock, by permission and by place."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.models import PriceChange, StaffPlace, StockLevel, StockMovement
from catalog.services import stock as service
from members.models import User
from tests.factories.catalog import (
    CategoryFactory,
    ImageFactory,
    ProductFactory,
    StoreFactory,
    a_sku,
    searchable,
    stock_up,
)

pytestmark = pytest.mark.django_db

ALL = [
    *("view_product", "shelve_product", "view_sku", "set_price"),
    *("view_stocklevel", "adjust_stock"),
]


def client_of(*codenames, role="operator", place=None) -> APIClient:
    user = User.objects.create_user(username=f"staff{User.objects.count()}", is_staff=True)
    group, _ = Group.objects.get_or_create(name=role)
    user.groups.add(group)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="catalog", codename__in=codenames)
    )
    if place:
        StaffPlace.objects.create(user=user, place=place)
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=user.pk))
    return client


@pytest.fixture
def staff():
    return client_of(*ALL)


def keyed(key="k1"):
    return {"HTTP_IDEMPOTENCY_KEY": key, "format": "json"}


def test_products_are_listed_by_keyset_and_filtered(staff):
    apples = [a_sku(title=f"苹果{n}").product for n in range(3)]
    draft = ProductFactory(title="梨", status="draft", category=CategoryFactory())
    searchable(*apples, draft)
    first = staff.get("/api/v1/products/?limit=2").json()
    assert [row["id"] for row in first["results"]] == [draft.pk, apples[2].pk]
    second = staff.get(f"/api/v1/products/?limit=2&cursor={first['next']}").json()
    assert [row["id"] for row in second["results"]] == [apples[1].pk, apples[0].pk]
    assert second["next"] is None
    assert second["results"][0]["available"] == 10
    assert len(staff.get("/api/v1/products/?q=苹果").json()["results"]) == 3
    assert len(staff.get("/api/v1/products/?status=draft").json()["results"]) == 1
    assert len(staff.get(f"/api/v1/products/?category={draft.category_id}").json()["results"]) == 1
    code = apples[0].skus.get().code
    assert [row["id"] for row in staff.get(f"/api/v1/products/?q={code.lower()}").json()["results"]] == [
        apples[0].pk
    ]


@pytest.mark.parametrize(
    "query", ["status=sold", "category=x", "category=-1", "cursor=!!", "cursor=WzFd", "q=%00'\"\\"]
)
def test_odd_filters_are_refused_or_find_nothing(staff, query):
    answer = staff.get(f"/api/v1/products/?{query}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert set(answer.json()) == {"code", "message", "extra"}


def test_lists_take_the_same_queries_however_long(staff):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address).status_code == 200
        return len(queries)

    addresses = ["/api/v1/products/", "/api/v1/skus/", "/api/v1/stock/", "/api/v1/places/"]
    a_sku()
    [count(address) for address in addresses]  # permissions are read once
    few = [count(address) for address in addresses]
    for _ in range(5):
        a_sku()
    assert [count(address) for address in addresses] == few
    assert few == [1, 1, 2, 2]


def test_a_product_is_shown_with_its_skus(staff):
    sku = a_sku(price="9.90", stock=4, spec_text="5斤")
    shown = staff.get(f"/api/v1/products/{sku.product_id}/").json()
    assert (shown["skus"][0]["code"], shown["skus"][0]["available"]) == (sku.code, 4)
    assert shown["skus"][0]["list_price"] == "9.90"
    assert "cost_price" not in shown["skus"][0]
    assert shown["missing"]
    assert staff.get("/api/v1/products/999999999/").status_code == 404
    assert staff.get(f"/api/v1/products/{10**30}/").status_code == 404


def test_products_go_on_and_off_the_shelf(staff):
    product = ProductFactory(status="draft")
    address = f"/api/v1/products/{product.pk}"
    refused = staff.post(f"{address}/put-on-shelf/", {}, **keyed())
    assert (refused.status_code, refused.json()["code"]) == (409, "product_incomplete")
    a_sku(product=product)
    ImageFactory(product=product)
    assert staff.post(f"{address}/put-on-shelf/", {}, **keyed()).json()["status"] == "on_shelf"
    again = staff.post(f"{address}/put-on-shelf/", {}, **keyed())
    assert again["Idempotent-Replay"] == "true"
    assert staff.post(f"{address}/put-on-shelf/", {}, **keyed("k2")).json()["code"] == "illegal_move"
    off = staff.post(f"{address}/take-off-shelf/", {"reason": "缺货"}, **keyed("k3"))
    assert off.json()["status"] == "off_shelf"
    assert staff.post(f"{address}/take-off-shelf/", {}, format="json").json()["code"] == (
        "idempotency_key_required"
    )


def test_a_price_is_changed_once_and_kept_in_history(staff):
    sku = a_sku(price="10.00", floor_price=Decimal("5.00"))
    address = f"/api/v1/skus/{sku.pk}/price/"
    for _ in range(2):
        answer = staff.patch(address, {"list_price": "8.80", "reason": "特价"}, **keyed())
        assert answer.json()["list_price"] == "8.80"
    assert PriceChange.objects.count() == 1
    for price, status in (("4.99", 409), ("-1", 400), ("1.234", 400), ("abc", 400), ("1e9", 400)):
        assert staff.patch(address, {"list_price": price}, **keyed(price)).status_code == status
    assert staff.patch("/api/v1/skus/999999999/price/", {"list_price": "1"}, **keyed("x")).status_code == 404
    sku.refresh_from_db()
    assert sku.list_price == Decimal("8.80")


def test_skus_are_found_by_code(staff):
    sku = a_sku(code="AP-5", barcode="690001")
    a_sku()
    for query in ("code=AP-5", "barcode=690001", f"product={sku.product_id}"):
        (row,) = staff.get(f"/api/v1/skus/?{query}").json()["results"]
        assert row["id"] == sku.pk


def test_stock_is_adjusted_and_counted(staff):
    level = StockLevel.objects.get(sku=a_sku(stock=10))
    adjusted = staff.post(
        f"/api/v1/stock/{level.pk}/adjust/", {"delta": -3, "reason": "damaged"}, **keyed()
    ).json()
    assert (adjusted["on_hand"], adjusted["available"]) == (7, 7)
    stale = staff.put(f"/api/v1/stock/{level.pk}/", {"expected": 10, "value": 9}, **keyed("k2"))
    assert stale.status_code == 409
    assert stale.json()["extra"] == {"level_id": level.pk, "expected": 10, "actual": 7}
    counted = staff.put(f"/api/v1/stock/{level.pk}/", {"expected": 7, "value": 9}, **keyed("k3"))
    assert counted.json()["on_hand"] == 9
    for body in (
        {},
        {"delta": 0, "reason": "lost"},
        {"delta": "a", "reason": "lost"},
        {"delta": 1, "reason": "x"},
    ):
        answer = staff.post(f"/api/v1/stock/{level.pk}/adjust/", body, **keyed(str(body)))
        assert answer.status_code == 400
    short = staff.post(f"/api/v1/stock/{level.pk}/adjust/", {"delta": -99, "reason": "lost"}, **keyed("k4"))
    assert (short.status_code, short.json()["code"]) == (409, "stock_too_low")


def test_a_clerk_sees_and_changes_stock_of_the_own_place_only():
    mine, other = StoreFactory(), StoreFactory()
    sku = a_sku(stock=3, place=mine)
    foreign = stock_up(sku, 5, other)
    clerk = client_of(*ALL, role="store_clerk", place=mine)
    (row,) = clerk.get("/api/v1/stock/").json()["results"]
    assert row["place"]["id"] == mine.pk
    assert clerk.get(f"/api/v1/stock/?place={other.pk}").json()["results"] == []
    assert [row["id"] for row in clerk.get("/api/v1/places/").json()["results"]] == [mine.pk]
    for answer in (
        clerk.post(f"/api/v1/stock/{foreign.pk}/adjust/", {"delta": 1, "reason": "found"}, **keyed()),
        clerk.put(f"/api/v1/stock/{foreign.pk}/", {"expected": 5, "value": 0}, **keyed("k2")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    foreign.refresh_from_db()
    assert foreign.on_hand == 5


def test_stock_is_filtered(staff):
    sku, other = a_sku(stock=2, code="LOW"), a_sku(stock=50)
    service.set_alert(level_id=StockLevel.objects.get(sku=sku).pk, alert_at=5, actor="user:1")
    for query in ("is_short=true", f"sku={sku.pk}", "code=LOW"):
        (row,) = staff.get(f"/api/v1/stock/?{query}").json()["results"]
        assert row["sku_id"] == sku.pk
    assert len(staff.get("/api/v1/stock/?pool=spot").json()["results"]) == 2
    assert other.pk


def test_every_door_needs_its_permission():
    sku = a_sku()
    level = StockLevel.objects.get(sku=sku)
    doors = [
        ("get", "/api/v1/products/", "view_product"),
        ("get", f"/api/v1/products/{sku.product_id}/", "view_product"),
        ("post", f"/api/v1/products/{sku.product_id}/put-on-shelf/", "shelve_product"),
        ("post", f"/api/v1/products/{sku.product_id}/take-off-shelf/", "shelve_product"),
        ("get", "/api/v1/skus/", "view_sku"),
        ("patch", f"/api/v1/skus/{sku.pk}/price/", "set_price"),
        ("get", "/api/v1/stock/", "view_stocklevel"),
        ("put", f"/api/v1/stock/{level.pk}/", "adjust_stock"),
        ("post", f"/api/v1/stock/{level.pk}/adjust/", "adjust_stock"),
    ]
    movements = StockMovement.objects.count()
    for method, address, permission in doors:
        for client, status in (
            (APIClient(), 401),
            (client_of(*(name for name in ALL if name != permission)), 403),
        ):
            answer = getattr(client, method)(address, {}, **keyed(f"{address}{status}"))
            assert answer.status_code == status, (method, address)
    assert StockMovement.objects.count() == movements
