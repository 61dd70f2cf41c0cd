"""Hearts on products: put and taken back as often as one likes."""

from catalog.errors import TooManyFavourites
from catalog.models import Favourite, Product
from catalog.terms import ProductStatus
from shop.core import clock
from shop.core.errors import NotFound
from shop.core.transactions import unit

AT_MOST = 500


@unit
def add(*, member_id: int, product_id: int) -> bool:
    """Put a product on the member's list; False when it was there. Raises NotFound, TooManyFavourites."""
    if not Product.objects.exclude(status=ProductStatus.DRAFT).filter(pk=product_id).exists():
        raise NotFound(product_id=product_id)
    there = Favourite.objects.filter(member=member_id)
    if not there.filter(product=product_id).exists() and there.count() >= AT_MOST:
        raise TooManyFavourites(limit=AT_MOST)
    _row, is_new = Favourite.objects.get_or_create(
        member_id=member_id, product_id=product_id, defaults={"created_at": clock.page_now()}
    )
    return is_new


@unit
def remove(*, member_id: int, product_id: int) -> bool:
    """Take it off the list; False when it wasn't there."""
    count, _rows = Favourite.objects.filter(member=member_id, product=product_id).delete()
    return bool(count)


@unit
def hand_over(*, from_member_id: int, to_member_id: int) -> int:
    """Two accounts became one: its list has the products of both. Returns how many came along."""
    there = Favourite.objects.filter(member=to_member_id).values("product")
    Favourite.objects.filter(member=from_member_id, product__in=there).delete()
    return Favourite.objects.filter(member=from_member_id).update(member=to_member_id)
