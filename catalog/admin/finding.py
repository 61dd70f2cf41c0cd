"""What helps shoppers find: words of the same meaning, and what they search for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.base import GoodsAdmin
from catalog.models import SearchWord, Synonym
from catalog.services import search_words, synonyms
from shop.core.admin import ReadOnlyAdmin, actor
from shop.core.errors import Refusal


class SynonymForm(forms.ModelForm):
    """The words in one line."""

    line = forms.CharField(
        label=_("words of the same meaning"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as 西红柿 = 番茄. Who searches for one finds the goods of all."),
    )

    class Meta:
        model = Synonym
        fields = ("is_active",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "line" in self.fields:
            given = self.initial.get("line", "")
            self.fields["line"].initial = str(self.instance) if self.instance.pk else given

    def clean_line(self) -> str:
        line: str = self.cleaned_data["line"]
        try:
            synonyms.check(typed=line, synonym=self.instance)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_text) from refusal
        return line


@admin.register(Synonym)
class SynonymAdmin(GoodsAdmin):
    form = SynonymForm
    fields = ("line", "is_active")
    list_display = ("__str__", "is_active")
    list_filter = ("is_active",)
    search_fields = ("words",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        saved = synonyms.save(
            synonym=obj if change else None,
            typed=data["line"],
            is_active=data["is_active"],
            actor=actor(request),
        )
        obj.pk, obj.words = saved.pk, saved.words

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        synonyms.remove(synonym=obj, actor=actor(request))


class FoundFilter(admin.SimpleListFilter):
    title = _("result")
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Found nothing")), ("yes", _("Found goods"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SearchWord]) -> QuerySet[SearchWord]:
        if self.value() == "no":
            return queryset.filter(found_count=0)
        return queryset.filter(found_count__gt=0) if self.value() == "yes" else queryset


@admin.register(SearchWord)
class SearchWordAdmin(ReadOnlyAdmin):
    """What is searched for most now; what finds nothing asks for a synonym or for goods."""

    list_display = ("word", "show_found", "searched_count", "last_at", "show_hidden", "show_synonym")
    list_filter = (FoundFilter, "is_hidden")
    search_fields = ("word",)
    ordering = ("-heat", "word")
    actions = ("hide", "show")

    @admin.action(description=_("Never suggest"), permissions=["hide"])
    def hide(self, request: HttpRequest, queryset: QuerySet[SearchWord]) -> None:
        self._set(request, queryset, is_hidden=True)

    @admin.action(description=_("Suggest again"), permissions=["hide"])
    def show(self, request: HttpRequest, queryset: QuerySet[SearchWord]) -> None:
        self._set(request, queryset, is_hidden=False)

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_searchword")

    def _set(self, request: HttpRequest, queryset: QuerySet[SearchWord], *, is_hidden: bool) -> None:
        for word in queryset:
            search_words.hide(word=word, is_hidden=is_hidden, actor=actor(request))

    @display(description=_("goods found"), ordering="found_count", label={"none": "danger", "some": None})
    def show_found(self, word: SearchWord) -> tuple[str, str]:
        return ("some", str(word.found_count)) if word.found_count else ("none", _now("nothing"))

    @display(description=_("suggested"), label={"yes": "success", "no": "warning"})
    def show_hidden(self, word: SearchWord) -> tuple[str, str]:
        return ("no", _now("never")) if word.is_hidden else ("yes", _now("yes"))

    @display(description="")
    def show_synonym(self, word: SearchWord) -> SafeString | str:
        if word.found_count:
            return ""
        address = f"{reverse('admin:catalog_synonym_add')}?{urlencode({'line': f'{word.word} = '})}"
        return format_html(
            '<a href="{}" class="text-primary-600 underline">{}</a>', address, _now("Add a synonym")
        )
