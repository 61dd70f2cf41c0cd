"""docker-compose.yml follows the published Compose Specification and keeps what production needs."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.architecture.rules import CHECKOUT

SCHEMA = json.loads((Path(__file__).with_name("compose_spec.json")).read_text())  # Apache-2.0
TEXT = (CHECKOUT / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(TEXT)


def test_compose_file_follows_the_specification(compose: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(compose)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(compose | {"services": {"web": {"imago": "x"}}})


def test_every_part_of_the_shop_is_there_and_says_how_it_feels(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {"web", "worker", "worker-report", "beat", "postgres", "broker", "cache", "nginx"} <= set(services)
    silent = {name for name, one in services.items() if one.get("healthcheck", {}).get("disable")}
    assert silent == {"migrate"}  # it ends
    assert "noeviction" in services["broker"]["command"]
    assert "allkeys-lru" in services["cache"]["command"]
    assert all(port.startswith("127.0.0.1:") for one in services.values() for port in one.get("ports", []))


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for name, value in re.findall(r"(\w*(?:PASSWORD|SECRET|KEY)\w*): (\S+)", TEXT):
        assert value.startswith("${"), name
    assert not re.search(r"://[^\s:/$]+:[^$\s@]+@", TEXT)


def test_files_that_are_mounted_exist(compose: dict[str, Any]) -> None:
    mounted = re.findall(r"- \./(\S+?):", TEXT)
    assert mounted and all((CHECKOUT / path).is_file() for path in mounted)
