"""What to buy, for the workbench."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Greatest

from analytics.models import ReorderSuggestion
from catalog.models import Place, ProductImage, Supplier
from catalog.selectors import places


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed to; `supplier_id` 0 means without one."""

    supplier_id: int | None = None
    place_id: int | None = None
    query: str = ""


def standing(user: object, asked: Asked) -> QuerySet[ReorderSuggestion]:
    """Open suggestions for this person's places: what runs out first comes first."""
    rows = mine(user).select_related("sku__product", "place", "supplier")
    if asked.supplier_id is not None:
        rows = rows.filter(supplier=asked.supplier_id or None)
    if asked.place_id is not None:
        rows = rows.filter(place=asked.place_id)
    if asked.query:
        text = asked.query
        rows = rows.filter(
            Q(sku__code__iexact=text) | Q(sku__barcode=text) | Q(sku__product__title__icontains=text)
        )
    lasts = Case(
        When(daily_mean__gt=0, then=Cast(Greatest(F("free"), 0), FloatField()) / F("daily_mean")),
        default=Value(9999.0),
        output_field=FloatField(),
    )
    return rows.annotate(lasts=lasts).order_by("lasts", "pk")


def mine(user: object) -> QuerySet[ReorderSuggestion]:
    """Open suggestions for the places the person works for."""
    rows = ReorderSuggestion.objects.filter(ended_at=None)
    ids = places.ids_of_staff(user)
    return rows if ids is None else rows.filter(place__in=ids)


def choices(user: object) -> tuple[list[Supplier], list[Place]]:
    """Suppliers and places that have suggestions; two queries."""
    rows = mine(user)
    suppliers = Supplier.objects.filter(pk__in=rows.values("supplier")).order_by("name")
    found = Place.objects.filter(pk__in=rows.values("place")).order_by("position", "pk")
    return list(suppliers), list(found)


def pictures(rows: list[ReorderSuggestion]) -> dict[int, str]:
    """The first picture of each product by its id; one query."""
    ids = {row.sku.product_id for row in rows}
    found = ProductImage.objects.filter(product__in=ids).order_by("product", "position", "pk")
    first: dict[int, str] = {}
    for product_id, path in found.values_list("product", "path"):
        first.setdefault(product_id, path)
    return first


def amount(row: ReorderSuggestion) -> Decimal | None:
    """Yuan for the suggested quantity; None without a price."""
    if row.price is None:
        return None
    return row.price * -(-row.quantity // row.pack_size)
