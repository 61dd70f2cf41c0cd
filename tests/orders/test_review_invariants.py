"""The watchman barks at what he is meant to see: each row is broken by hand, past every service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from marketing.services import coupons
from orders.services import closing
from shop.core import outbox
from tests.books import broken
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.marketing import a_coupon
from tests.factories.orders import STAFF, an_open_payment, paid, pay, place, received, settle

pytestmark = pytest.mark.django_db


@contextmanager
def unguarded() -> Iterator[None]:
    """Without triggers; the constraints stay."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values or None)


def barks() -> set[str]:
    """The numbers of the sentences that are broken."""
    out = StringIO()
    with suppress(CommandError):
        call_command("check_invariants", "--json", stdout=out)
    return {one["id"] for one in json.loads(out.getvalue())["invariants"] if one["rows"]}


def the_day() -> None:
    """A sale with points and a coupon that is received and refunded in part, one that waits, one whose money
    came too late, one that was cancelled."""
    member = members.member(points_available=500)
    coupon = a_coupon(per_member=2)
    grants = [coupons.give(coupon_id=coupon.pk, member_id=member.pk, source=f"{n}").pk for n in range(2)]
    done = received({a_sku(price="90.00"): 2}, member=member, points=300, coupon_grant_id=grants[0])
    closing.give_back(order_id=done.pk, actor=STAFF, reason="x", amount=Decimal("5.00"))
    outbox.drain_all()
    pay(place({a_sku(): 1}))
    late = place()
    payment = an_open_payment(late)
    closing.cancel(order_id=late.pk, actor=STAFF)
    settle(payment)
    closing.cancel(
        order_id=place({a_sku(price="95.00"): 1}, member=member, coupon_grant_id=grants[1]).pk, actor=STAFF
    )
    outbox.drain_all()


def test_sentences_that_share_a_number_are_all_looked_at() -> None:
    order = paid()
    call_command("check_invariants", stdout=StringIO())
    sql("UPDATE orders_orderline SET shares = %s WHERE order_id = %s", '[{"amount": "1.00"}]', order.pk)
    assert barks() == {"OR2"}


def test_all_is_well_after_a_full_day(bank: type[PaperBank]) -> None:
    """Every kind of row the sentences look at, none of them broken."""
    the_day()
    assert not broken()


Breakage = tuple[str, str]

BREAKAGES: dict[str, Breakage] = {
    "a level promises more than lies there": (
        "ST2",
        "UPDATE catalog_stocklevel SET on_hand = on_hand + 1",
    ),
    "a reservation was forgotten": (
        "ST3",
        "UPDATE catalog_reservation SET quantity = quantity + 1 WHERE status = 'active'",
    ),
    "more was handed out than moved": (
        "ST4",
        "UPDATE catalog_reservation SET consumed_count = consumed_count - 1 WHERE status = 'consumed'",
    ),
    "a parcel lost a line": ("ST5", "DELETE FROM orders_shipmentline"),
    "a number of another make": ("OR1", "UPDATE orders_order SET number = 'X' || number"),
    "a discount nobody gave": ("OR2", 'UPDATE orders_orderline SET shares = \'[{"amount": "1.00"}]\''),
    "a total of its own": ("OR2", "UPDATE orders_order SET list_total = list_total + 1"),
    "a state without a step": ("OR4", "UPDATE orders_order SET status = 'paid' WHERE status = 'completed'"),
    "paid without money": ("OR5", "UPDATE orders_paymentshare SET is_accepted = false"),
    "a closed order that holds a coupon": (
        "OR6",
        "UPDATE marketing_promotionuse SET released_at = NULL WHERE released_at IS NOT NULL",
    ),
    "a gateway asked for less": ("OR7", "UPDATE orders_payment SET amount = amount + 1"),
    "an open share of a payment that is over": (
        "PA1",
        "UPDATE orders_paymentshare SET is_open = true WHERE id = (SELECT min(id) FROM orders_paymentshare)",
    ),
    "paid by nobody's word": (
        "PA3",
        "UPDATE orders_paymenttransition SET actor = 'user:1' WHERE to_status = 'paid'",
    ),
    "stray money kept": ("PA4", "UPDATE orders_refund SET kind = 'goodwill' WHERE kind = 'late_payment'"),
    "a refund the payment does not count": ("RF1", "UPDATE orders_payment SET refunded_amount = 0"),
    "a refund a line does not count": ("RF2", "UPDATE orders_refundline SET quantity = quantity + 1"),
    "a call about a number that was never kept": ("RF3", "UPDATE orders_gatewaycall SET number = 'X'"),
    "a refund that ended without a step": ("RF3", "DELETE FROM orders_refundtransition"),
    "points from nowhere": ("BL3", "UPDATE members_pointsaccount SET available = available + 1"),
    "points an order forgot": ("PT1", "UPDATE orders_order SET points_used = points_used + 1"),
    "points taken back for nothing": (
        "PT2",
        "UPDATE orders_refund SET number = '9' || number WHERE kind = 'goodwill'",
    ),
    "a coupon two orders believe in": (
        "CP1",
        "UPDATE orders_order SET coupon_grant_id = (SELECT id FROM marketing_coupongrant LIMIT 1)",
    ),
    "more copies than counted": ("CP2", "UPDATE marketing_coupon SET issued_count = issued_count + 1"),
    "a parcel of a closed order": ("SH1", "UPDATE orders_order SET shipping_status = 'shipped'"),
    "an order that never ends": (
        "CL2",
        "UPDATE orders_order SET refunded_amount = paid_amount WHERE status = 'paid'",
    ),
}


def test_the_watchman_barks_at_every_breakage(bank: type[PaperBank]) -> None:
    the_day()
    slept = []
    for what, (number, statement) in BREAKAGES.items():
        with transaction.atomic(), unguarded():
            sql(statement)
            if number not in barks():
                slept.append(what)
            transaction.set_rollback(True)
    assert not slept
