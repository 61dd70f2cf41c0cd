"""What a card of a list says of offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import template

from catalog.selectors.cards import ProductCard
from marketing.selectors.offers import OfferBadge

register = template.Library()


@dataclass(frozen=True, slots=True)
class CardPrice:
    """The lowest price, whether others are higher, what may be struck through, and the discount behind it."""

    price: Decimal | None
    is_from: bool
    was: Decimal | None
    limited: OfferBadge | None


@register.simple_tag
def card_price(good: ProductCard, offers: Sequence[OfferBadge] | str) -> CardPrice:
    """The price of a card with the limited-time discount that runs on it, if any."""
    limited = next(
        (one for one in offers or () if isinstance(one, OfferBadge) and one.code == "limited"), None
    )
    low = limited.unit_price if limited else None
    if limited is None or low is None or good.lowest_price is None or low >= good.lowest_price:
        return CardPrice(good.lowest_price, good.has_price_range, None, limited)
    return CardPrice(low, good.single_sku_id is None, limited.was if good.single_sku_id else None, limited)
