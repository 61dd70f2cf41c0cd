"""One noun a file; this index is what other modules import."""

from analytics.models.forecast import ForecastRun, SkuForecast
from analytics.models.reorder import ReorderSuggestion
from analytics.models.sku_health import Remedy, SkuHealth
from analytics.models.stock_day import StockDay
from analytics.models.visit import Visit

__all__ = ["ForecastRun", "Remedy", "ReorderSuggestion", "SkuForecast", "SkuHealth", "StockDay", "Visit"]
