"""The Celery application: tasks of every app, beat's schedule from every app's schedule.py."""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("app")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def read_schedules(sender: Celery, **_: Any) -> None:
    for config in apps.get_app_configs():
        name = f"{config.name}.schedule"
        if (config.name.startswith("shop.") or "." not in config.name) and find_spec(name):
            sender.conf.beat_schedule.update(getattr(import_module(name), "SCHEDULE", {}))


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery must not replace the JSON logging that settings configured."""
