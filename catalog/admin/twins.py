"""Pictures that look alike, side by side."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.shelf_base import OpenFilter
from catalog.models import PictureTwin, ProductImage
from catalog.services import twins
from catalog.terms.shelf import TwinAnswer
from shop.core import scans, uploads
from shop.core.admin import BaseAdmin, actor

BITS = 64


@admin.register(PictureTwin)
class PictureTwinAdmin(BaseAdmin):
    list_display = ("show_new", "show_other", "show_likeness", "show_answer", "found_at")
    list_display_links = None
    list_select_related = ("image__product", "other__product")
    list_filter = (OpenFilter, "answer")
    search_fields = ("image__product__title", "other__product__title")
    search_help_text = _("Part of the title")
    ordering = ("answer", "distance", "-id")
    actions = ("may_stay", "is_replaced")
    list_per_page = 20

    @property
    def media(self) -> Any:
        return super().media + forms.Media(css={"all": ["catalog/shelf.css"]})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and bool(request.user.has_perm("catalog.change_picturetwin"))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description=_("newer picture"))
    def show_new(self, twin: PictureTwin) -> SafeString:
        return _shown(twin.image)

    @display(description=_("older picture"))
    def show_other(self, twin: PictureTwin) -> SafeString:
        return _shown(twin.other)

    @display(description=_("alike"), ordering="distance")
    def show_likeness(self, twin: PictureTwin) -> str:
        return f"{100 - 100 * twin.distance // BITS}%"

    @display(
        description=_("answer"),
        ordering="answer",
        label={"open": "warning", "fine": "success", "replaced": "info"},
    )
    def show_answer(self, twin: PictureTwin) -> tuple[str, Any]:
        return (twin.answer, twin.get_answer_display()) if twin.answer else ("open", _("waits for you"))

    @admin.action(description=_("Both may stay"), permissions=["change"])
    def may_stay(self, request: HttpRequest, queryset: QuerySet[PictureTwin]) -> None:
        self._answer(request, queryset, TwinAnswer.FINE)

    @admin.action(description=_("One was replaced"), permissions=["change"])
    def is_replaced(self, request: HttpRequest, queryset: QuerySet[PictureTwin]) -> None:
        self._answer(request, queryset, TwinAnswer.REPLACED)

    def _answer(self, request: HttpRequest, queryset: QuerySet[PictureTwin], answer: TwinAnswer) -> None:
        waiting = list(queryset.filter(answer="").values_list("pk", flat=True))
        count = scans.each(waiting, lambda pk: twins.answer(twin_id=pk, answer=answer, actor=actor(request)))
        self.message_user(request, _now("{count} answered.").format(count=count))


def _shown(image: ProductImage) -> SafeString:
    return format_html(
        '<a class="sh-twin" href="{}#pictures"><img src="{}" alt="" width="96" height="96" loading="lazy">'
        "<span>{}</span></a>",
        reverse("admin:catalog_product_change", args=[image.product_id]),
        uploads.derivative_url(image.path, 160),
        image.product.title,
    )
