"""System checks of what the shop needs from its surroundings."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection


@checks.register(checks.Tags.security, deploy=True)
def keys_are_given(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(f"{name} is not set", id=f"core.E00{number}", hint="See .env.example")
        for number, name in enumerate(("FIELD_KEY", "HASH_KEY"), start=1)
        if not getattr(settings, name)
    ]


@checks.register(checks.Tags.database)
def trigrams_see_chinese(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """A cluster made with locale C cuts Chinese words into nothing, and search goes quietly blind."""
    if not databases or "default" not in databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return []
        cursor.execute("SELECT show_trgm('红富士') <> '{}'")
        if cursor.fetchone()[0]:
            return []
    return [
        checks.Error(
            "pg_trgm is blind to Chinese in this database",
            id="core.E003",
            hint="initdb --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C.UTF-8",
        )
    ]
