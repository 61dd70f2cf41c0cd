"""What pages of goods share: services save, and a refusal is a message, not a crash."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.core import money, uploads
from shop.core.admin import BaseAdmin
from shop.core.errors import Refusal


class GoodsAdmin(BaseAdmin):
    """A Refusal of a saving or deleting service becomes a message on the same page; nothing was changed."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return HttpResponseRedirect("../change/")


class NeverDeleted:
    """Goods that were sold stay: they are taken off the shelf or switched off."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def picture(path: str, side: int = 48) -> SafeString:
    """A small square picture for lists; nothing for no path."""
    if not path:
        return SafeString("")
    return format_html(
        '<img src="{}" alt="" width="{}" height="{}" loading="lazy" class="rounded object-cover">',
        uploads.derivative_url(path, 160),
        side,
        side,
    )


def price_range(lowest: Any, highest: Any) -> str:
    """¥9.90, ¥9.90 – ¥29.90, or a dash."""
    if lowest is None:
        return "—"
    if lowest == highest:
        return money.show(lowest)
    return f"{money.show(lowest)} – {money.show(highest)}"
