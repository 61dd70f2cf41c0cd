"""Orders over REST: who sees what, what each verb does, and what a second press gets."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Place, StaffPlace
from members.models import User
from members.services import staff as sign_ins
from orders.models import Order, Refund, Shipment
from orders.services import closing
from shop.core import numbers, outbox
from shop.core.models import AuditEntry
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import PlaceFactory, StoreFactory, a_sku, stock_up
from tests.factories.orders import an_open_payment, paid, place, shipped, to_store

pytestmark = pytest.mark.django_db

LIST = "/api/v1/orders/"


class Desk:
    """One of the staff with a token."""

    def __init__(self, *roles: str, places: tuple[Place, ...] = ()) -> None:
        self.user: User = members.staff(*roles)
        for one in places:
            StaffPlace.objects.create(user=self.user, place=one)
        _, token = sign_ins.sign_in(login=self.user.username, password=members.PASSWORD, ip="127.0.0.1")
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(path, query, headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {**self.headers, "Idempotency-Key": key or numbers.token()}
        return Client().post(path, body or {}, content_type="application/json", headers=headers)


def of(order: Order, verb: str = "") -> str:
    return f"{LIST}{order.number}/{verb}{'/' if verb else ''}"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_nobody_gets_in_without_token_or_permission() -> None:
    order = paid()
    assert Client().get(LIST).status_code == 401
    nobody = Desk()
    paths = ["/api/v1/todo/", LIST, of(order)]
    verbs = [of(order, verb) for verb in ("ship", "move", "cancel", "refund", "note", "contact")]
    assert [nobody.get(path).status_code for path in paths] == [403] * 3
    assert [nobody.post(path).status_code for path in verbs] == [403] * 6
    assert nobody.post("/api/v1/pickups/verify/", {"code": "1"}).status_code == 403
    finance = Desk("finance")
    assert finance.get(of(order)).status_code == 200
    assert finance.post(of(order, "ship")).status_code == 403


def test_people_see_the_orders_of_their_places_only() -> None:
    here, there = PlaceFactory(), PlaceFactory()
    mine, theirs = paid({stocked(here): 1}), paid({stocked(there): 1})
    desk = Desk("warehouse", places=(here,))
    assert [row["number"] for row in desk.get(LIST).json()["results"]] == [mine.number]
    assert code(desk.get(of(theirs))) == (404, "order_not_found")
    for verb in ("ship", "note", "contact"):
        assert code(desk.post(of(theirs, verb), {"carrier": "own"})) == (404, "order_not_found")
    todo = {row["code"]: row["count"] for row in desk.get("/api/v1/todo/").json()}
    assert todo["to_ship"] == 1
    assert {row["code"]: row["count"] for row in Desk("operator").get("/api/v1/todo/").json()}["to_ship"] == 2
    assert not Shipment.objects.exists()


def stocked(place: Place) -> Any:
    sku = a_sku(stock=0, place=place)
    stock_up(sku, 5, place)
    return sku


def test_the_list_is_filtered_paged_by_key_and_cheap() -> None:
    desk = Desk("operator")
    first, waiting, sent = paid(), place(), shipped()
    assert [row["number"] for row in desk.get(LIST).json()["results"]] == [
        sent.number,
        waiting.number,
        first.number,
    ]
    page = desk.get(LIST, limit=2).json()
    rest = desk.get(LIST, limit=2, cursor=page["next"]).json()
    assert [row["number"] for row in rest["results"]] == [first.number]
    assert rest["next"] is None

    def found(**query: Any) -> set[str]:
        return {row["number"] for row in desk.get(LIST, **query).json()["results"]}

    assert found(status="unpaid") == {waiting.number}
    assert found(todo="to_ship") == {first.number}
    assert found(shipping_status="shipped") == {sent.number}
    assert found(mode="pickup") == set()
    assert found(q=sent.number) == {sent.number}
    assert found(q="8000") == {first.number, waiting.number, sent.number}
    assert found(q="138 0013 8000") == {first.number, waiting.number, sent.number}
    assert found(q="'; drop table") == set()
    assert found(place=first.place_id) == {first.number, waiting.number, sent.number}
    assert desk.get(LIST, status="paidd").status_code == 400
    assert desk.get(LIST, cursor="x").status_code == 400
    with CaptureQueriesContext(connection) as three:
        desk.get(LIST)
    paid()
    with CaptureQueriesContext(connection) as four:
        desk.get(LIST)
    assert len(three) == len(four)


def test_an_order_shows_everything_but_who_it_is() -> None:
    order = paid({a_sku(price="12.00"): 2}, buyer_note="放门口")
    shown = Desk("operator").get(of(order)).json()
    assert shown["state"]["code"] == "to_ship"
    assert shown["due"] == "24.00"
    assert (shown["recipient"], shown["phone"]) == ("张*", "*******8000")
    assert "科技园" not in shown["address"]
    assert [row["kind"] for row in shown["ledger"]] == ["goods", "due", "paid"]
    assert [moment["code"] for moment in shown["timeline"]] == ["placed", "paid"]
    assert shown["lines"][0]["to_ship_count"] == 2
    assert set(shown["actions"]) == {"ship", "move", "cancel", "refund", "note"}
    assert "13800138000" not in str(shown)


def test_the_contact_is_shown_to_who_ships_and_the_look_is_recorded() -> None:
    order = paid()
    shown = Desk("warehouse", places=(order.place,)).post(of(order, "contact")).json()
    assert (shown["recipient"], shown["phone"]) == ("张三", "13800138000")
    assert AuditEntry.objects.get(verb="see_contact").target == f"orders.order:{order.pk}"
    assert Desk("finance").post(of(order, "contact")).status_code == 403


def test_a_body_of_another_shape_is_a_clear_refusal() -> None:
    order, user = place(), members.superuser()
    _, token = sign_ins.sign_in(login=user.username, password=members.PASSWORD, ip="127.0.0.1")
    for verb in ("ship", "cancel", "refund", "note", "contact"):
        for body in ([], [1], "x", None, 7, {"reason": ["x"]}, {"lines": {}}):
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": numbers.token()}
            answer = Client().post(of(order, verb), json.dumps(body), "application/json", headers=headers)
            assert answer.status_code in (200, 400, 409), (verb, body)
    assert Order.objects.get().status == "unpaid"


def test_shipping_happens_once_however_often_it_is_sent() -> None:
    order = paid({a_sku(): 2})
    desk = Desk("warehouse", places=(order.place,))
    wish = {"carrier": "shunfeng", "tracking_no": "SF1234567890"}
    assert Client().post(of(order, "ship"), wish, "application/json", headers=desk.headers).json()[
        "code"
    ] == ("idempotency_key_required")
    answers = [desk.post(of(order, "ship"), wish, key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["shipments"][0]["tracking_no"] == "SF1234567890"
    assert Shipment.objects.count() == 1
    assert AuditEntry.objects.filter(verb="ship").count() == 1
    assert code(desk.post(of(order, "ship"), {**wish, "carrier": "own"}, key="k1")) == (422, "key_reused")
    assert code(desk.post(of(order, "ship"), wish)) == (409, "not_shippable")


def test_a_part_can_be_shipped_and_nonsense_is_refused() -> None:
    order = paid({a_sku(): 3})
    line = order.lines.get()
    desk = Desk("operator")

    def ship(**wish: Any) -> Any:
        return desk.post(of(order, "ship"), {"carrier": "own", **wish})

    for wish in (
        {"carrier": "pigeon"},
        {"lines": [{"line": line.pk, "quantity": 0}]},
        {"lines": [{"line": line.pk, "quantity": "a"}]},
        {"lines": "all"},
    ):
        assert ship(**wish).status_code == 400
    assert code(ship(lines=[{"line": line.pk, "quantity": 4}])) == (409, "too_many_pieces")
    assert code(ship(lines=[{"line": 1, "quantity": 1}])) == (400, "not_a_line")
    assert not Shipment.objects.exists()
    shown = ship(lines=[{"line": line.pk, "quantity": 1}]).json()
    assert shown["shipping_status"] == "partial"


def test_cancelling_and_refunding(bank: type[PaperBank]) -> None:
    unpaid, whole, part = place(), paid(), paid({a_sku(price="10.00"): 2})
    desk = Desk("customer_service")
    assert desk.post(of(unpaid, "cancel"), {"reason": "误拍"}).json()["status"] == "closed"
    assert code(desk.post(of(unpaid, "cancel"), {"reason": "误拍"})) == (409, "not_cancellable")
    assert desk.post(of(whole, "cancel"), {}).status_code == 400
    assert desk.post(of(whole, "cancel"), {"reason": "缺货"}).json()["state"]["code"] == "refunding"
    answer = desk.post(of(part, "refund"), {"reason": "补偿", "amount": "5.00"})
    assert (answer.status_code, answer.json()["amount"]) == (201, "5.00")
    for wish in ({"amount": "99.00"}, {"amount": "0.00"}, {"amount": "-1.00"}):
        assert code(desk.post(of(part, "refund"), {"reason": "x", **wish}))[1] == "refund_too_much"
    both = {"reason": "x", "amount": "1.00", "lines": [{"line": part.lines.get().pk, "quantity": 1}]}
    assert desk.post(of(part, "refund"), both).status_code == 400
    assert code(desk.post(of(place(), "refund"), {"reason": "x"})) == (409, "refund_before_payment")
    outbox.drain_all()
    assert Refund.objects.count() == 2
    assert Order.objects.get(pk=whole.pk).status == "closed"
    assert {entry.verb for entry in AuditEntry.objects.all()} >= {"cancel", "refund"}


def test_notes_and_flags() -> None:
    order = paid()
    desk = Desk("customer_service")
    shown = desk.post(of(order, "note"), {"note": "已电话确认", "flag": "red"}).json()
    assert (shown["staff_note"], shown["flag"]) == ("已电话确认", "red")
    assert desk.post(of(order, "note"), {"flag": ""}).json()["staff_note"] == "已电话确认"
    assert desk.post(of(order, "note"), {"flag": "pink"}).status_code == 400
    assert desk.post(of(order, "note"), {"note": "x" * 501}).status_code == 400


def test_a_clerk_looks_and_hands_out_once_in_the_own_store() -> None:
    store, other = StoreFactory(), StoreFactory()
    order = paid({a_sku(place=store): 1}, delivery=to_store(store))
    wish = {"code": order.pickup.code}
    stranger, clerk = Desk("store_clerk", places=(other,)), Desk("store_clerk", places=(store,))
    for verb in ("peek", "verify"):
        assert code(stranger.post(f"/api/v1/pickups/{verb}/", wish)) == (403, "code_of_another_store")
    assert clerk.post("/api/v1/pickups/peek/", wish).json()["number"] == order.number
    assert code(clerk.post("/api/v1/pickups/verify/", {"code": "1"})) == (404, "wrong_pickup_code")
    shown = clerk.post("/api/v1/pickups/verify/", wish).json()
    assert (shown["status"], shown["pickup"]["status"]) == ("completed", "collected")
    assert order.pickup.code not in str(shown)
    assert code(clerk.post("/api/v1/pickups/verify/", wish)) == (409, "code_used")
    assert AuditEntry.objects.filter(verb="verify_pickup").count() == 1


def test_a_silent_bank_is_said_aloud_and_nothing_changes(bank: type[PaperBank]) -> None:
    order = place()
    an_open_payment(order)
    with bank.silent():
        assert code(Desk("operator").post(of(order, "cancel"), {"reason": "x"})) == (
            409,
            "payment_outstanding",
        )
    assert Order.objects.get(pk=order.pk).status == "unpaid"
    assert closing.cancel(order_id=order.pk, actor="system").status == "closed"
