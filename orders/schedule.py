from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "orders.close_expired": {
        "task": "orders.close_expired",
        "schedule": 5.0,
        "options": {"queue": "critical", "expires": 10},
    },
    "orders.ask_payments": {
        "task": "orders.ask_payments",
        "schedule": 5.0,
        "options": {"queue": "critical", "expires": 10},
    },
    "orders.ask_refunds": {
        "task": "orders.ask_refunds",
        "schedule": 15.0,
        "options": {"queue": "critical", "expires": 30},
    },
    "orders.count_waiting": {
        "task": "orders.count_waiting",
        "schedule": 300.0,
        "options": {"queue": "default", "expires": 600},
    },
    "orders.confirm_due": {
        "task": "orders.confirm_due",
        "schedule": 300.0,
        "options": {"queue": "default", "expires": 600},
    },
}
