"""Thin Celery names of the catalog's work."""

from catalog.services import search_text, search_words, stock_alerts, tags
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


@beat_job("catalog.fade_search_words")
def fade_search_words() -> int:
    return search_words.fade()
