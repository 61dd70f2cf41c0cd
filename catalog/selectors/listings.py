"""Listings that wait, listings that fail, and when to look again."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from catalog.models import ListingCheck, ListingReview, Product, ProductPaper
from catalog.terms import ProductStatus
from catalog.terms.listing import NEVER_SHOWN
from shop.core import clock


def open_reviews() -> QuerySet[ListingReview]:
    """What waits for a person, the oldest first."""
    return ListingReview.objects.filter(outcome="").order_by("submitted_at", "pk")


def open_review(product_id: int) -> ListingReview | None:
    return ListingReview.objects.filter(product=product_id, outcome="").first()


def last_review(product_id: int) -> ListingReview | None:
    """The newest review, open or not."""
    return ListingReview.objects.filter(product=product_id).order_by("-pk").first()


def failing() -> QuerySet[ListingCheck]:
    """Goods on the shelf that the check would not let on it today."""
    return ListingCheck.objects.filter(
        blocking_count__gt=0, product__status=ProductStatus.ON_SHELF
    ).select_related("product__category")


def due(today: date) -> QuerySet[Product]:
    """Goods on the shelf to be looked at again."""
    found = Product.objects.filter(status=ProductStatus.ON_SHELF, listing_check__next_on__lte=today)
    return found.select_related("listing_check").order_by("pk")


def shown() -> QuerySet[Product]:
    """Goods shoppers have seen: on the shelf, or off it again."""
    return Product.objects.exclude(status__in=NEVER_SHOWN)


def papers(product: Product) -> QuerySet[ProductPaper]:
    """Those of the product and of its brand."""
    owners = Q(product=product)
    if product.brand_id:
        owners |= Q(brand=product.brand_id)
    return ProductPaper.objects.filter(owners).select_related("brand")


def next_look(product: Product, *, notice_days: int) -> date | None:
    """The next day on which a paper says something new: expires soon, or has expired."""
    today = clock.business_day(clock.page_now())
    days: list[Any] = list(
        papers(product).filter(expires_on__isnull=False).values_list("expires_on", flat=True)
    )
    turns = [
        turn
        for day in days
        for turn in (day - timedelta(days=notice_days), day + timedelta(days=1))
        if turn > today
    ]
    return min(turns, default=None)
