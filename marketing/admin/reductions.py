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
from marketing.models import FullReduction, FullReductionStep
from marketing.pricing import facts
from marketing.selectors import costs, examples
from marketing.selectors.costs import BelowCost
from marketing.selectors.examples import Example
from marketing.services import checks


class ReductionSteps(CheckedFormSet):
    def check(self, rows: list[dict[str, Any]]) -> None:
        steps = [(row["threshold"], row["off"]) for row in rows]
        checks.reduction_steps(steps, is_cumulative=self.instance.is_cumulative)


class ReductionStepInline(TabularInline):
    model = FullReductionStep
    formset = ReductionSteps
    fields = ("threshold", "off")
    extra = 1
    max_num = terms.STEPS_AT_MOST
    hide_title = True


@admin.register(FullReduction)
class FullReductionAdmin(OfferAdmin):
    inlines = (ReductionStepInline,)
    autocomplete_fields = ("products", "categories", "skus")
    conditional_fields = SHOWN_WHEN
    fieldsets = (
        (None, {"fields": ("name", "is_cumulative")}),
        (_("Which goods"), {"fields": SCOPE_FIELDS}),
        WINDOW,
    )

    @display(description=_("steps"))
    def show_steps(self, offer: FullReduction) -> str:
        return " · ".join(
            wording.reduction_step(step.threshold, step.off, is_cumulative=offer.is_cumulative)
            for step in offer.steps.all()
        )

    def examples(self, rule: FullReduction, rows: Rows) -> Sequence[Example]:
        return examples.of_reduction(
            facts.FullReduction(
                rule="reduction:0",
                name=rule.name or "…",
                steps=tuple((row["threshold"], row["off"]) for row in rows["steps"]),
                is_cumulative=rule.is_cumulative,
            )
        )

    def stored_rows(self, rule: FullReduction) -> Rows:
        return {"steps": [dict(row) for row in rule.steps.values("threshold", "off")]}

    def below_cost(self, offer: FullReduction) -> BelowCost:
        strongest = max(step.off / step.threshold for step in offer.steps.all())
        return costs.at_factor((1 - strongest) * costs.best_level_factor(), scope_of(offer))

    def _steps(self, offer: Any) -> dict[str, Any]:
        return {f"step {step.threshold}": step.off for step in offer.steps.all()}
