"""What every test shares. The servers are started by tests/settings.py."""

import pytest

from local import for_tests


@pytest.fixture(scope="session", autouse=True)
def _empty_broker_and_cache() -> None:
    for_tests.forget()
