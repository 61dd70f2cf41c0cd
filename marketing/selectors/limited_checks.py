"""What a merchant should know of a limited-time discount: other prices meanwhile, and what may be struck."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef

from marketing.models import LimitedDiscount, LimitedPrice
from marketing.selectors.limited import before


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another discount that has the SKU at the same time."""

    sku: str
    other: str
    price: Decimal
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Basis:
    """A price that is not below what the SKU was sold at in the seven days before."""

    sku: str
    price: Decimal
    before: Decimal


@dataclass(frozen=True, slots=True)
class Bases:
    """Prices without a lawful struck price: not lower than before, or never sold in those days."""

    not_lower: tuple[Basis, ...]
    unsold_count: int


def overlaps(discount: LimitedDiscount) -> list[Overlap]:
    """The same SKUs in other discounts that run at the same time; one query."""
    own = LimitedPrice.objects.filter(discount=discount, sku=OuterRef("sku"))
    others = LimitedPrice.objects.filter(
        Exists(own),
        discount__is_active=True,
        discount__starts_at__lt=discount.ends_at,
        discount__ends_at__gt=discount.starts_at,
    ).exclude(discount=discount)
    rows = others.select_related("discount", "sku__product").order_by("price", "pk")
    return [
        Overlap(
            sku=_named(row),
            other=row.discount.name,
            price=row.price,
            starts_at=row.discount.starts_at,
            ends_at=row.discount.ends_at,  # type: ignore[arg-type]
        )
        for row in rows
    ]


def bases(discount: LimitedDiscount) -> Bases:
    """Prices that shoppers see without a struck one; two queries."""
    rows = LimitedPrice.objects.filter(discount=discount).annotate(before=before())
    not_lower = rows.filter(before__lte=F("price")).select_related("sku__product").order_by("pk")
    return Bases(
        tuple(Basis(_named(row), row.price, row.before) for row in not_lower),
        rows.filter(before=None).count(),
    )


def _named(price: LimitedPrice) -> str:
    return f"{price.sku.product.title} {price.sku.spec_text}".strip()
