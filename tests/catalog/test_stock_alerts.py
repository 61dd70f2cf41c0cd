"""Warnings of short stock: by pieces or days of cover, once, worse ones at once, over when it is well."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import SkuDemand, StockAlert, StockLevel
from catalog.services import stock, stock_alerts
from catalog.terms.demand import AlertTier
from shop.core import clock
from shop.core.models import OutboxEvent
from tests.factories.catalog import a_sku

pytestmark = pytest.mark.django_db


def told() -> list[list[int]]:
    rows = OutboxEvent.objects.filter(topic="catalog.StockFellShort").order_by("pk")
    return [row.payload["level_ids"] for row in rows]


def standing() -> list[tuple[str, int]]:
    return list(StockAlert.objects.filter(closed_at=None).values_list("tier", "free_count"))


def test_short_stock_is_told_at_once_and_once_a_day_and_again_after_it_was_well() -> None:
    level = StockLevel.objects.get(sku=a_sku(stock=10))
    stock.set_alert(level_id=level.pk, alert_at=3, actor="user:1")
    assert (stock_alerts.scan(), told()) == (0, [])
    stock.adjust(level_id=level.pk, delta=-7, reason="damaged", actor="user:1")
    assert (standing(), told()) == ([("warn", 3)], [[level.pk]])
    assert stock_alerts.scan() == 0
    with clock.shifted(timedelta(hours=25)):
        assert stock_alerts.scan() == 1
        assert stock_alerts.scan() == 0
        stock.adjust(level_id=level.pk, delta=7, reason="found", actor="user:1")
        assert standing() == []
        stock.adjust(level_id=level.pk, delta=-7, reason="damaged", actor="user:1")
    assert len(told()) == 3
    assert StockAlert.objects.count() == 2


def test_worse_is_told_at_once_and_better_is_not() -> None:
    level = StockLevel.objects.get(sku=a_sku(stock=10))
    stock.set_alert(level_id=level.pk, alert_at=9, actor="user:1")
    for delta, tier, times in (
        (-1, "warn", 1),
        (-1, "warn", 1),
        (-5, "critical", 2),
        (-3, "out", 3),
        (2, "critical", 3),
    ):
        reason = "damaged" if delta < 0 else "found"
        stock.adjust(level_id=level.pk, delta=delta, reason=reason, actor="user:1")
        assert (standing()[0][0], len(told())) == (tier, times)


def test_best_sellers_are_warned_of_by_days_of_cover_and_others_when_asked() -> None:
    best, other = (StockLevel.objects.get(sku=a_sku(stock=20)) for _ in range(2))
    for level, is_best in ((best, True), (other, False)):
        SkuDemand.objects.create(
            place=level.place, sku=level.sku, daily_mean=2, daily_sigma=1, method="combined",
            is_best_seller=is_best, computed_at=clock.now(),
        )  # fmt: skip
    assert stock_alerts.scan() == 1
    alert = StockAlert.objects.get()
    assert (alert.level, alert.mark, alert.cover_days, alert.tier) == (best, 30, 10, AlertTier.WARN)
    stock.set_alert(level_id=other.pk, alert_at=0, cover_days=11, actor="user:1")
    stock.set_alert(level_id=best.pk, alert_at=0, cover_days=0, actor="user:1")
    assert list(StockAlert.objects.filter(closed_at=None).values_list("level", "mark")) == [(other.pk, 22)]


def test_statements_do_not_grow_with_the_levels() -> None:
    counts = []
    for rows in (2, 9):
        known = set(StockLevel.objects.values_list("pk", flat=True))
        for _ in range(rows):
            a_sku(stock=1)
        StockLevel.objects.exclude(pk__in=known).update(alert_at=5)
        with CaptureQueriesContext(connection) as seen:
            assert stock_alerts.scan() == rows
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_order_that_takes_the_last_warns_and_its_closing_takes_it_back(settings) -> None:
    from orders.services import closing
    from shop.core import outbox
    from tests.factories import orders

    sku = a_sku(stock=5)
    level = StockLevel.objects.get(sku=sku)
    stock.set_alert(level_id=level.pk, alert_at=2, actor="user:1")
    order = orders.place({sku: 4})
    assert standing() == []
    outbox.drain_all()
    assert standing() == [("warn", 1)]
    closing.cancel(order_id=order.pk, actor="system")
    outbox.drain_all()
    assert standing() == []
