"""What a reviewer does in one click."""

from catalog.models import ListingReview, Product
from catalog.services import listings, products
from shop.core.transactions import unit


@unit
def pass_on(*, review: ListingReview, actor: str, reason: str = "") -> Product:
    """Approve a listing and put it on the shelf, both or neither. Raises what listings.approve and
    products.put_on_shelf do."""
    product = listings.approve(review=review, actor=actor, reason=reason)
    products.put_on_shelf(product=product, actor=actor, reason=reason)
    return product
