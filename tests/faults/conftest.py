from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orders import gateways
from tests.world import World, collect_static, open_world


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("static")
    collect_static(directory)
    return directory


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, static_files: Path, settings: Any) -> Iterator[World]:
    with open_world(tmp_path, static_files) as world:
        for name, value in world.sandbox.settings.items():
            setattr(settings, name, value)
        settings.SHOP_URL = world.url
        gateways.get.cache_clear()
        yield world
    gateways.get.cache_clear()
