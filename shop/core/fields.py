"""Model fields used all over the house."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from shop.core import crypto


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """Yuan with two places, numeric(12,2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and plain in Python. Search it through a keyed hash beside
    it."""

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        return crypto.decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return crypto.encrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked: the cipher text of equal values differs."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class CaseFoldedEmailField(models.EmailField):  # type: ignore[type-arg]
    """An address stored case-folded, so that unique means unique."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value.strip().casefold() if isinstance(value, str) else value
