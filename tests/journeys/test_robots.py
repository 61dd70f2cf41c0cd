"""The demo's robot shoppers walk the shop's real pages, without any browser."""

import random
from typing import Any

import pytest

from local.robots import pages
from local.robots.shopper import Shopper
from members.models import Member
from orders.models import Order
from orders.terms import OrderStatus
from tests import books
from tests.factories import members
from tests.journeys.town import Town
from tests.sandboxes import Sandbox
from tests.world import wait_until

FORM = """
<a href="/basket/">x</a>
<form id="f" method="post" action="/basket/lines/">
<input type="hidden" name="a" value="1"><textarea name="note"></textarea>
<input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
<input type="radio" name="size" value="l" disabled><input type="checkbox" name="agree">
<button name="go" value="2" formaction="/buy/">Go</button>
</form>
<input form="f" name="late" value="3">
"""
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("robots")]


class Content(random.Random):
    """Takes the first of everything and never has second thoughts."""

    def random(self) -> float:
        return 0.9


def test_a_robot_finds_goods_signs_in_orders_and_pays_and_comes_again(
    town: Town, sandbox: Sandbox, live_server: Any
) -> None:
    member = members.member(phone="17000000004")
    members.address(member)
    robot = Shopper("17000000004", shop=live_server.url, sandbox=sandbox.url, chance=Content(3))
    robot.pause = 0
    number = robot.buy()
    wait_until(lambda: Order.objects.get(number=number).status == OrderStatus.PAID, "the order is paid")
    assert Order.objects.get(number=number).member_id == member.pk
    assert robot.buy() not in ("", number), "its cookies are still good"
    assert len(sandbox.messages("17000000004")) == 1
    assert Member.objects.filter(pk=member.pk).exists()
    assert books.broken() == []


def test_a_page_is_read_as_a_browser_without_javascript_reads_it() -> None:
    page = pages.read(
        "http://shop/products/7/",
        FORM,
    )
    form = page.form("/basket/lines/")
    assert form is page.form("/buy/")
    assert form is not None
    assert page.links == ["http://shop/basket/"]
    assert sorted(form.data(form.buttons[0])) == sorted(
        [("a", "1"), ("size", "m"), ("note", ""), ("late", "3"), ("go", "2")]
    )
    small, middle = form.choices()["size"]
    form.choose(small)
    form.fill(agree="on")
    assert ("size", "s") in form.data()
    assert ("agree", "on") in form.data()
    assert not middle.is_chosen
