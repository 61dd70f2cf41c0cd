"""Hearts on products: put and taken back as often as one likes."""

from catalog.errors import TooManyFavourites
from catalog.models import Favourite
from catalog.selectors import listings
from shop.core import clock
from shop.core.errors import NotFound
from shop.core.transactions import unit

AT_MOST = 500


@unit
def add(*, member_id: int, product_id: int) -> bool:
    """Put a product on the member's list; False when it was there. Raises NotFound, TooManyFavourites."""
    if not listings.shown().filter(pk=product_id).exists():
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
def hand_over(*, from_member_id: int, to_member_id: int) -> list[int]:
    """Two accounts became one: what its list lacks comes along. Returns the keys of what moved."""
    there = Favourite.objects.filter(member=to_member_id).values("product")
    going = Favourite.objects.filter(member=from_member_id).exclude(product__in=there)
    keys = list(going.order_by("pk").values_list("pk", flat=True))
    Favourite.objects.filter(pk__in=keys).update(member=to_member_id)
    return keys


@unit
def take_back(*, keys: list[int], from_member_id: int, to_member_id: int) -> None:
    """The two parted again: what moved and is still there goes back."""
    Favourite.objects.filter(pk__in=keys, member=from_member_id).update(member=to_member_id)
