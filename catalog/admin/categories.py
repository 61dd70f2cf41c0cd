"""Categories as a tree; brands and tags."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget

from catalog.admin.base import GoodsAdmin
from catalog.admin.fields import CategoryField
from catalog.models import Brand, Category, Product, Tag
from catalog.selectors import words
from catalog.selectors.categories import tree_order
from catalog.services import categories, search_text
from shop.core.admin import actor


class SlugForm(forms.ModelForm):
    """A blank address becomes the pinyin of the name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Part of the page's address; empty: pinyin of the name.")

    def clean_slug(self) -> str:
        given: str = self.cleaned_data["slug"]
        slug = given or words.slug(self.cleaned_data.get("name", ""))
        if not slug:
            raise forms.ValidationError(_now("Please write an address in Latin letters."))
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        number = 2
        while not given and others.filter(slug=slug).exists():
            slug = f"{slug.rstrip('0123456789').rstrip('-')}-{number}"
            number += 1
        return slug


class CategoryForm(SlugForm):
    class Meta:
        model = Category
        fields = ["parent", "name", "slug", "icon", "position", "is_visible"]
        field_classes = {"parent": CategoryField}


@admin.register(Category)
class CategoryAdmin(GoodsAdmin):
    form = CategoryForm
    list_display = ("show_name", "show_visible", "show_count", "slug", "position")
    search_fields = ("name", "slug")
    list_per_page = 200

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(product_count=Count("products"))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return tree_order()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = Category.objects.filter(depth__lt=3).select_related("parent__parent")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        names = ("name", "slug", "icon", "position", "is_visible")
        categories.save(
            category=obj,
            parent=form.cleaned_data["parent"],
            actor=actor(request),
            **{name: form.cleaned_data[name] for name in names},
        )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        categories.remove(category=obj, actor=actor(request))

    @display(description=_("name"))
    def show_name(self, category: Category) -> SafeString:
        return format_html(
            '<span style="padding-inline-start:{}rem">{}</span>', 1.5 * (category.depth - 1), category.name
        )

    @display(description=_("shown"), label={"yes": "success", "no": "warning"})
    def show_visible(self, category: Category) -> tuple[str, str]:
        return ("yes", _now("Shown")) if category.is_visible else ("no", _now("Hidden"))

    @display(description=_("products"))
    def show_count(self, category: Category) -> int:
        return category.product_count  # type: ignore[attr-defined]


class _LabelAdmin(GoodsAdmin):
    """Brands and tags: their names are words search knows."""

    search_fields = ("name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(product_count=Count("products"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            search_text.rebuild(obj.products.values_list("pk", flat=True))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        ids = list(obj.products.values_list("pk", flat=True))
        super().delete_model(request, obj)
        search_text.rebuild(Product.objects.filter(pk__in=ids).values_list("pk", flat=True))

    @display(description=_("products"), ordering="product_count")
    def show_count(self, label: Any) -> int:
        return label.product_count


class BrandForm(SlugForm):
    class Meta:
        model = Brand
        fields = ["name", "slug"]


class TagForm(SlugForm):
    class Meta:
        model = Tag
        fields = ["name", "slug", "colour", "automatic"]
        widgets = {"colour": UnfoldAdminColorInputWidget}


@admin.register(Brand)
class BrandAdmin(_LabelAdmin):
    form = BrandForm
    list_display = ("name", "show_count", "slug")


@admin.register(Tag)
class TagAdmin(_LabelAdmin):
    form = TagForm
    list_display = ("name", "show_colour", "show_rule", "show_count")

    @display(description=_("colour"))
    def show_colour(self, tag: Tag) -> SafeString:
        return format_html(
            '<i style="display:inline-block;width:1rem;height:1rem;border-radius:50%;background:{}"></i>',
            tag.colour,
        )

    @display(description=_("hung by itself"), label={"new": "info", "hot": "info", "": None})
    def show_rule(self, tag: Tag) -> tuple[str, str]:
        return tag.automatic, tag.get_automatic_display() or "—"
