"""The source keeps the rules of the house; every rule is shown to bite."""

import pytest

from tests.architecture import rules
from tests.architecture.rules import Rule, Source

BAD: list[tuple[Rule, str, str]] = [
    (rules.no_signals, "orders/apps.py", "from django.dispatch import receiver"),
    (rules.no_signals, "orders/apps.py", "from django.db.models import signals"),
    (rules.no_signals, "orders/apps.py", "from django.db.models.signals import post_save"),
    (rules.status_is_written_by_states_only, "orders/services/closing.py", "order.status = 'closed'"),
    (rules.status_is_written_by_states_only, "orders/services/closing.py", "rows.update(status='closed')"),
    (rules.status_is_written_by_states_only, "orders/services/a.py", "rows.bulk_update(r, ['status'])"),
    (rules.locks_are_in_locks, "orders/services/a.py", "rows.select_for_update(no_key=True)"),
    (rules.locks_are_in_locks, "orders/locks.py", "rows.select_for_update()"),
    (rules.services_start_no_tasks, "orders/services/a.py", "send.delay(1)"),
    (rules.services_start_no_tasks, "orders/services/a.py", "send.apply_async(args=[1])"),
    (rules.imports_are_at_the_top, "orders/services/a.py", "def f():\n    from catalog.models import Sku"),
    (rules.imports_are_at_the_top, "orders/services/a.py", "def f():\n    from . import b"),
    (rules.files_are_short, "orders/services/a.py", "\n" * 401),
    (rules.timers_are_rows, "orders/reactions/a.py", "send.apply_async(countdown=61)"),
    (rules.timers_are_rows, "orders/reactions/a.py", "send.apply_async(eta=soon)"),
    (rules.ports_know_no_django_rows_or_requests, "orders/gateways/a.py", "from django.db import models"),
    (rules.events_are_frozen, "orders/events.py", "@dataclass\nclass OrderPaid: ..."),
]
ALL = sorted({rule for rule, _, _ in BAD}, key=lambda rule: rule.__name__)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_source_keeps(rule: Rule) -> None:
    offences = [f"{source.path}:{line}" for source in rules.sources() for line in rule(source)]
    assert not offences, f"{rule.__doc__}\n" + "\n".join(offences)


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=lambda value: getattr(value, "__name__", None))
def test_rule_bites(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


def test_every_source_file_is_seen() -> None:
    seen = {source.path for source in rules.sources()}
    assert {f"{app}/apps.py" for app in rules.APPS} <= seen
    assert "shop/core/states.py" in seen
