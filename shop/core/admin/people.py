"""Actor references as names: staff read "店员小秦", not "user:7"."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shop.core import refs


def names(references: Iterable[str]) -> dict[str, str]:
    """A name for every reference; at most one query."""
    asked = {reference for reference in references if reference}
    ids = {reference: pk for reference in asked if (pk := refs.user_id(reference)) is not None}
    people = get_user_model()._base_manager.in_bulk(ids.values()) if ids else {}
    known = {reference: str(people[pk]) for reference, pk in ids.items() if pk in people}
    return {reference: known.get(reference) or _word(reference) for reference in asked}


class NamedActors:
    """For a ModelAdmin whose rows name actors: `name_of` a reference, read at once for a whole page, and the
    column `who` for rows with an `actor`."""

    actor_fields: ClassVar[tuple[str, ...]] = ("actor",)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)  # type: ignore[misc]
        changelist.result_list = list(changelist.result_list)
        rows = changelist.result_list
        found = names(getattr(row, field) or "" for row in rows for field in self.actor_fields)
        for row in rows:
            row.actor_names = found
        return changelist

    def name_of(self, row: Any, reference: str) -> str:
        """The name behind a reference of this row, empty for none."""
        if not hasattr(row, "actor_names"):
            row.actor_names = names(getattr(row, field) or "" for field in self.actor_fields)
        return str(row.actor_names.get(reference, ""))

    @admin.display(description=_("by"), ordering="actor")
    def who(self, row: Any) -> str:
        return self.name_of(row, row.actor)


def _word(reference: str) -> str:
    return _now("Automatically") if reference == refs.SYSTEM else reference
