from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.contrib.forms.widgets import WysiwygWidget
from unfold.decorators import display

from members.models import ConsentText
from members.services import consents
from shop.core.admin import BaseAdmin, actor


class ConsentTextForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ConsentText
        fields = ("kind", "title", "body")


@admin.register(ConsentText)
class ConsentTextAdmin(BaseAdmin):
    """Adding publishes; what was published is read only."""

    form = ConsentTextForm
    list_display = ("title", "show_kind", "version", "published_at", "show_live")
    list_filter = ("kind",)
    ordering = ("kind", "-version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentText]:
        live = Count("consents", filter=Q(consents__withdrawn_at=None))
        return super().get_queryset(request).annotate(live_count=live)

    def get_fieldsets(self, request: HttpRequest, obj: ConsentText | None = None) -> Any:
        if obj is not None:
            names = ("kind", "version", "title", "published_at", "show_live", "show_body")
            return ((None, {"fields": names}),)
        words = _(
            "Publishing makes a new version that is in force at once: people are asked to agree again when"
            " they next sign in. Earlier versions stay as they were agreed to."
        )
        return ((None, {"fields": ("kind", "title", "body"), "description": words}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = super().get_readonly_fields(request, obj)
        return [*names, "version", "published_at", "show_live", "show_body"]

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "body":
            kwargs["widget"] = WysiwygWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = consents.publish(kind=obj.kind, title=obj.title, body=obj.body, actor=actor(request))
        obj.pk = made.pk
        obj.refresh_from_db()

    @display(description=_("kind"), label=True)
    def show_kind(self, text: ConsentText) -> str:
        return text.get_kind_display()

    @display(description=_("people who agree"))
    def show_live(self, text: ConsentText) -> int:
        return getattr(text, "live_count", 0)

    @display(description=_("body"))
    def show_body(self, text: ConsentText) -> SafeString:
        return format_html('<div class="prose">{}</div>', mark_safe(text.body))  # noqa: S308  cleaned on publishing
