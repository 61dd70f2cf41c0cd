"""催发货, 延长收货, 再来一单: what a shopper may ask of an order, how often, and what staff see of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from catalog.services import products
from orders.errors import NotNudgeable, NudgedAlready
from orders.models import Order
from orders.selectors import finding, todo
from orders.selectors import orders as pages
from orders.services import closing, nudges, shipments
from shop.core import clock
from tests.factories import members
from tests.factories.catalog import StoreFactory, a_sku
from tests.factories.orders import paid, place, received, ship, shipped, to_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def later(order: Order, hours: float = 3) -> Order:
    Order.objects.filter(pk=order.pk).update(paid_at=clock.now() - timedelta(hours=hours))
    return Order.objects.get(pk=order.pk)


def waiting() -> dict[str, int]:
    return {one.code: one.count for one in todo.counts(members.staff("administrator"))}


def test_a_shopper_asks_once_a_day_and_staff_see_it_until_all_has_left() -> None:
    order = later(paid({a_sku(stock=5): 2}))
    assert "nudge" in pages.next_actions(order)
    nudges.nudge(order_id=order.pk)
    order.refresh_from_db()
    assert waiting()["nudged"] == 1
    assert list(Order.objects.filter(finding.waits("nudged"))) == [order]
    assert "nudge" not in pages.next_actions(order)
    with pytest.raises(NudgedAlready):
        nudges.nudge(order_id=order.pk)
    with clock.shifted(timedelta(hours=23, minutes=59)), pytest.raises(NudgedAlready):
        nudges.nudge(order_id=order.pk)
    with clock.shifted(timedelta(hours=24, minutes=1)):
        assert nudges.nudge(order_id=order.pk).nudge_count == 2
    page = pages.page(None, order.number)
    asked = [moment for moment in page.timeline if moment.code == "nudged"]
    assert len(asked) == 1
    assert "2" in asked[0].detail
    ship(order, {order.lines.get().pk: 1})
    assert waiting()["nudged"] == 1, "a part is still here"
    ship(order)
    assert waiting()["nudged"] == 0


def test_there_is_nothing_to_hurry_before_the_shop_had_its_time_or_when_nothing_is_to_send() -> None:
    fresh, unpaid, sent, done = paid(), place(), shipped(), received()
    store = StoreFactory()
    collected = later(paid({a_sku(place=store): 1}, delivery=to_store(store)))
    held = later(paid())
    Order.objects.filter(pk=held.pk).update(hold="audit")
    closed = place()
    closing.cancel(order_id=closed.pk, actor="system")
    for order in (fresh, unpaid, sent, done, collected, held, closed):
        order.refresh_from_db()
        assert "nudge" not in pages.next_actions(order)
        with pytest.raises(NotNudgeable):
            nudges.nudge(order_id=order.pk)
    assert waiting()["nudged"] == 0


def test_the_three_buttons_on_the_shoppers_page() -> None:
    member = members.member()
    client = Client()
    client.force_login(member.user)
    sold, gone = a_sku(title="红富士", stock=50), a_sku(title="过季草莓", stock=50)
    order = later(paid({sold: 1, gone: 1}, member=member))

    def press(verb: str) -> str:
        address = reverse(f"storefront:order_{verb}", args=[order.number])
        return str(client.post(address, follow=True).content.decode())

    here = reverse("storefront:order", args=[order.number])
    assert f"{here}nudge/" in client.get(here).content.decode()
    assert f"{here}nudge/" not in press("nudge"), "once a day"
    assert client.post(f"{here}nudge/").status_code == 409
    assert Client().post(f"{here}nudge/").status_code == 302
    stranger = Client()
    stranger.force_login(members.member().user)
    assert stranger.post(f"{here}nudge/").status_code == 404

    shipments.ship(order_id=order.pk, carrier="own", tracking_no="", lines=None, actor="system")
    assert f"{here}extend/" in client.get(here).content.decode()
    before = Order.objects.get(pk=order.pk).auto_confirm_at
    assert f"{here}extend/" not in press("extend"), "once"
    after = Order.objects.get(pk=order.pk).auto_confirm_at
    assert before is not None and after is not None and after - before == timedelta(days=7)
    assert client.post(f"{here}extend/").status_code == 409
    press("confirm")

    products.take_off_shelf(product=gone.product, actor="system")
    shown = press("again")
    assert "红富士" in shown
    assert "过季草莓" in shown, "what can't be bought is named"
    assert [line.sku_id for line in member.basket.lines.all()] == [sold.pk]
