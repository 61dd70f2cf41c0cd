"""Beside the price on a product page: the coupons to claim."""

from catalog.selectors.products import ProductPage
from marketing.selectors import coupon_cards
from members.models import Member
from shop.storefront import coupon_words
from shop.storefront.coupon_words import Ticket


def tickets(page: ProductPage, member: Member | None) -> list[Ticket]:
    """Coupons for this product, those the member has marked so; one query, when there are any."""
    if not page.is_on_sale:
        return []
    cards = coupon_cards.of_product(
        page.product.pk,
        [node.id for node in page.trail],
        [sku.id for sku in page.skus],
        member.pk if member else None,
    )
    return [coupon_words.ticket(card) for card in cards]
