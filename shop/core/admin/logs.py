"""What was done, decided and worked on: lists to look at."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shop.core.admin.base import ReadOnlyAdmin
from shop.core.admin.people import NamedActors
from shop.core.models import AuditEntry, Decision, Job, JobRun


@admin.register(AuditEntry)
class AuditAdmin(NamedActors, ReadOnlyAdmin):
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

    @admin.display(description=_("changes"))
    def changed(self, obj: AuditEntry) -> SafeString:
        rows = (
            (name, *("—" if side is None else side for side in sides)) for name, sides in obj.changes.items()
        )
        return format_html_join(", ", "{}: {} → {}", rows)

    @admin.display(description=_("sealed"), boolean=True)
    def is_sealed(self, obj: AuditEntry) -> bool:
        return hasattr(obj, "seal")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "noun", "reference", "outcome", "overridden_by")
    list_filter = ("noun",)
    search_fields = ("reference",)
    ordering = ("-id",)


@admin.register(Job)
class JobAdmin(NamedActors, ReadOnlyAdmin):
    list_display = (
        "created_at",
        "kind",
        "status",
        "progress",
        "failed_count",
        "message",
        "who",
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
