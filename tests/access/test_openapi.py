"""The staff API against its own OpenAPI document: whatever is sent, by whomever, it answers as documented."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from shop.wsgi import application
from tests.access import people

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis, pytest.mark.usefixtures("bank")]

# an undocumented 500 is no status an operation names
CHECKS = [status_code_conformance, response_schema_conformance]
EXAMPLES = 6


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The application is called in this process, so the test's connection stays open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def staff() -> dict[str, people.Person]:
    world = people.settle()
    return {
        "anonymous": world.people["anonymous"],
        "clerk": world.people[people.HERE],
        "administrator": world.people["administrator"],
    }


def test_every_operation_answers_as_documented_for_three_identities(staff: dict[str, people.Person]) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    problems: list[str] = []
    seen = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        seen += 1
        for who, person in staff.items():
            problems += ask(operation, who, person.headers)
    assert seen > 25
    assert not problems, "\n\n".join(problems)


def ask(operation: Any, who: str, headers: dict[str, str]) -> list[str]:
    problems: dict[str, str] = {}

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def once(case: Any) -> None:
        cache.clear()  # the door closes after five wrong passwords, and this test knocks more often
        answer = case.call(headers={**headers, "Accept-Encoding": "identity"})
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as problem:
            problems[type(problem).__name__ + str(answer.status_code)] = (
                f"{operation.label} as {who}: {answer.status_code}\n{problem}"[:1500]
            )

    once()
    return list(problems.values())
