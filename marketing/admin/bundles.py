from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from marketing.admin.examples import Rows
from marketing.admin.forms import CheckedFormSet
from marketing.admin.offers import WINDOW, OfferAdmin
from marketing.models import BundlePart, BundlePrice
from marketing.pricing import facts
from marketing.selectors import examples
from marketing.selectors.costs import BelowCost
from marketing.selectors.examples import Example
from marketing.services import checks
from shop.core.money import ZERO

PARTS_AT_MOST = 10


class BundleParts(CheckedFormSet):
    def check(self, rows: list[dict[str, Any]]) -> None:
        if self.instance.price is not None:
            checks.bundle([(row["sku"].list_price, row["quantity"]) for row in rows], self.instance.price)


class BundlePartInline(TabularInline):
    model = BundlePart
    formset = BundleParts
    fields = ("sku", "quantity")
    autocomplete_fields = ("sku",)
    extra = 2
    max_num = PARTS_AT_MOST
    hide_title = True


@admin.register(BundlePrice)
class BundlePriceAdmin(OfferAdmin):
    inlines = (BundlePartInline,)
    steps_name = "parts__sku"
    fieldsets = ((None, {"fields": ("name", "price")}), WINDOW)
    list_display = ("name", "show_state", "price", "show_steps", "starts_at", "ends_at")

    @display(description=_("parts"))
    def show_steps(self, offer: BundlePrice) -> str:
        return " + ".join(str(part) for part in offer.parts.all())

    def examples(self, rule: BundlePrice, rows: Rows) -> Sequence[Example]:
        parts = {row["sku"].pk: row for row in rows["parts"]}
        return examples.of_bundle(
            facts.BundlePrice(
                rule="bundle:0",
                name=rule.name or "…",
                parts={pk: row["quantity"] for pk, row in parts.items()},
                price=rule.price,
            ),
            {pk: row["sku"].list_price for pk, row in parts.items()},
        )

    def stored_rows(self, rule: BundlePrice) -> Rows:
        parts = rule.parts.select_related("sku")
        return {"parts": [{"sku": part.sku, "quantity": part.quantity} for part in parts]}

    def below_cost(self, offer: BundlePrice) -> BelowCost:
        parts = list(offer.parts.all())
        cost = sum(((part.sku.cost_price or ZERO) * part.quantity for part in parts), ZERO)
        if offer.price >= cost:
            return BelowCost(0, ())
        return BelowCost(len(parts), ((offer.name, offer.price, cost),))

    def _steps(self, offer: Any) -> dict[str, Any]:
        return {f"sku {part.sku_id}": part.quantity for part in offer.parts.all()}
