"""Goods collected in a store against a code that a clerk of that store verifies once."""

import pytest
from playwright.sync_api import expect

from members.selectors import points
from orders.models import Order
from shop.core import outbox
from tests.factories import members
from tests.journeys.conftest import Meet
from tests.journeys.steps import pay_at_the_cashier, submit
from tests.journeys.town import Desk, Town
from tests.journeys.visitor import zh

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("balanced"),
]


def test_a_clerk_of_the_store_hands_out_against_the_code_once(meet: Meet, town: Town) -> None:
    member = town.shopper(display_name="李雷")
    members.address(member)
    visitor = meet()
    visitor.becomes(member.user)
    visitor.go(f"/checkout/?sku={town.milk.pk}&quantity=1")
    visitor.sees_price("75.90")
    visitor.press(zh("Collect it"))
    visitor.arrives("mode=pickup")
    visitor.sees("梧桐里店", "梧桐路8号", "河滨店")
    visitor.sees_price("69.90")
    slots = visitor.page.locator("details[open] .slots .chip")
    slot = (slots.last.text_content() or "").strip()
    slots.last.click()
    visitor.fill(contact_name="韩梅梅")
    order = submit(visitor)
    pay_at_the_cashier(visitor)
    visitor.arrives("/orders/.*/paid/")
    outbox.drain_all()
    order.refresh_from_db()
    assert (order.status, order.place_id, str(order.paid_amount)) == ("paid", town.store.pk, "69.90")
    code = order.pickup.code
    shown = f"{code[:4]} {code[4:8]} {code[8:]}"

    visitor.page.reload()
    visitor.sees(shown, "梧桐里店", slot)
    visitor.press(zh("Show the code"))
    visitor.sees(shown, "韩梅梅", zh("Show this code in the store"))
    expect(visitor.page.locator(".pickup-code .qr svg")).to_be_visible()

    stranger = Desk(visitor.url, town.clerk(town.other_store))
    assert stranger.get(f"/orders/{order.number}/").status_code == 404
    refused = stranger.post("/pickups/verify/", code=code)
    assert refused.json()["code"] == "code_of_another_store"
    assert (refused.status_code, set(refused.json())) == (403, {"code", "message", "extra"})
    order.refresh_from_db()
    assert (order.status, order.pickup.status) == ("paid", "waiting")

    clerk = Desk(visitor.url, town.clerk(town.store))
    assert clerk.post("/pickups/peek/", code=code).json()["number"] == order.number
    handed_out = clerk.post("/pickups/verify/", code=shown)
    assert handed_out.status_code == 200, handed_out.text
    again = clerk.post("/pickups/verify/", code=code)
    assert again.status_code == 409
    outbox.drain_all()
    level = town.milk.levels.get(place=town.store)
    assert (level.on_hand, level.reserved) == (5, 0)

    order = Order.objects.get()
    assert (order.pickup.status, order.shipping_status) == ("collected", "received")
    assert points.balance(member.pk) == 69
    visitor.page.reload()
    visitor.sees(zh("Completed"))
    visitor.misses(shown)
