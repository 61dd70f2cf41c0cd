"""The base of every admin page: audited, thrifty with counts, nothing decided here."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, ClassVar

from django.contrib.admin.checks import ModelAdminChecks
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import FileField, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

from shop.core import audit, refs
from shop.core.http import client_ip

COUNT_LIMIT = 10_000


def actor(request: HttpRequest) -> str:
    """The reference of the member of staff behind the request."""
    return refs.user(request.user)


def target(obj: Model) -> str:
    """`orders.order:123`, as audit entries name it."""
    return f"{obj._meta.label_lower}:{obj.pk}"


class ThriftyPaginator(Paginator):  # type: ignore[type-arg]
    """Counts exactly up to ten thousand rows; beyond that takes the planner's estimate or stops counting."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        counted: int = rows.order_by()[: COUNT_LIMIT + 1].count()
        if counted <= COUNT_LIMIT or rows.query.where:
            return counted
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [rows.model._meta.db_table]
            )
            return max(counted, int(cursor.fetchone()[0]))


class BaseAdmin(ModelAdmin):
    """Saving and deleting write audit entries; `status` is shown, never edited; there is no bulk delete."""

    checks_class = ModelAdminChecks  # Unfold's own asks the database, which migrate hasn't made yet
    paginator = ThriftyPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    list_filter_submit = True
    warn_unsaved_form = True
    readonly_always: ClassVar[tuple[str, ...]] = ("status",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        names = {field.name for field in self.model._meta.get_fields()}
        given = [str(name) for name in super().get_readonly_fields(request, obj)]
        return list(dict.fromkeys([*given, *(name for name in self.readonly_always if name in names)]))

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Only the buttons this person may press and that make sense for this object."""
        allowed = [
            action
            for action in super().get_actions_detail(request, object_id)
            if request.user.has_perms(getattr(action.method, "permissions", ()))
        ]
        if not any(getattr(action.method, "when", None) for action in allowed):
            return allowed
        obj = self.get_object(request, str(object_id))
        if obj is None:
            return []
        return [one for one in allowed if getattr(one.method, "when", None) is None or one.method.when(obj)]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Remembers what was read, so that saving writes what this request changed and nothing else: a
        counter may have moved meanwhile."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found._as_read = _plain_values(found)
        return found

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Any]", change: bool) -> None:
        names = [
            name for name in form.changed_data if name in {field.name for field in obj._meta.concrete_fields}
        ]
        stored = self.model._base_manager.filter(pk=obj.pk).first() if change else None
        if change:
            obj.save(update_fields=_changed(obj))
        else:
            super().save_model(request, obj, form, change)
        self.audit(
            request,
            "change" if change else "add",
            obj,
            before=_values(stored, names) if stored else None,
            after=_values(obj, names),
        )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.audit(request, "delete", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.audit(request, "delete", obj)
        super().delete_queryset(request, queryset)

    def audit(
        self,
        request: HttpRequest,
        verb: str,
        obj: Model,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """One entry about one object by whoever sent the request."""
        audit.record(
            actor=actor(request),
            verb=verb,
            target=target(obj),
            before=before,
            after=after,
            reason=reason,
            ip=client_ip(request),
        )


class ReadOnlyAdmin(BaseAdmin):
    """For ledgers and logs: looked at, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _plain_values(obj: Model) -> dict[str, Any]:
    """What the columns hold, but for files and what wasn't loaded."""
    names = {
        field.attname
        for field in obj._meta.concrete_fields
        if not isinstance(field, FileField) and not field.primary_key
    }
    return {name: deepcopy(value) for name, value in vars(obj).items() if name in names}


def _changed(obj: Model) -> list[str] | None:
    """The fields that differ from what was read, and files; None, all of them, when nobody remembers."""
    before = getattr(obj, "_as_read", None)
    if before is None:
        return None
    now = _plain_values(obj)
    same = {name for name, value in now.items() if name in before and before[name] == value}
    fields = [field for field in obj._meta.concrete_fields if not field.primary_key]
    return [field.name for field in fields if field.attname in vars(obj) and field.attname not in same]


def _values(obj: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(obj, obj._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]
