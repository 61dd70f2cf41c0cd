"""What was done and decided: lists to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shop.core.admin import verbs
from shop.core.admin.base import ReadOnlyAdmin
from shop.core.admin.people import NamedActors
from shop.core.models import AuditEntry, Decision


class VerbFilter(admin.SimpleListFilter):
    """In words, sorted by them; without asking the whole log which there are."""

    title = _("did")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(((code, verbs.verb(code)) for code in verbs.VERBS), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditAdmin(NamedActors, ReadOnlyAdmin):
    list_display = ("created_at", "who", "what", "thing", "changed", "reason", "ip")
    list_filter = (VerbFilter,)
    search_fields = ("=actor", "target", "=request_id")
    ordering = ("-id",)
    fields = (
        ("created_at", "who"),
        ("what", "thing"),
        ("verb", "target"),
        "changed",
        "reason",
        ("ip", "request_id"),
        "is_sealed",
    )
    readonly_fields = (
        *("created_at", "who", "what", "thing", "verb", "target"),
        *("changed", "reason", "ip", "request_id", "is_sealed"),
    )

    @admin.display(description=_("did"), ordering="verb")
    def what(self, obj: AuditEntry) -> str:
        return verbs.verb(obj.verb)

    @admin.display(description=_("to"), ordering="target")
    def thing(self, obj: AuditEntry) -> str:
        return verbs.target(obj.target)

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
