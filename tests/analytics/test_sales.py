"""Figures agree with the orders and the payments behind them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F, Sum

from analytics.selectors import people, sales, windows
from orders.models import Order, OrderLine, PaymentShare, Refund
from orders.services import closing
from orders.terms import RefundKind, RefundStatus
from shop.core import clock, outbox
from tests.factories import members, orders
from tests.factories.catalog import StoreFactory, a_freight_template, a_sku

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 6, 30, tzinfo=UTC)  # 14:30 in Shanghai, a Wednesday


def at(moment: datetime) -> Any:
    return clock.shifted(moment - clock.now())


@pytest.fixture
def world(bank: Any) -> dict[str, Order]:
    """Orders of several days and fates, by name."""
    apple = a_sku(price="12.30", stock=500, title="苹果")
    milk = a_sku(price="7.77", stock=500, title="牛奶", product__freight_template=a_freight_template())
    store = StoreFactory()
    made = {}
    for name, moment, pieces in (
        ("month ago", NOW - timedelta(days=30), {apple: 3}),
        ("week ago", NOW - timedelta(days=7, hours=1), {milk: 2}),
        ("yesterday early", NOW - timedelta(days=1, hours=2), {apple: 1, milk: 3}),
        ("yesterday late", NOW - timedelta(days=1) + timedelta(hours=2), {apple: 1}),
        ("today", NOW - timedelta(hours=3), {apple: 2, milk: 1}),
    ):
        with at(moment):
            made[name] = orders.paid(pieces)
    with at(NOW - timedelta(hours=2)):
        made["collected"] = orders.collected({apple: 1}, store=_stocked(store, apple))
    with at(NOW - timedelta(hours=1)):
        made["given back"] = orders.paid({apple: 5})
        closing.cancel(order_id=made["given back"].pk, actor="user:1", reason="x")
        outbox.drain_all()
    with at(NOW - timedelta(minutes=50)):
        made["late"] = late = orders.place({apple: 4})
        payment = orders.an_open_payment(late)
        closing.cancel(order_id=late.pk, actor=f"user:{late.member.user_id}")
        orders.settle(payment)
        outbox.drain_all()
    return made


def _stocked(store: Any, sku: Any) -> Any:
    from tests.factories.catalog import stock_up

    stock_up(sku, 50, store)
    return store


def test_sales_of_any_time_are_its_accepted_payments_to_the_fen(world: dict[str, Order]) -> None:
    for first, last in ((-40, 0), (-7, 0), (-1, -1), (0, 0)):
        today = clock.business_day(NOW)
        window = windows.of_days(today + timedelta(days=first), today + timedelta(days=last))
        accepted = PaymentShare.objects.filter(
            is_accepted=True, order__paid_at__gte=window.start, order__paid_at__lt=window.end
        )
        expected = accepted.aggregate(total=Sum("amount", default=Decimal("0.00")))["total"]
        totals = sales.totals({"x": window})["x"]
        days = sales.by_day(today + timedelta(days=first), today + timedelta(days=last))
        assert totals.sales == expected
        assert totals.orders == accepted.count()
        assert sum(day.totals.sales for day in days) == expected
        assert len(days) == last - first + 1
        assert sum(place.totals.sales for place in sales.by_place(window)) == expected
        assert sum(sales.by_hour(window).values()) == accepted.count()
        goods = sum(product.amount for product in sales.top_products(window))
        freight = sales.paid_in(window).aggregate(total=Sum("freight_due", default=Decimal("0.00")))["total"]
        assert goods + freight == expected


def test_money_for_a_closed_order_is_neither_a_sale_nor_a_refund(world: dict[str, Order]) -> None:
    window = windows.same_hour(NOW).today
    late, back = world["late"], world["given back"]
    late.refresh_from_db()
    assert late.status == "closed"
    assert Refund.objects.filter(order=late, kind=RefundKind.LATE_PAYMENT).count() == 1
    assert not sales.paid_in(window).filter(pk=late.pk).exists()
    assert sales.refunded(window) == back.due
    assert sales.paid_in(window).filter(pk=back.pk).exists()
    Refund.objects.filter(order=back).update(status=RefundStatus.PROCESSING)
    assert sales.refunded(window) == 0


def test_today_is_held_against_the_same_hour_of_yesterday_and_of_a_week_ago(world: dict[str, Order]) -> None:
    spans = windows.same_hour(NOW)
    found = sales.totals({"today": spans.today, "yesterday": spans.yesterday, "week": spans.week_ago})
    today = world["today"].due + world["collected"].due + world["given back"].due
    assert found["today"] == sales.Totals(today, 3)
    assert found["today"].average == (today / 3).quantize(Decimal("0.01"))
    assert found["yesterday"] == sales.Totals(world["yesterday early"].due, 1)
    assert found["week"] == sales.Totals(world["week ago"].due, 1)
    assert sales.Totals().average == 0


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    before, after = (datetime(2026, 5, 19, 15, minute, tzinfo=UTC) for minute in (59, 59))
    after += timedelta(minutes=2)
    sku = a_sku(price="10.00")
    for moment in (before, after):
        with at(moment):
            orders.paid({sku: 1})
    last, first = (clock.business_day(moment) for moment in (after, before))
    assert (last - first).days == 1
    assert [day.totals for day in sales.by_day(first, last)] == [sales.Totals(Decimal("10.00"), 1)] * 2
    hours = sales.by_hour(windows.of_days(first, last))
    assert hours == {(2, 23): 1, (3, 0): 1}


def test_only_orders_of_the_asked_places_count(world: dict[str, Order]) -> None:
    window = windows.same_hour(NOW).today
    store = world["collected"].place_id
    assert store is not None
    assert sales.totals({"x": window}, [store])["x"] == sales.Totals(world["collected"].due, 1)
    assert [one.pieces for one in sales.top_products(window, [store])] == [1]
    assert sales.refunded(window, [store]) == 0
    assert sales.totals({"x": window}, [])["x"] == sales.Totals()


def test_best_sellers_are_ranked_by_what_was_paid_for_them(world: dict[str, Order]) -> None:
    window = windows.of_days(clock.business_day(NOW), clock.business_day(NOW))
    found = sales.top_products(window, limit=1)
    lines = OrderLine.objects.filter(
        order__paid_at__gte=window.start, title="苹果", order__paid_at__isnull=False
    )
    assert [(one.title, one.pieces, one.amount) for one in found] == [
        ("苹果", lines.aggregate(n=Sum("quantity"))["n"], lines.aggregate(n=Sum(F("due")))["n"])
    ]


def test_new_members_are_those_who_joined_in_the_time() -> None:
    for hours in (1, 2, 25, 24 * 7 + 1, 24 * 7 - 1):
        with at(NOW - timedelta(hours=hours)):
            members.member()
    spans = windows.same_hour(NOW)
    named = {"today": spans.today, "yesterday": spans.yesterday, "week": spans.week_ago}
    assert people.new_members(named) == {"today": 2, "yesterday": 1, "week": 1}


def test_every_figure_is_one_query(world: dict[str, Order], django_assert_num_queries: Any) -> None:
    window = windows.of_days(clock.business_day(NOW - timedelta(days=90)), clock.business_day(NOW))
    today = clock.business_day(NOW)
    for ask in (
        lambda: sales.totals({"a": window, "b": window}),
        lambda: sales.by_day(today - timedelta(days=59), today),
        lambda: sales.by_place(window),
        lambda: sales.by_hour(window),
        lambda: sales.top_products(window),
        lambda: sales.refunded(window),
        lambda: people.new_members({"a": window}),
    ):
        with django_assert_num_queries(1):
            ask()
