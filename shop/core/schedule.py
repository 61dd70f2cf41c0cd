from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    f"core.drain.{queue}": {
        "task": "core.drain",
        "schedule": 5.0,
        "kwargs": {"queue": queue},
        "options": {"queue": queue, "expires": 10},
    }
    for queue in ("critical", "default", "notify", "report")
} | {
    "core.heartbeat": {
        "task": "core.heartbeat",
        "schedule": 10.0,
        "options": {"queue": "default", "expires": 20},
    },
    "core.seal_audit": {
        "task": "core.seal_audit",
        "schedule": 60.0,
        "options": {"queue": "report", "expires": 120},
    },
    "core.end_silent_jobs": {
        "task": "core.end_silent_jobs",
        "schedule": 30.0,
        "options": {"queue": "default", "expires": 60},
    },
    "core.clean_up": {
        "task": "core.clean_up",
        "schedule": crontab(hour=3, minute=40),
        "options": {"queue": "report"},
    },
}
