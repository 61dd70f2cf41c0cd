"""Automatic tags set by hand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.base import GoodsAdmin
from catalog.models import Tag, TagOverride
from catalog.services import tag_overrides
from shop.core.admin import NamedActors, actor


class TagOverrideForm(forms.ModelForm):
    class Meta:
        model = TagOverride
        fields = ["product", "tag", "choice", "until_on"]
        help_texts = {"until_on": _("Empty: for good. Afterwards the rule decides again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tag" in self.fields:
            self.fields["tag"].queryset = Tag.objects.exclude(automatic="")  # type: ignore[attr-defined]


@admin.register(TagOverride)
class TagOverrideAdmin(NamedActors, GoodsAdmin):
    form = TagOverrideForm
    list_display = ("product", "tag", "show_choice", "until_on", "who", "created_at")
    list_select_related = ("product", "tag")
    list_filter = ("tag", "choice")
    search_fields = ("product__title",)
    autocomplete_fields = ("product",)

    @display(description=_("choice"), ordering="choice", label={"always": "success", "never": "danger"})
    def show_choice(self, row: TagOverride) -> tuple[str, str]:
        return row.choice, row.get_choice_display()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        said = form.cleaned_data
        row = tag_overrides.choose(
            product=said.get("product") or obj.product,
            tag=said.get("tag") or obj.tag,
            choice=said["choice"],
            until_on=said["until_on"],
            actor=actor(request),
        )
        obj.pk = row.pk

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["product", "tag"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def delete_model(self, request: HttpRequest, obj: TagOverride) -> None:  # type: ignore[override]
        tag_overrides.leave_to_rule(product=obj.product, tag=obj.tag, actor=actor(request))
