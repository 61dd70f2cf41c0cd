"""How many whole bundles the free pieces of their components make, as expressions for queries."""

from typing import Any

from django.db.models import Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Bundle, BundleComponent, StockLevel


def whole(levels: Q) -> Subquery:
    """Whole bundles of the SKU of the outer query, drawing on these levels; NULL for an ordinary SKU."""
    return _least(_with_free(levels).filter(bundle__sku=OuterRef("pk")))


def whole_of_bundle(levels: Q) -> Subquery:
    """The same for a query of bundles."""
    return _least(_with_free(levels).filter(bundle=OuterRef("pk")))


def whole_of_product(levels: Q) -> Subquery:
    """Whole bundles of all active SKUs of the product of the outer query; NULL when it has no bundle."""
    bundles = (
        Bundle.objects.filter(sku__product=OuterRef("pk"), sku__is_active=True)
        .order_by()
        .annotate(n=whole_of_bundle(levels))
        .values("sku__product")
        .annotate(total=Sum("n"))
        .values("total")
    )
    return Subquery(bundles, output_field=IntegerField())


def can_be_made(levels: Q) -> Exists:
    """Whether the SKU of the outer query is a bundle of which at least one can be made."""
    short = _with_free(levels).filter(bundle=OuterRef("pk"), free__lt=F("quantity"))
    return Exists(Bundle.objects.filter(~Exists(short), sku=OuterRef("pk")))


def _least(components: QuerySet[BundleComponent]) -> Subquery:
    made = components.values("bundle").annotate(n=Min(F("free") / F("quantity"))).values("n")
    return Subquery(made, output_field=IntegerField())


def _with_free(levels: Q) -> QuerySet[Any]:
    free = (
        StockLevel.objects.filter(levels, sku=OuterRef("sku"))
        .order_by()
        .values("sku")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
        .values("free")
    )
    return BundleComponent.objects.order_by().annotate(
        free=Coalesce(Subquery(free, output_field=IntegerField()), 0)
    )
