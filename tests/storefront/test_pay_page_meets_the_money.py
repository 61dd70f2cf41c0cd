"""The money arrives while the pay page is being made."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from members.models import Member
from orders.models import Payment
from tests.factories.orders import an_open_payment, place, settle
from tests.storefront.conftest import Browser


class SettlesAfter:
    """Lets the payment be settled right after the given query about orders, once."""

    def __init__(self, payment: Payment, which: int) -> None:
        self.payment, self.which, self.asked = payment, which, 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if sql.startswith("SELECT") and '"orders_order"' in sql:
            self.asked += 1
            if self.asked == self.which:
                settle(self.payment)
        return answer


@pytest.mark.parametrize("which", [1, 2])
def test_a_payment_settled_meanwhile_never_looks_like_none(
    browser: Browser, member: Member, which: int
) -> None:
    order = place(member=member)
    payment = an_open_payment(order)
    settles = SettlesAfter(payment, which)
    with connection.execute_wrapper(settles):
        answer = browser.get(f"/orders/{order.number}/pay/?back=1")
    assert settles.asked >= which
    if answer.status_code == 200:
        shown = answer.content.decode()
        assert "Pay with WeChat" not in shown
        assert "every 3s" in shown, "it goes on asking"
    else:
        assert answer["Location"] == f"/orders/{order.number}/paid/"
