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
}
