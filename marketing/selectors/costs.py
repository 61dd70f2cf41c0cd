"""Goods that a rule would sell below cost; a warning for the merchant, never a refusal."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Min, Q, QuerySet, Value

from catalog.models import Sku
from marketing.models import LevelPrice
from marketing.pricing.facts import Scope
from shop.core.money import ZERO

SHOWN = 3
PRICE = DecimalField(max_digits=14, decimal_places=5)


@dataclass(frozen=True, slots=True)
class BelowCost:
    """How many SKUs, and a few of them as (name, lowest price, cost)."""

    count: int
    examples: tuple[tuple[str, Decimal, Decimal], ...]


def at_factor(factor: Decimal, scope: Scope) -> BelowCost:
    """SKUs in scope whose list price times `factor` is less than their cost; two queries."""
    lowest = ExpressionWrapper(F("list_price") * Value(factor, PRICE), output_field=PRICE)
    rows = (
        _in(scope)
        .filter(is_active=True, cost_price__isnull=False)
        .annotate(lowest=lowest)
        .filter(lowest__lt=F("cost_price"))
        .order_by("pk")
    )
    examples = [
        (f"{title} {spec}".strip(), price.quantize(Decimal("0.01")), cost or ZERO)
        for title, spec, price, cost in rows.values_list(
            "product__title", "spec_text", "lowest", "cost_price"
        )[:SHOWN]
    ]
    return BelowCost(rows.count() if len(examples) == SHOWN else len(examples), tuple(examples))


def best_level_factor() -> Decimal:
    """The lowest factor of a level that stacks with tier prices, 1 without any; one query."""
    lowest = LevelPrice.objects.filter(is_active=True, is_stackable=True).aggregate(rate=Min("rate"))["rate"]
    return lowest if lowest is not None else Decimal(1)


def _in(scope: Scope) -> QuerySet[Sku]:
    if scope.kind == "products":
        return Sku.objects.filter(product__in=scope.ids)
    if scope.kind == "skus":
        return Sku.objects.filter(pk__in=scope.ids)
    if scope.kind == "categories":
        return Sku.objects.filter(
            Q(product__category__in=scope.ids)
            | Q(product__category__parent__in=scope.ids)
            | Q(product__category__parent__parent__in=scope.ids)
        )
    return Sku.objects.all()
