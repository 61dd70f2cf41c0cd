"""When beat starts the figures' work: at night, one after the other; suggestions also during the day."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "analytics.foretell": {
        "task": "analytics.foretell",
        "schedule": crontab(hour=3, minute=10),
        "options": {"queue": "report", "expires": 7200},
    },
    "analytics.judge_goods": {
        "task": "analytics.judge_goods",
        "schedule": crontab(hour=3, minute=50),
        "options": {"queue": "report", "expires": 7200},
    },
    "analytics.suggest_reorders": {
        "task": "analytics.suggest_reorders",
        "schedule": crontab(hour="4,10,14", minute=20),
        "options": {"queue": "report", "expires": 3600},
    },
    "analytics.order_by_agreement": {
        "task": "analytics.order_by_agreement",
        "schedule": crontab(hour="4,10,14", minute=40),
        "options": {"queue": "report", "expires": 3600},
    },
}
