"""Thin Celery names of the catalog's work."""

from catalog.services import (
    competitor_fetching,
    competitors,
    expiry,
    goods_notices,
    idle,
    listings,
    markdowns,
    product_views,
    purchase_orders,
    repricing,
    search_text,
    search_words,
    seasons,
    spot_checks,
    stock_alerts,
    stock_pushes,
    tags,
    twins,
)
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


@beat_job("catalog.freeze_expired")
def freeze_expired() -> int:
    return expiry.freeze_due()


@beat_job("catalog.end_markdowns")
def end_markdowns() -> int:
    return markdowns.end_due()


@beat_job("catalog.count_views")
def count_views() -> int:
    return product_views.collect()


@beat_job("catalog.scan_idle")
def scan_idle() -> int:
    return idle.scan()


@beat_job("catalog.carry_out_plans")
def carry_out_plans() -> int:
    return seasons.carry_out()


@beat_job("catalog.pick_spot_checks")
def pick_spot_checks() -> int:
    return spot_checks.pick_due()


@beat_job("catalog.look_at_pictures")
def look_at_pictures() -> int:
    return twins.scan()


@beat_job("catalog.push_channels")
def push_channels() -> int:
    return stock_pushes.push_due()


@beat_job("catalog.fetch_competitors")
def fetch_competitors() -> int:
    return competitor_fetching.fetch_due()


@beat_job("catalog.forget_old_observations")
def forget_old_observations() -> int:
    return competitors.forget_old()


@beat_job("catalog.reprice")
def reprice() -> int:
    return repricing.run_daily()


@beat_job("catalog.tell_back_in_stock")
def tell_back_in_stock() -> int:
    return goods_notices.tell_back()


@beat_job("catalog.close_purchases")
def close_purchases() -> int:
    return purchase_orders.close_old()


@beat_job("catalog.recheck_listings")
def recheck_listings() -> int:
    return listings.recheck_due()
