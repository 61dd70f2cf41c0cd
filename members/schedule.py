from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "members.expire_points": {
        "task": "members.expire_points",
        "schedule": crontab(minute=10),
        "options": {"queue": "report"},
    },
}
