from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "marketing.expire_coupons": {
        "task": "marketing.expire_coupons",
        "schedule": 600.0,
        "options": {"queue": "default", "expires": 600},
    },
    "marketing.announce_promotions": {
        "task": "marketing.announce_promotions",
        "schedule": 60.0,
        "options": {"queue": "default", "expires": 60},
    },
}
