"""New goods say so at once."""

from catalog.events import ProductPutOnShelf
from catalog.services import tags
from shop.core.events import reacts_to


@reacts_to(ProductPutOnShelf)
def hang_tag_of_new_goods(event: ProductPutOnShelf) -> None:
    tags.hang_new(event.product_id)
