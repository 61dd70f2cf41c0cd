"""Reviews that were, words to avoid, what categories ask for."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from catalog.admin.base import GoodsAdmin
from catalog.admin.fields import CategoryField
from catalog.admin.listing_queue import QueuePage
from catalog.admin.shelf_base import AboutProduct, OpenFilter
from catalog.models import Category, CategoryRule, ListingReview, ListingWord, Parameter, PictureSlot
from catalog.selectors.categories import tree_order
from catalog.services import listing_words
from catalog.terms.listing import CODES, PaperKind, Severity
from shop.core.admin import actor, names

COLOURS = {"": "info", "approved": "success", "rejected": "danger", "withdrawn": None}


@admin.register(ListingReview)
class ListingReviewAdmin(AboutProduct):
    list_display = ("show_product", "show_outcome", "score", "reason", "submitted_at", "decided_at")
    list_filter = (OpenFilter, "outcome", "is_by_machine")
    ordering = ("-id",)
    readonly_fields = ("say_product", "say_outcome", "say_by", "say_decider", "say_findings")
    fieldsets = (
        (None, {"fields": (("say_product", "say_outcome"), ("say_by", "submitted_at"), "note")}),
        (_("Findings"), {"fields": ("score", "say_findings")}),
        (_("Decision"), {"fields": (("say_decider", "decided_at"), "reason")}),
    )

    def get_urls(self) -> list[Any]:
        return [*QueuePage(self).urls(), *super().get_urls()]

    @display(description=_("outcome"), ordering="outcome", label=COLOURS)
    def show_outcome(self, row: ListingReview) -> tuple[str, Any]:
        return row.outcome, row.get_outcome_display() if row.outcome else _("waits for you")

    @display(description=_("outcome"))
    def say_outcome(self, row: ListingReview) -> str:
        return str(row.get_outcome_display() if row.outcome else _("waits for you"))

    @display(description=_("submitted by"))
    def say_by(self, row: ListingReview) -> str:
        return names([row.submitted_by]).get(row.submitted_by, "—")

    @display(description=_("decided by"))
    def say_decider(self, row: ListingReview) -> str:
        if row.is_by_machine:
            return _now("the check")
        return names([row.decided_by]).get(row.decided_by, "—")

    @display(description=_("findings"))
    def say_findings(self, row: ListingReview) -> Any:
        from_codes = [str(CODES[one["code"]].label) for one in row.findings if one["code"] in CODES]
        return "、".join(from_codes) or "—"


@admin.register(ListingWord)
class ListingWordAdmin(GoodsAdmin):
    list_display = ("word", "kind", "advice", "allowed_in", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("word", "advice")
    list_editable = ("is_active",)
    fields = (("word", "kind"), ("advice", "allowed_in"), "is_active")
    actions_list = ("load_starter",)
    list_per_page = 100

    @action(
        description=_("Bring back the starter set"),
        permissions=["load"],
        icon="restart_alt",
        url_path="load-starter",
    )
    def load_starter(self, request: HttpRequest) -> HttpResponse:
        count = listing_words.load_starter(actor=actor(request))
        messages.success(request, _now("{count} words added.").format(count=count))
        return HttpResponseRedirect(reverse("admin:catalog_listingword_changelist"))

    def has_load_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.add_listingword"))


class SlotInline(TabularInline):
    model = PictureSlot
    extra = 0


class RuleForm(forms.ModelForm):
    """A choice for every finding; blank leaves it to the category above."""

    papers = forms.MultipleChoiceField(
        label=_("papers needed"),
        choices=PaperKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CategoryRule
        fields = ("category", "is_prohibited", "papers")
        field_classes = {"category": CategoryField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "papers" in self.fields:
            self.fields["papers"].initial = self.instance.papers
        for code in CODES:
            if f"on_{code}" in self.fields:
                self.fields[f"on_{code}"].initial = self.instance.severities.get(code, "")

    def clean(self) -> Any:
        data = super().clean() or {}
        chosen = {code: data.get(f"on_{code}") for code in CODES}
        self.instance.severities = {code: value for code, value in chosen.items() if value}
        self.instance.papers = list(data.get("papers") or [])
        return data


def _severity(code: str) -> forms.ChoiceField:
    usual = _("as above ({usual})")
    return forms.ChoiceField(
        label=CODES[code].label,
        choices=[("", _Usual(usual, CODES[code].severity)), *Severity.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


class _Usual:
    """Words put together when they are shown, in the language in force."""

    def __init__(self, words: Any, severity: Severity) -> None:
        self.words, self.severity = words, severity

    def __str__(self) -> str:
        return str(self.words).format(usual=self.severity.label)


for _code in CODES:
    RuleForm.base_fields[f"on_{_code}"] = _severity(_code)
    RuleForm.declared_fields[f"on_{_code}"] = RuleForm.base_fields[f"on_{_code}"]


@admin.register(CategoryRule)
class CategoryRuleAdmin(GoodsAdmin):
    form = RuleForm
    list_display = ("__str__", "is_prohibited", "say_papers", "say_changed")
    list_select_related = ("category",)
    inlines = (SlotInline,)
    fieldsets = (
        (None, {"fields": (("category", "is_prohibited"), "papers")}),
        (
            _("What findings do"),
            {"fields": tuple(zip(*[iter(f"on_{code}" for code in CODES)] * 2, strict=True))},
        ),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.select_related("parent__parent").order_by(*tree_order())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description=_("papers needed"))
    def say_papers(self, row: CategoryRule) -> str:
        return "、".join(str(PaperKind(one).label) for one in row.papers) or "—"

    @display(description=_("findings weighed otherwise"))
    def say_changed(self, row: CategoryRule) -> int:
        return len(row.severities)


class ParameterForm(forms.ModelForm):
    """The choices in one line."""

    line = forms.CharField(
        label=_("to choose from"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("With commas between; only for one of a list."),
    )

    class Meta:
        model = Parameter
        fields = ("category", "name", "kind", "unit", "hint", "is_required", "position")
        field_classes = {"category": CategoryField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "line" in self.fields:
            self.fields["line"].initial = "，".join(self.instance.choices)

    def clean(self) -> Any:
        data = super().clean() or {}
        typed = str(data.get("line") or "").replace("，", ",").replace("、", ",")
        choices = list(dict.fromkeys(part.strip() for part in typed.split(",") if part.strip()))
        if data.get("kind") == "choice" and not choices:
            self.add_error("line", _("Write what there is to choose from."))
        self.instance.choices = choices
        return data


@admin.register(Parameter)
class ParameterAdmin(GoodsAdmin):
    form = ParameterForm
    list_display = ("name", "say_category", "kind", "unit", "is_required", "position")
    list_filter = ("kind", "is_required")
    list_select_related = ("category",)
    search_fields = ("name",)
    fields = (("category", "name"), ("kind", "unit"), "line", "hint", ("is_required", "position"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.select_related("parent__parent").order_by(*tree_order())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description=_("category"), ordering="category")
    def say_category(self, row: Parameter) -> str:
        return str(row.category) if row.category else _now("All goods")
