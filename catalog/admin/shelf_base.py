"""What lists about goods on the shelf share."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.models import Product, ProductImage
from shop.core import uploads
from shop.core.admin import BaseAdmin


class OpenFilter(admin.SimpleListFilter):
    """What still waits for somebody; `open_when` of the page says which rows those are."""

    title = _("state")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("waits for you")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        is_open = queryset.model._default_manager.filter(**_OPEN[queryset.model._meta.model_name])
        if self.value() == "open":
            return queryset.filter(pk__in=is_open.values("pk"))
        if self.value() == "done":
            return queryset.exclude(pk__in=is_open.values("pk"))
        return queryset


_OPEN: dict[Any, dict[str, Any]] = {
    "idlewarning": {"answer": ""},
    "listingreview": {"outcome": ""},
    "spotcheck": {"outcome": ""},
    "takedown": {"settled_at": None},
    "picturetwin": {"answer": ""},
}


class AboutProduct(BaseAdmin):
    """Rows about one product each: made by the shop, answered by people, never edited or deleted."""

    list_select_related = ("product",)
    search_fields = ("product__title",)
    search_help_text = _("Part of the title")

    @property
    def media(self) -> Any:
        return super().media + forms.Media(css={"all": ["backoffice/editing.css", "catalog/shelf.css"]})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        pictures = ProductImage.objects.filter(product=OuterRef("product")).order_by("position", "id")
        return (
            super()
            .get_queryset(request)
            .select_related("product__category")
            .annotate(image_path=Coalesce(Subquery(pictures.values("path")[:1]), Value("")))
        )

    @display(description=_("product"), ordering="product__title", header=True)
    def show_product(self, row: Any) -> list[Any]:
        image = {
            "path": uploads.derivative_url(row.image_path, 160),
            "squared": True,
            "width": 48,
            "height": 48,
        }
        return [row.product.title, row.product.category.name, "", image]

    @display(description=_("product"))
    def say_product(self, row: Any) -> SafeString:
        return product_link(row.product)


def buttons(*found: tuple[str, Any], pk: int) -> SafeString:
    """Links to actions of a row by the name of their address and their words; the first is the main one."""
    return format_html_join(
        " ",
        '<a class="go-button{}" href="{}">{}</a>',
        (
            ("" if number else " go-button--main", reverse(f"admin:{name}", args=[pk]), words)
            for number, (name, words) in enumerate(found)
        ),
    )


def product_link(product: Product) -> SafeString:
    """To its page in the back office and, when shoppers see it, in the shop."""
    mine = format_html(
        '<a class="go-link" href="{}">{}</a>',
        reverse("admin:catalog_product_change", args=[product.pk]),
        product.title,
    )
    if product.status != "on_shelf":
        return mine
    shown = reverse("storefront:product", args=[product.pk])
    return format_html('{} · <a class="go-link" href="{}">{}</a>', mine, shown, _("Open in the shop"))
