from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from marketing import wording
from marketing.admin.examples import ExampleMixin, Rows
from marketing.admin.forms import CheckedForm
from marketing.admin.offers import warn_below_cost
from marketing.models import LevelPrice, SkuLevelPrice
from marketing.pricing import facts
from marketing.selectors import costs, examples
from marketing.selectors.examples import Example
from marketing.services import checks
from shop.core.admin import BaseAdmin


class LevelPriceForm(CheckedForm):
    def check(self, data: dict[str, Any]) -> None:
        checks.level_rate(data["rate"])


class SkuLevelPriceForm(CheckedForm):
    def check(self, data: dict[str, Any]) -> None:
        checks.sku_level_price(data["sku"].list_price, data["price"])


@admin.register(LevelPrice)
class LevelPriceAdmin(ExampleMixin, BaseAdmin):
    form = LevelPriceForm
    list_display = ("level", "show_rate", "is_stackable", "is_active")
    list_select_related = ("level",)
    fields = ("level", "rate", "is_stackable", "is_active")

    @display(description=_("price"), ordering="rate")
    def show_rate(self, price: LevelPrice) -> str:
        return wording.discount(price.rate)

    def examples(self, rule: LevelPrice, rows: Rows) -> Sequence[Example]:
        return examples.of_level(facts.LevelPrice("level:0", rule.level.name, rule.rate))

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_active:
            warn_below_cost(request, costs.at_factor(obj.rate, facts.ALL_GOODS))


@admin.register(SkuLevelPrice)
class SkuLevelPriceAdmin(ExampleMixin, BaseAdmin):
    form = SkuLevelPriceForm
    list_display = ("sku", "level", "price", "show_list_price")
    list_select_related = ("sku", "level")
    list_filter = ("level",)
    search_fields = ("sku__code", "sku__product__title")
    autocomplete_fields = ("sku",)
    fields = ("sku", "level", "price")

    @display(description=_("normal price"))
    def show_list_price(self, price: SkuLevelPrice) -> Decimal:
        return price.sku.list_price

    def examples(self, rule: SkuLevelPrice, rows: Rows) -> Sequence[Example]:
        level = facts.LevelPrice("level:0", rule.level.name, sku_prices={rule.sku_id: rule.price})
        return examples.of_level(level, rule.sku.list_price, rule.sku_id)

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        cost = obj.sku.cost_price
        if cost is not None and obj.price < cost:
            warn_below_cost(request, costs.BelowCost(1, ((str(obj.sku), obj.price, cost),)))
