from collections.abc import Iterator
from typing import Any

import pytest

from orders import gateways
from tests.sandboxes import Sandbox, running


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox"), time_factor=20) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Any) -> Iterator[Sandbox]:
    """An empty sandbox the shop is configured for."""
    for name, value in sandbox_process.settings.items():
        setattr(settings, name, value)
    gateways.get.cache_clear()
    sandbox_process.reset()
    yield sandbox_process
    sandbox_process.clear()
    gateways.get.cache_clear()
