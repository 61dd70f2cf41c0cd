"""What happens to old figures by itself."""

from datetime import timedelta

from analytics.models import ForecastRun, ReorderSuggestion, StockDay, Visit
from analytics.services import agreed_orders, forecasts, health, reorders
from catalog.models import StockAlert
from shop.core import clock, retention
from shop.core.beat import beat_job

VISITS_LIVE = timedelta(days=180)

retention.keep(
    "visits", VISITS_LIVE, lambda before: Visit.objects.filter(on_date__lt=clock.business_day(before))
)
retention.keep(
    "stock_days",
    timedelta(days=400),
    lambda before: StockDay.objects.filter(on_date__lt=clock.business_day(before)),
)
retention.keep(
    "stock_alerts", timedelta(days=180), lambda before: StockAlert.objects.filter(closed_at__lt=before)
)
retention.keep(
    "reorder_suggestions",
    timedelta(days=180),
    lambda before: ReorderSuggestion.objects.filter(ended_at__lt=before),
)
retention.keep(
    "forecast_runs", timedelta(days=400), lambda before: ForecastRun.objects.filter(made_at__lt=before)
)


@beat_job("analytics.foretell")
def foretell() -> int:
    return forecasts.run()


@beat_job("analytics.judge_goods")
def judge_goods() -> int:
    return health.run()


@beat_job("analytics.suggest_reorders")
def suggest_reorders() -> int:
    return reorders.run()


@beat_job("analytics.order_by_agreement")
def order_by_agreement() -> int:
    return agreed_orders.run()
