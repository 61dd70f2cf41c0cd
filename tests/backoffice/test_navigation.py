"""The navigation holds every page there is, shows a person only what opens, and carries live counts."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.services import search_text
from shop.backoffice import navigation
from tests.backoffice.lived_in import desk, live
from tests.factories import members, orders
from tests.factories.catalog import a_sku

pytestmark = pytest.mark.django_db
HIDDEN: set[str] = set()


def links(client: Client) -> list[str]:
    cache.clear()
    groups = client.get("/admin/").context["sidebar_navigation"]
    return [item["link"] for group in groups for item in group["items"]]


def test_every_page_of_the_admin_has_its_place_once() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    named = list(navigation.models())
    assert len(named) == len(set(named))
    assert set(named) | HIDDEN == registered


@pytest.mark.parametrize("role", ["administrator", "customer_service", "store_clerk"])
def test_whatever_is_in_the_navigation_opens_and_so_does_every_tab(role: str) -> None:
    client = desk(role)
    entries = links(client)
    assert entries[0] == "/admin/"
    opened = set(entries)
    for link in entries:
        answer = client.get(link, follow=True)
        assert answer.status_code == 200, link
        opened |= {item["link"] for tab in answer.context["tab_list"] for item in tab["items"]}
    for link in opened - set(entries):
        assert client.get(link, follow=True).status_code == 200, link


def test_empty_groups_and_closed_pages_are_left_out() -> None:
    keeper = links(desk("warehouse"))
    assert not [
        link for link in keeper if link.startswith(("/admin/members/", "/admin/core/", "/admin/marketing/"))
    ]
    assert "/admin/sales/" not in keeper
    assert links(desk()) == ["/admin/"]
    groups = desk("warehouse").get("/admin/").context["sidebar_navigation"]
    assert all(group["items"] for group in groups)


@pytest.mark.usefixtures("bank")
def test_badges_count_what_waits_here_and_now() -> None:
    client = desk("operator")
    sku = a_sku(stock=10)

    def badge() -> str:
        cache.clear()
        groups = client.get("/admin/").context["sidebar_navigation"]
        items = {item["link"]: item for group in groups for item in group["items"]}
        return str(items["/admin/orders/order/"].get("badge", ""))

    assert badge() == ""
    orders.paid({sku: 1})
    order = orders.paid({sku: 1})
    assert badge() == "2"
    orders.ship(order)
    assert badge() == "1"


def test_tabs_join_the_lists_that_belong_together() -> None:
    client = desk("finance")
    tabs = client.get("/admin/orders/refund/").context["tab_list"]
    group = next(tab for tab in tabs if "orders.refund" in tab["models"])
    assert [item["link"] for item in group["items"]] == [
        "/admin/orders/payment/",
        "/admin/orders/refund/",
        "/admin/orders/notice/",
        "/admin/orders/gatewaycall/",
    ]
    assert [item["active"] for item in group["items"]] == [False, True, False, False]


@pytest.mark.usefixtures("bank")
def test_the_search_finds_what_the_person_may_see() -> None:
    here, there = live(), live()
    mine, theirs = (store.levels.first().sku.product for store in (here, there))
    numbers = {
        store: orders.Order.objects.filter(place=store).values_list("number", flat=True)[0]
        for store in (here, there)
    }
    search_text.rebuild([mine.pk, theirs.pk])
    clerk = desk("store_clerk", places=(here,))

    def found(text: str, client: Client = clerk) -> set[str]:
        cache.clear()
        answer = client.get("/admin/search/", {"s": text, "extended": "1"})
        assert answer.status_code == 200
        return set(re.findall(r'href="(/admin/[^"]+/change/)"', answer.content.decode()))

    assert len(found(numbers[here])) == 1
    assert found(numbers[there]) == set()
    assert found(mine.title) == {f"/admin/catalog/product/{mine.pk}/change/"}
    assert found(theirs.title) == {f"/admin/catalog/product/{theirs.pk}/change/"}
    assert found(mine.skus.get().code) == {f"/admin/catalog/product/{mine.pk}/change/"}
    assert found("x") == found("9" * 18) == set()

    order = orders.Order.objects.get(number=numbers[here])
    link = f"/admin/orders/order/{order.pk}/change/"
    other = f"/admin/orders/order/{orders.Order.objects.get(number=numbers[there]).pk}/change/"
    boss = desk("administrator")
    beginning, theirs_begin = numbers[here][:12], numbers[there][:12]
    assert link in found(beginning, boss), "the beginning of a number is enough"
    assert other in found(theirs_begin, boss)
    assert link in found(beginning)
    assert other not in found(theirs_begin), "within the places of who asks"
    orders.Order.objects.filter(pk=order.pk).update(phone_tail="4821", staff_note="送到物业前台")
    assert found("4821") == {link}
    assert found("物业前台") == {link}
    member = order.member
    member.user.display_name = "欧阳小满"
    member.user.save()
    person = f"/admin/members/member/{member.pk}/change/"
    assert person in found("欧阳", boss)
    assert person in found("阳小满", boss)
    assert person in found(member.user.phone, boss)
    assert person not in found("欧阳"), "a clerk sees no members"
    parcel = orders.shipped({a_sku(): 1}).shipments.get()
    assert f"/admin/orders/order/{parcel.order_id}/change/" in found(parcel.tracking_no[:8], boss)
    assert f"/admin/orders/order/{parcel.order_id}/change/" in found(parcel.tracking_no, boss)


@pytest.mark.usefixtures("bank")
def test_a_search_asks_a_handful_of_questions_whatever_there_is() -> None:
    live()
    boss = desk("administrator")

    def cost(text: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            boss.get("/admin/search/", {"s": text, "extended": "1"})
        return len(asked)

    cost("苹果")
    few = [cost(text) for text in ("261122", "8000", "苹果", "SF100", "13800138000")]
    live()
    assert [cost(text) for text in ("261122", "8000", "苹果", "SF100", "13800138000")] == few
    assert max(few) <= 12


def test_after_five_wrong_passwords_the_door_says_when_to_come_back(settings: Any) -> None:
    user = members.staff("operator")
    client = Client()
    wrong = {"username": user.username, "password": "guess"}
    answers = [client.post("/admin/login/", wrong) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert "15" in answers[-1].content.decode()
    right = {"username": user.username, "password": members.PASSWORD}
    assert client.post("/admin/login/", right).status_code == 429
    assert Client(REMOTE_ADDR="10.1.1.1").post("/admin/login/", right).status_code == 302


def test_the_door_is_in_the_shops_name_and_offers_both_languages() -> None:
    answer = Client().get("/admin/login/")
    assert answer.status_code == 200
    assert answer.content.count(b'name="language"') == 2
    client = Client()
    client.post("/i18n/", {"language": "en", "next": "/admin/login/"})
    assert b"Log in" in client.get("/admin/login/").content
