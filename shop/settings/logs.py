"""Logging: one JSON object a line, request id in each, no personal data."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

HIDDEN = {
    "phone",
    "password",
    "code",
    "token",
    "address",
    "recipient",
    "email",
    "ip",
    "authorization",
    "cookie",
    "openid",
}
# what our plain loggers say beside their event; Django's own extras hold whole requests
EXTRAS = {"gateway", "number", "why", "what", "payment", "order"}
ROW = re.compile(r"DETAIL:[^\n]*")


def hide_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Values under names that hold personal data or secrets never reach the log."""
    for name in event.keys() & HIDDEN:
        event[name] = "…"
    return event


def hide_rows(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Postgres shows the row that broke a constraint; a traceback does without it."""
    if isinstance(event.get("exception"), str):
        event["exception"] = ROW.sub("DETAIL: …", event["exception"])
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    hide_personal_data,
]


def configuration(*, level: str, plain: bool) -> dict[str, Any]:
    """A LOGGING dict; `plain` gives lines for people instead of JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    ]
    if not plain:
        last = [
            structlog.processors.format_exc_info,
            hide_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(allow=EXTRAS), *SHARED],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "celery": {"level": "WARNING"},  # the sweeps of beat would drown everything else
            "django_structlog": {"level": "WARNING"},
            "axes": {"level": "ERROR"},
            "urllib3": {"level": "INFO"},  # at DEBUG it names whole addresses, and keys travel in them
        },
    }
