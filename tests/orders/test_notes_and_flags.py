"""Notes and flags of orders: seen in the list, found by their words, put on many at once, by who may."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from catalog.models import StaffPlace
from orders.models import Order
from orders.services import notes, nudges
from orders.terms import Flag
from shop.core import clock
from shop.core.models import AuditEntry
from tests.factories import members
from tests.factories.catalog import PlaceFactory, a_sku, stock_up
from tests.factories.orders import paid, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

LIST = "/admin/orders/order/"


def desk(role: str) -> Client:
    client = Client()
    client.force_login(members.staff(role))
    return client


def shown(client: Client, **query: str) -> set[str]:
    body = client.get(LIST, query).content.decode()
    return set(re.findall(r"\d{15,20}", re.sub(r"<script.*?</script>", "", body, flags=re.S))) & set(
        Order.objects.values_list("number", flat=True)
    )


def test_notes_stand_in_the_list_and_their_words_are_found() -> None:
    client = desk("operator")
    gift, plain = paid(buyer_note="请写生日贺卡 Happy"), paid()
    notes.write(order_id=plain.pk, note="已电话确认周五送", flag=Flag.AMBER)
    body = client.get(LIST).content.decode()
    assert "请写生日贺卡" in body
    assert "已电话确认" in body
    assert "bo-dot-amber" in body
    assert shown(client, q="生日贺卡") == shown(client, q="happy") == {gift.number}
    assert shown(client, q="电话") == {plain.number}
    assert shown(client, q=gift.number[:12]) == {
        one.number for one in (gift, plain) if one.number.startswith(gift.number[:12])
    }
    assert shown(client, note="buyer") == {gift.number}
    assert shown(client, note="staff") == {plain.number}
    assert shown(client, flag__exact="amber") == {plain.number}
    assert shown(client, q="没有的话") == set()


def test_chips_show_what_narrows_the_list_and_take_it_away() -> None:
    client = desk("operator")
    paid()
    asked = paid()
    Order.objects.filter(pk=asked.pk).update(paid_at=clock.now() - timedelta(hours=3))
    nudges.nudge(order_id=asked.pk)
    place()
    body = client.get(LIST, {"todo": "nudged"}).content.decode()
    assert re.search(r'href="\?todo=nudged" aria-current="true"', body)
    assert re.search(r'data-count="to_ship">2<', body)
    assert re.search(r'data-count="nudged">1<', body)
    assert shown(client, todo="nudged") == {asked.number}
    narrowed = client.get(LIST, {"todo": "to_ship", "delivery_mode__exact": "express"}).content.decode()
    assert re.search(r'class="bo-chip" href="\?todo=to_ship" aria-current="true"', narrowed)
    clerk = desk("store_clerk")
    assert 'data-count="nudged"' not in clerk.get(LIST).content.decode(), "who doesn't ship isn't told"


def test_many_orders_are_flagged_at_once_by_who_may_and_only_their_own() -> None:
    here, there = PlaceFactory(), PlaceFactory()
    mine, theirs = a_sku(stock=0), a_sku(stock=0)
    stock_up(mine, 9, here)
    stock_up(theirs, 9, there)
    orders = [paid({mine: 1}), paid({mine: 1}), paid({theirs: 1})]
    keeper = members.staff("warehouse")
    StaffPlace.objects.create(user=keeper, place=here)
    client = Client()
    client.force_login(keeper)
    form = {"action": "flag_red", "_selected_action": [order.pk for order in orders]}
    assert client.post(LIST, form, follow=True).status_code == 200
    assert [Order.objects.get(pk=order.pk).flag for order in orders] == ["red", "red", ""]
    assert AuditEntry.objects.filter(verb="note", actor=f"user:{keeper.pk}").count() == 2
    client.post(LIST, form | {"action": "unflag"})
    assert not Order.objects.exclude(flag="").exists()
    watcher = members.staff()
    watcher.user_permissions.set(_view_only())
    client.force_login(watcher)
    client.post(LIST, form)
    assert not Order.objects.exclude(flag="").exists(), "looking is not marking"


def _view_only() -> list[object]:
    from django.contrib.auth.models import Permission

    return list(Permission.objects.filter(codename="view_order"))
