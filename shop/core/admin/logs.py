"""What was done, decided and worked on: lists to look at."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shop.core import refs
from shop.core.admin.base import ReadOnlyAdmin
from shop.core.models import AuditEntry, Decision, Job, JobRun


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "who", "verb", "target", "changed", "reason", "ip")
    list_filter = ("verb",)
    search_fields = ("=actor", "target", "=request_id")
    ordering = ("-id",)
    fields = (
        ("created_at", "who"),
        ("verb", "target"),
        "changed",
        "reason",
        ("ip", "request_id"),
        "is_sealed",
    )
    readonly_fields = (
        *("created_at", "who", "verb", "target", "changed", "reason", "ip", "request_id", "is_sealed"),
    )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The people of the page are read at once."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = list(changelist.result_list)
        people = _people(row.actor for row in changelist.result_list)
        for row in changelist.result_list:
            row.person = people.get(row.actor)
        return changelist

    @admin.display(description=_("who"), ordering="actor")
    def who(self, obj: AuditEntry) -> str:
        person = obj.person if hasattr(obj, "person") else _people([obj.actor]).get(obj.actor)
        return str(person or obj.actor)

    @admin.display(description=_("changes"))
    def changed(self, obj: AuditEntry) -> SafeString:
        rows = (
            (name, *("—" if side is None else side for side in sides)) for name, sides in obj.changes.items()
        )
        return format_html_join(", ", "{}: {} → {}", rows)

    @admin.display(description=_("sealed"), boolean=True)
    def is_sealed(self, obj: AuditEntry) -> bool:
        return hasattr(obj, "seal")


def _people(actors: Iterable[str]) -> dict[str, Any]:
    """The users behind references, by reference; one query."""
    ids = {actor: refs.user_id(actor) for actor in set(actors)}
    users = get_user_model()._base_manager.in_bulk([pk for pk in ids.values() if pk is not None])
    return {actor: users[pk] for actor, pk in ids.items() if pk in users}


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "noun", "reference", "outcome", "overridden_by")
    list_filter = ("noun",)
    search_fields = ("reference",)
    ordering = ("-id",)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "kind",
        "status",
        "progress",
        "failed_count",
        "message",
        "actor",
        "finished_at",
    )
    list_filter = ("status", "kind")
    ordering = ("-id",)

    @admin.display(description=_("progress"))
    def progress(self, obj: Job) -> str:
        return f"{obj.done_count} / {obj.total}" if obj.total else str(obj.done_count)


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "is_ok", "started_at", "finished_at", "succeeded_at", "error")
    ordering = ("name",)
