"""Money that arrives for an order that is closed goes back, and the shopper is told."""

from datetime import timedelta

import pytest

from orders.models import Order, Refund
from orders.services import closing
from shop.core import clock, outbox
from tests.factories import members
from tests.journeys.conftest import Meet
from tests.journeys.steps import payment_of, submit
from tests.journeys.town import Town
from tests.journeys.visitor import zh
from tests.sandboxes import Sandbox
from tests.world import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("balanced"),
]


def test_late_payment_of_a_closed_order_is_refunded_and_said(
    meet: Meet, town: Town, sandbox: Sandbox
) -> None:
    member = town.shopper()
    members.address(member)
    visitor = meet()
    visitor.becomes(member.user)
    visitor.go(f"/checkout/?sku={town.strawberry.pk}&quantity=2")
    visitor.sees(
        zh(
            "Fresh goods can't be returned without a reason: {titles}. By submitting you confirm this.",
            titles="丹东草莓",
        )
    )
    order = submit(visitor)
    visitor.sees("立即支付")
    level = town.strawberry.levels.get(place=town.warehouse)
    assert (level.on_hand, level.reserved) == (8, 2)
    number = payment_of(order).number
    sandbox.fault("callback_after_close", scope=number, times=1)

    visitor.press("立即支付")
    with clock.shifted(timedelta(minutes=16)):
        closing.expire_due()
    visitor.go(f"/orders/{order.number}/")
    visitor.sees(zh("Closed"))
    outbox.drain_all()
    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (8, 0)

    wait_until(lambda: Refund.objects.exists(), "the late money is noticed")
    outbox.drain_all()
    wait_until(lambda: Refund.objects.filter(status="succeeded").exists(), "the money is back")
    outbox.drain_all()
    order = Order.objects.get()
    refund = Refund.objects.get()
    assert (order.status, order.close_reason, refund.kind) == ("closed", "expired", "late_payment")
    assert str(refund.amount) == "85.80"
    assert (order.paid_amount, order.refunded_amount) == (0, 0), "stray money is no part of the order"
    visitor.page.reload()
    visitor.sees(
        zh("Closed"),
        zh("Money back"),
        zh("Refunded"),
        zh("%(amount)s goes back to where it was paid from.", amount="¥85.80"),
    )
    visitor.go("/orders/")
    visitor.sees("丹东草莓", zh("Closed"))
