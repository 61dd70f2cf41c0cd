"""How far prices may move, and which goods follow the market."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.base import GoodsAdmin
from catalog.models import PriceRule
from shop.core import money


@admin.register(PriceRule)
class PriceRuleAdmin(GoodsAdmin):
    list_display = ("show_goods", "show_driver", "show_price", "show_bounds", "tail", "protection", "note")
    list_filter = ("is_traffic_driver", "protection")
    search_fields = ("=sku__code", "sku__product__title")
    search_help_text = _("Code of a SKU or part of the title")
    autocomplete_fields = ("sku",)
    list_select_related = ("sku__product",)
    ordering = ("-is_traffic_driver", "-id")
    fieldsets = (
        (None, {"fields": ("sku", ("is_traffic_driver", "protection"))}),
        (_("How far it may move"), {"fields": (("ceiling_price", "tail"), "note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceRule]:
        return super().get_queryset(request).select_related("sku__product")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["sku"] if obj else [])]

    @display(description=_("goods"), ordering="sku__product__title")
    def show_goods(self, rule: PriceRule) -> str:
        return f"{rule.sku.product.title} {rule.sku.spec_text} ({rule.sku.code})"

    @display(description=_("traffic driver"), ordering="is_traffic_driver", boolean=True)
    def show_driver(self, rule: PriceRule) -> bool:
        return rule.is_traffic_driver

    @display(description=_("price"), ordering="sku__list_price")
    def show_price(self, rule: PriceRule) -> str:
        return money.show(rule.sku.list_price)

    @display(description=_("floor and ceiling"))
    def show_bounds(self, rule: PriceRule) -> str:
        bounds = (rule.sku.floor_price, rule.ceiling_price)
        return " – ".join("…" if one is None else money.show(one) for one in bounds)
