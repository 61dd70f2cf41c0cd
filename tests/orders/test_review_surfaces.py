"""What hostile or careless hands can send through the doors of the trade."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from members.errors import StaffNeedPassword
from members.services import people, phone_codes
from orders.models import Order, Refund
from shop.core import numbers
from shop.core.models import IdempotencyKey
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.orders import digest_of, paid, place, to_address
from tests.orders.test_back_office import desk, page
from tests.orders.test_staff_api import Desk, of

pytestmark = pytest.mark.django_db

NUL = "\x00"


def test_an_empty_list_of_lines_is_not_everything() -> None:
    order = paid({a_sku(price="10.00"): 2})
    operator = Desk("administrator")
    assert operator.post(of(order, "refund"), {"reason": "x", "lines": []}).status_code == 400
    assert operator.post(of(order, "ship"), {"carrier": "own", "lines": []}).status_code == 400
    assert not Refund.objects.exists() and not order.shipments.exists()


def test_a_typed_amount_of_nothing_is_not_everything() -> None:
    order = paid({a_sku(price="10.00"): 2})
    desk("administrator").post(page(order, "refund"), {"reason": "x", "amount": "0"})
    assert not Refund.objects.exists()


def test_a_refund_button_pressed_twice_refunds_once() -> None:
    order = paid({a_sku(price="10.00"): 2})
    client = desk("administrator")
    client.get(page(order, "refund"))
    form = client.get(page(order, "refund")).context["form"]
    given = {"reason": "x", "amount": "5.00", "key": form["key"].value()}
    for _ in range(2):
        assert client.post(page(order, "refund"), given).status_code == 302
    assert Refund.objects.get().amount == Decimal("5.00")
    client.post(page(order, "refund"), {**given, "key": numbers.token()})
    assert Refund.objects.count() == 2


def test_a_look_at_a_contact_is_kept_nowhere_in_clear() -> None:
    order = place()
    answer = Desk("administrator").post(of(order, "contact"), {"reason": "call"})
    assert answer.status_code == 200 and answer.json()["phone"] == order.phone
    kept = str(list(IdempotencyKey.objects.values_list("answer", flat=True)))
    assert order.phone not in kept and order.recipient not in kept


def test_a_look_in_the_back_office_leaves_nothing_in_the_browser() -> None:
    order = place()
    client = desk("administrator")
    client.post(page(order, "see_contact"), {"reason": "call"})
    assert "messages" not in client.cookies
    assert order.phone in client.get(page(order)).content.decode(), "shown once"
    assert order.phone not in client.get(page(order)).content.decode()


@pytest.mark.parametrize("key", ["", " ", "k" * 65, NUL])
def test_an_order_needs_a_key_that_can_be_one(key: str) -> None:
    member, sku = members.member(), a_sku()
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    delivery = to_address(member)
    given = {
        "sku": sku.pk,
        "quantity": 1,
        "key": key,
        "digest": digest_of(member, {sku: 1}, delivery),
        "address": delivery.address_id,
    }
    answer = client.post("/checkout/place/", given)
    assert answer.status_code == 400
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "name", ["note", "digest", "contact_name", "coupon", "seen", "slot", "sku", "address"]
)
def test_a_zero_byte_in_a_field_is_refused(bank: type[PaperBank], name: str) -> None:
    member, sku = members.member(), a_sku()
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    delivery = to_address(member)
    given: dict[str, Any] = {
        "sku": sku.pk,
        "quantity": 1,
        "key": numbers.token(),
        "digest": digest_of(member, {sku: 1}, delivery),
        "address": delivery.address_id,
    }
    answer = client.post("/checkout/place/", {**given, name: f"{given.get(name, '')}{NUL}"})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/orders/%00/",
        "/orders/%00/pay/",
        "/categories/%00/",
        "/search/?q=%00",
        "/orders/?tab=%00&cursor=%00",
        "/checkout/?sku=1%00",
        "/login/?next=%00",
        "/api/v1/orders/?q=%00",
        "/api/v1/orders/%00/",
        "/api/v1/orders/?place=99999999999999999999999",
        "/api/v1/orders/?cursor=%00",
        "/api/v1/products/?q=%00",
        "/api/v1/skus/?code=%00",
        "/api/v1/stock/?sku=99999999999999999999999&place=99999999999999999999999",
        "/products/99999999999999999999999/",
        "/admin/orders/order/?q=%00",
        "/admin/orders/order/?place__id__exact=99999999999999999999999",
    ],
)
def test_a_zero_byte_or_an_endless_number_in_an_address_is_no_accident_of_ours(path: str) -> None:
    people = members.superuser()
    members.member(phone="13900000001")
    client = Client(raise_request_exception=False)
    client.force_login(people, backend="django.contrib.auth.backends.ModelBackend")
    headers = Desk("administrator").headers if path.startswith("/api") else {}
    answer = client.get(path, headers=headers)
    assert answer.status_code < 500, path


def test_staff_get_no_session_for_a_text_message(settings: Any) -> None:
    clerk = members.staff("store_clerk")
    phone_codes._keep(clerk.phone, "login", "s", "", "123456")
    with pytest.raises(StaffNeedPassword):
        people.sign_in_by_phone(phone=clerk.phone, code="123456", session_key="s", ip="")
