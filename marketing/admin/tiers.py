from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from marketing import terms, wording
from marketing.admin.examples import Rows
from marketing.admin.forms import CheckedFormSet
from marketing.admin.offers import SCOPE_FIELDS, SHOWN_WHEN, WINDOW, OfferAdmin, scope_of
from marketing.models import TierPrice, TierStep
from marketing.pricing import facts
from marketing.selectors import costs, examples
from marketing.selectors.costs import BelowCost
from marketing.selectors.examples import Example
from marketing.services import checks


class TierSteps(CheckedFormSet):
    def check(self, rows: list[dict[str, Any]]) -> None:
        checks.tier_steps([(row["min_quantity"], row["rate"]) for row in rows])


class TierStepInline(TabularInline):
    model = TierStep
    formset = TierSteps
    fields = ("min_quantity", "rate")
    extra = 1
    max_num = terms.STEPS_AT_MOST
    hide_title = True


@admin.register(TierPrice)
class TierPriceAdmin(OfferAdmin):
    inlines = (TierStepInline,)
    autocomplete_fields = ("products", "categories", "skus")
    conditional_fields = SHOWN_WHEN
    fieldsets = (
        (None, {"fields": ("name", "is_mixed", "is_stackable")}),
        (_("Which goods"), {"fields": SCOPE_FIELDS}),
        WINDOW,
    )

    @display(description=_("steps"))
    def show_steps(self, offer: TierPrice) -> str:
        return " · ".join(wording.tier_step(step.min_quantity, step.rate) for step in offer.steps.all())

    def examples(self, rule: TierPrice, rows: Rows) -> Sequence[Example]:
        return examples.of_tier(
            facts.TierPrice(
                rule="tier:0",
                name=rule.name or "…",
                steps=tuple((row["min_quantity"], row["rate"]) for row in rows["steps"]),
                is_mixed=rule.is_mixed,
                is_stackable=rule.is_stackable,
            )
        )

    def stored_rows(self, rule: TierPrice) -> Rows:
        return {"steps": [dict(row) for row in rule.steps.values("min_quantity", "rate")]}

    def below_cost(self, offer: TierPrice) -> BelowCost:
        factor = min(step.rate for step in offer.steps.all())
        if offer.is_stackable:
            factor *= costs.best_level_factor()
        return costs.at_factor(factor, scope_of(offer))

    def _steps(self, offer: Any) -> dict[str, Any]:
        return {f"step {step.min_quantity}": step.rate for step in offer.steps.all()}
