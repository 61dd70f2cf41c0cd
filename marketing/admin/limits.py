from typing import Any

from django.contrib import admin
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from marketing.admin.forms import CheckedForm
from marketing.models import PurchaseLimit
from marketing.services import checks
from shop.core.admin import BaseAdmin


class LimitForm(CheckedForm):
    def check(self, data: dict[str, Any]) -> None:
        checks.limit(data["product"], data["sku"])


@admin.register(PurchaseLimit)
class PurchaseLimitAdmin(BaseAdmin):
    form = LimitForm
    list_display = ("show_target", "per_member", "show_period", "is_active")
    list_select_related = ("product", "sku__product")
    list_filter = ("is_active",)
    search_fields = ("product__title", "sku__code", "sku__product__title")
    autocomplete_fields = ("product", "sku")
    fields = ("product", "sku", "per_member", "period_days", "is_active")

    @display(description=_("goods"))
    def show_target(self, limit: PurchaseLimit) -> str:
        return str(limit.product or f"{limit.sku.product} {limit.sku}")  # type: ignore[union-attr]

    @display(description=_("period"))
    def show_period(self, limit: PurchaseLimit) -> str:
        days = limit.period_days
        if days is None:
            return gettext("for all time")
        return ngettext("within {days} day", "within {days} days", days).format(days=days)
