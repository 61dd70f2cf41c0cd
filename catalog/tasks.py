"""Thin Celery names of the catalog's work."""

from catalog.services import search_text, stock_alerts, tags
from shop.core.beat import beat_job


@beat_job("catalog.scan_stock_alerts")
def scan_stock_alerts() -> int:
    return stock_alerts.scan()


@beat_job("catalog.refresh_tags")
def refresh_tags() -> int:
    return tags.refresh()


@beat_job("catalog.rebuild_search")
def rebuild_search() -> int:
    return search_text.rebuild_all()
