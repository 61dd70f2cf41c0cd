"""When beat starts the catalog's work."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "catalog.scan_stock_alerts": {
        "task": "catalog.scan_stock_alerts",
        "schedule": 3600.0,
        "options": {"queue": "report", "expires": 3000},
    },
    "catalog.refresh_tags": {
        "task": "catalog.refresh_tags",
        "schedule": 3600.0,
        "options": {"queue": "report", "expires": 3000},
    },
    "catalog.rebuild_search": {
        "task": "catalog.rebuild_search",
        "schedule": crontab(hour=4, minute=10),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.fade_search_words": {
        "task": "catalog.fade_search_words",
        "schedule": crontab(hour=4, minute=30),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.freeze_expired": {
        "task": "catalog.freeze_expired",
        "schedule": 300.0,
        "options": {"queue": "report", "expires": 240},
    },
    "catalog.end_markdowns": {
        "task": "catalog.end_markdowns",
        "schedule": 1800.0,
        "options": {"queue": "report", "expires": 1500},
    },
    "catalog.count_views": {
        "task": "catalog.count_views",
        "schedule": 1800.0,
        "options": {"queue": "report", "expires": 1500},
    },
    "catalog.scan_idle": {
        "task": "catalog.scan_idle",
        "schedule": crontab(hour=5, minute=20),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.carry_out_plans": {
        "task": "catalog.carry_out_plans",
        "schedule": 600.0,
        "options": {"queue": "report", "expires": 500},
    },
    "catalog.pick_spot_checks": {
        "task": "catalog.pick_spot_checks",
        "schedule": crontab(hour=5, minute=40),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.look_at_pictures": {
        "task": "catalog.look_at_pictures",
        "schedule": 300.0,
        "options": {"queue": "report", "expires": 280},
    },
    "catalog.push_channels": {
        "task": "catalog.push_channels",
        "schedule": 5.0,
        "options": {"queue": "notify", "expires": 30},
    },
    "catalog.fetch_competitors": {
        "task": "catalog.fetch_competitors",
        "schedule": 60.0,
        "options": {"queue": "report", "expires": 55},
    },
    "catalog.forget_old_observations": {
        "task": "catalog.forget_old_observations",
        "schedule": crontab(hour=4, minute=50),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.reprice": {
        "task": "catalog.reprice",
        "schedule": crontab(hour=6, minute=0),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.tell_back_in_stock": {
        "task": "catalog.tell_back_in_stock",
        "schedule": 60.0,
        "options": {"queue": "notify", "expires": 55},
    },
    "catalog.close_purchases": {
        "task": "catalog.close_purchases",
        "schedule": crontab(hour=4, minute=50),
        "options": {"queue": "report", "expires": 3600},
    },
    "catalog.recheck_listings": {
        "task": "catalog.recheck_listings",
        "schedule": crontab(hour=0, minute=25),
        "options": {"queue": "report", "expires": 3600},
    },
}
