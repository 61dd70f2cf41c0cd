"""A member's favourites, the latest first."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Favourite
from catalog.selectors.cards import ProductCard, cards
from catalog.terms.listing import NEVER_SHOWN


@dataclass(frozen=True)
class FavouritePage:
    """One page of the list; goods off the shelf are still on it, as their status says."""

    cards: tuple[ProductCard, ...]
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
    return FavouritePage(tuple(cards(ids)), rows.count(), max(page, 1), size)


def card(product_id: int) -> list[ProductCard]:
    """The card of one product that may stand on a list, or nothing; two queries."""
    return [one for one in cards([product_id]) if one.status not in NEVER_SHOWN]


def count(member_id: int) -> int:
    """How many there are; one query."""
    return _visible(member_id).count()


def among(member_id: int, product_ids: Collection[int]) -> frozenset[int]:
    """Which of these products have the member's heart; one query."""
    found = Favourite.objects.filter(member=member_id, product__in=product_ids)
    return frozenset(found.values_list("product_id", flat=True))


def _visible(member_id: int):  # type: ignore[no-untyped-def]
    return Favourite.objects.filter(member=member_id).exclude(product__status__in=NEVER_SHOWN)
