"""A member's favourites, the latest first."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Favourite
from catalog.selectors.cards import ProductCard, cards
from catalog.terms import ProductStatus


@dataclass(frozen=True)
class FavouriteCard:
    """A card of the list; `is_on_sale` is False for goods taken off the shelf."""

    card: ProductCard

    @property
    def is_on_sale(self) -> bool:
        """Whether it can still be bought in this shop."""
        return self.card.status == ProductStatus.ON_SHELF


@dataclass(frozen=True)
class FavouritePage:
    """One page of the list."""

    items: tuple[FavouriteCard, ...]
    total: int
    page: int
    size: int

    @property
    def has_next(self) -> bool:
        """Whether there is a further page."""
        return self.total > self.page * self.size


def page(member_id: int, *, page: int = 1, size: int = 20) -> FavouritePage:
    """One page; four queries. Drafts are left out."""
    rows = _visible(member_id).order_by("-created_at", "-id")
    start = (max(page, 1) - 1) * size
    ids = list(rows.values_list("product_id", flat=True)[start : start + size])
    items = tuple(FavouriteCard(card) for card in cards(ids))
    return FavouritePage(items, rows.count(), max(page, 1), size)


def count(member_id: int) -> int:
    """How many there are; one query."""
    return _visible(member_id).count()


def among(member_id: int, product_ids: Collection[int]) -> frozenset[int]:
    """Which of these products have the member's heart; one query."""
    found = Favourite.objects.filter(member=member_id, product__in=product_ids)
    return frozenset(found.values_list("product_id", flat=True))


def _visible(member_id: int):  # type: ignore[no-untyped-def]
    return Favourite.objects.filter(member=member_id).exclude(product__status=ProductStatus.DRAFT)
