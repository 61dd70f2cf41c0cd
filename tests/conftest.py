"""What every test shares. The servers are started by tests/settings.py."""

import os
import shutil

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from local import for_tests
from shop.backoffice import waiting
from shop.core import settings_store

# what is remembered for five seconds would make counts of queries depend on how busy the machine is
settings_store.FRESH_SECONDS = 3600.0
waiting.FRESH_SECONDS = 3600

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("deep", max_examples=2000, deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session", autouse=True)
def _empty_broker_and_cache() -> None:
    for_tests.forget()


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """Nothing one test has read is remembered for the next."""
    settings_store.forget()
    cache.clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium for playwright's executable_path; without one the test is skipped."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium on this machine: install it or set CHROMIUM=/path/to/chrome")
    return found
