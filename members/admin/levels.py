from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget

from members.models import Level
from shop.core.admin import BaseAdmin


@admin.register(Level)
class LevelAdmin(BaseAdmin):
    list_display = ("show_name", "rank", "growth_needed", "show_colour")
    ordering = ("rank",)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "rank", "growth_needed", "colour"),
                "description": _(
                    "A member reaches a level as soon as the growth is there, and keeps it."
                    " The price of each level is set under Marketing."
                ),
            },
        ),
    )

    @display(description=_("name"), ordering="rank")
    def show_name(self, level: Level) -> str:
        return level.name

    @display(description=_("colour"))
    def show_colour(self, level: Level) -> str:
        return format_html(
            '<i style="display:inline-block;width:1rem;height:1rem;border-radius:50%;background:{}"></i>',
            level.colour,
        )

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):  # type: ignore[no-untyped-def]
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)
