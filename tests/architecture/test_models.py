"""What the tables promise: keys point down, migrations are complete."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

# lowest first; a key points to its own floor or below
FLOORS = ["contenttypes", "auth", "core", "members", "catalog", "marketing", "orders", "analytics"]
OURS = FLOORS[2:]


def keys_up(models: Iterator[type[Model]]) -> list[str]:
    """Relations whose target lies above their owner."""
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in models
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]


def test_foreign_keys_point_down() -> None:
    ours = (model for model in apps.get_models() if model._meta.app_label in OURS)
    assert not keys_up(ours)


def test_a_key_that_points_up_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.FLOORS", list(reversed(FLOORS)))
    assert keys_up(model for model in apps.get_models() if model._meta.app_label in OURS)


@pytest.mark.django_db
def test_migrations_are_complete(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, no_color=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)
