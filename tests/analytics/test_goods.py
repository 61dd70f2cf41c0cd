"""From the ledger to a purchase order: days, forecasts, suggestions, slow sellers, remedies."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.errors import AlreadyTreated, NothingToOrder
from analytics.models import ForecastRun, Remedy, ReorderSuggestion, SkuForecast, SkuHealth, StockDay
from analytics.selectors import health as seen
from analytics.services import forecasts, health, remedies, reorders, stock_days
from analytics.terms import ReorderStatus
from catalog.models import PurchaseOrder, Sku, SkuDemand, StockLevel, SupplierReturn
from catalog.services import stock
from catalog.services.stock import Want
from shop.core import clock
from shop.core.errors import Invalid
from shop.core.transactions import unit
from tests.factories import orders
from tests.factories.catalog import a_sku
from tests.factories.purchasing import a_source

pytestmark = pytest.mark.django_db


def days_ago(days: float):
    return clock.shifted(-timedelta(days=days))


@unit
def sell(sku_id: int, pieces: int, key: str) -> None:
    place = StockLevel.objects.get(sku=sku_id).place_id
    stock.reserve(reference=key, wants=[Want("1", sku_id, pieces)], mode="pickup", place_id=place)
    stock.consume(reference=key, actor="system")


def a_seller(*, pieces: int, days: int = 40, left: int = 10) -> int:
    """A SKU that sold so many pieces every day, of which some are left."""
    with days_ago(days + 1):
        sku_id = a_sku(stock=0).pk
        receive(sku_id, pieces * days + left)
    for back in range(days, 0, -1):
        with days_ago(back):
            sell(sku_id, pieces, f"{sku_id}:{back}")
    return sku_id


def receive(sku_id: int, pieces: int) -> None:
    place = StockLevel.objects.get(sku=sku_id).place_id
    stock.receive(place_id=place, sku_id=sku_id, quantity=pieces, actor="system", key=f"r{sku_id}")


def old_stock(pieces: int, price: str = "20.00") -> int:
    """A SKU that came eighty days ago and never sold."""
    with days_ago(80):
        sku_id = a_sku(price=price, stock=0).pk
        receive(sku_id, pieces)
    return sku_id


def test_days_say_what_left_and_what_was_there_when_they_ended() -> None:
    sku_id = a_seller(pieces=2, days=3, left=5)
    stock_days.refresh()
    rows = StockDay.objects.filter(sku=sku_id).order_by("on_date")
    assert list(rows.values_list("received_count", "sold_count", "on_hand", "free")) == [
        (11, 0, 11, 11), (0, 2, 9, 9), (0, 2, 7, 7), (0, 2, 5, 5),
    ]  # fmt: skip
    sell(sku_id, 1, "today")
    stock_days.refresh()
    assert rows.last().free == 4
    assert rows.count() == 5


def test_forecast_feeds_stock_and_page_alike_in_a_fixed_number_of_queries(admin_client) -> None:
    sku_id = a_seller(pieces=3)
    with CaptureQueriesContext(connection) as few:
        assert forecasts.run() >= 1
    demand = SkuDemand.objects.get(sku=sku_id)
    assert demand.daily_mean == pytest.approx(3, abs=0.4)
    assert demand.is_best_seller
    assert demand.error < 0.3
    row = SkuForecast.objects.get(sku=sku_id)
    assert row.daily_mean == pytest.approx(demand.daily_mean, abs=1e-4)
    for _ in range(4):
        a_sku(stock=3)
    with CaptureQueriesContext(connection) as many:
        forecasts.run()
    assert len(many) <= len(few) + 2
    assert set(ForecastRun.objects.get().scores) >= {"combined", "mean_28", "seasonal_naive", "nothing"}
    page = admin_client.get(f"/admin/analytics/skuforecast/of/{row.place_id}/{sku_id}/", follow=True)
    assert page.status_code == 200
    assert len(page.context["chart"].rows) == 56 + 28


def test_suggestion_becomes_one_purchase_order_however_often_it_is_pressed(admin_client) -> None:
    sku_id = a_seller(pieces=3, left=4)
    a_source(Sku.objects.get(pk=sku_id), pack_size=24)
    forecasts.run()
    assert reorders.run() >= 1
    row = ReorderSuggestion.objects.get(sku=sku_id)
    assert row.quantity % 24 == 0
    assert row.quantity >= row.target - row.free
    page = admin_client.get("/admin/analytics/reordersuggestion/")
    assert str(row.target) in page.content.decode()
    data = {"pick": [row.pk], f"pieces-{row.pk}": "50", "do": "order"}
    for _ in range(2):
        admin_client.post("/admin/analytics/reordersuggestion/", data)
    order = PurchaseOrder.objects.get()
    assert order.lines.get().quantity == 72
    row.refresh_from_db()
    assert (row.status, row.reference) == (ReorderStatus.ORDERED, f"purchase:{order.pk}")
    assert reorders.run() == 0
    with pytest.raises(NothingToOrder):
        reorders.draft(wanted={row.pk: 50}, actor="user:1")


def test_what_is_put_off_stays_away_for_a_review_and_nonsense_is_refused() -> None:
    sku_id = a_seller(pieces=3, left=4)
    a_source(Sku.objects.get(pk=sku_id))
    forecasts.run()
    reorders.run()
    row = ReorderSuggestion.objects.get(sku=sku_id)
    for pieces in (0, -3, 10**7):
        with pytest.raises(Invalid):
            reorders.draft(wanted={row.pk: pieces}, actor="user:1")
    with pytest.raises(NothingToOrder):
        reorders.draft(wanted={row.pk: 5}, actor="user:1", place_ids=[])
    reorders.dismiss(ids=[row.pk], actor="user:1")
    assert reorders.run() == 0
    with clock.shifted(timedelta(days=8)):
        assert reorders.run() == 1


def test_a_slow_seller_scores_high_and_its_remedy_is_followed_to_the_money(bank) -> None:
    fast = a_seller(pieces=3, days=35, left=20)
    slow = old_stock(40)
    Sku.objects.filter(pk=slow).update(cost_price=8)
    stock_days.refresh()
    health.run()
    scores = dict(SkuHealth.objects.values_list("sku", "score"))
    assert scores[slow] > 60 > scores[fast]
    row = SkuHealth.objects.get(sku=slow)
    assert (row.on_hand, row.stock_value, row.age_days, row.idle_days) == (40, 320, 80, 80)
    assert row.idle_points + row.sell_points + row.ageing_points + row.holding_points == pytest.approx(
        row.score
    )
    remedy = remedies.start(sku_id=slow, kind="clear", actor="user:1")
    with pytest.raises(AlreadyTreated):
        remedies.start(sku_id=slow, kind="bundle", actor="user:1")
    order = orders.paid({Sku.objects.get(pk=slow): 2})
    result = seen.results([remedy])[remedy.pk]
    assert (result.sold, result.recovered) == (2, order.lines.get().due)
    ended = remedies.end(remedy_id=remedy.pk, actor="user:1")
    assert (ended.stock_then, ended.sold_end, ended.recovered) == (40, 2, order.lines.get().due)


def test_turnover_is_cost_of_goods_sold_over_average_stock() -> None:
    sku_id = a_seller(pieces=2, days=10, left=0)
    Sku.objects.filter(pk=sku_id).update(cost_price=Decimal("3.00"))
    stock_days.refresh()
    health.run()
    row = SkuHealth.objects.get(sku=sku_id)
    average = sum(20 - 2 * n for n in range(11)) / 11 * 3
    assert row.cogs == 60
    assert float(row.average_value) == pytest.approx(average, abs=0.01)
    assert row.turnover == pytest.approx(60 / average * 365 / 11, rel=0.01)
    assert row.days_of_stock == pytest.approx(average / 60 * 11, rel=0.01)


def test_returning_drafts_a_return_to_the_supplier() -> None:
    sku_id = old_stock(40)
    a_source(Sku.objects.get(pk=sku_id))
    remedy = remedies.start(sku_id=sku_id, kind="return", actor="user:1")
    made = SupplierReturn.objects.get()
    assert made.reference == f"slow_mover:{remedy.pk}"
    assert made.lines.get().quantity == 40
    assert Remedy.objects.get().reference == f"return:{made.pk}"
