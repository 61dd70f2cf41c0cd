"""What tier prices, full reductions and bundles have in common in the back office."""

from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from marketing import terms, wording
from marketing.admin.examples import ExampleMixin
from marketing.admin.forms import OfferForm
from marketing.models.base import Offer
from marketing.pricing.facts import Scope
from marketing.selectors.costs import BelowCost
from shop.core import clock
from shop.core.admin import BaseAdmin

WINDOW = (_("When"), {"fields": ("starts_at", "ends_at", "is_active")})
SCOPE_FIELDS = ("scope_kind", "products", "categories", "skus")


def shown_when(field: str, value: str) -> str:
    """For `conditional_fields`; who may only look has no form, so everything is shown."""
    return f"!$data.{field} || $data.{field} == '{value}'"


SHOWN_WHEN = {kind: shown_when("scope_kind", kind) for kind in ("products", "categories", "skus")}


class OfferAdmin(ExampleMixin, BaseAdmin):
    """Name, state, steps and window in the list; steps inline; warnings after saving."""

    form = OfferForm
    list_display: Any = ("name", "show_state", "show_steps", "starts_at", "ends_at")
    list_filter: Any = ("is_active",)
    search_fields = ("name",)
    ordering = ("-id",)
    steps_name = "steps"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related(self.steps_name)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_at": clock.page_now().replace(second=0, microsecond=0)}

    @display(
        description=_("state"),
        label={"running": "success", "waiting": "info", "over": "default", "off": "warning"},
    )
    def show_state(self, offer: Offer) -> tuple[str, str]:
        now = clock.page_now()
        if not offer.is_active:
            return "off", gettext("Switched off")
        if offer.ends_at is not None and offer.ends_at <= now:
            return "over", gettext("Over")
        if offer.starts_at > now:
            return "waiting", gettext("Starts later")
        return "running", gettext("Running")

    @display(description=_("steps"))
    def show_steps(self, offer: Any) -> str:
        raise NotImplementedError

    def below_cost(self, offer: Any) -> BelowCost:
        """The goods this offer may sell below cost, for the warning."""
        raise NotImplementedError

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        before = self._steps(form.instance) if change else {}
        super().save_related(request, form, formsets, change)
        rule = self.get_queryset(request).get(pk=form.instance.pk)
        after = self._steps(rule)
        if before != after:
            self.audit(request, "change_steps", rule, before=before, after=after)
        warn_below_cost(request, self.below_cost(rule))

    def _steps(self, offer: Model) -> dict[str, Any]:
        """The steps as numbers by number, so that the audit shows what moved."""
        return {}


def scope_of(rule: Any) -> Scope:
    """The scope of a stored rule, one query."""
    kind = rule.scope_kind
    if kind == terms.ScopeKind.ALL:
        return Scope()
    return Scope(kind, frozenset(getattr(rule, kind).values_list("pk", flat=True)))


def warn_below_cost(request: HttpRequest, found: BelowCost) -> None:
    """Says which goods might be sold below cost; nothing is refused."""
    if not found.count:
        return
    named = "; ".join(
        gettext("{name} at {price}, cost {cost}").format(
            name=name, price=wording.yuan(price), cost=wording.yuan(cost)
        )
        for name, price, cost in found.examples
    )
    messages.warning(
        request,
        gettext("With this rule {count} SKUs may sell below cost: {named}").format(
            count=found.count, named=named
        ),
    )
